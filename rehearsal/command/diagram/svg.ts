import { Arrow, Box, layOut, SIZES, TextLine } from './layout';
import { PipelineBoxes } from './stages';

/** The colors of GitHub, which shows the picture in a README. */
const STYLE = [
  `text{font:${SIZES.detail}px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#59636e}`,
  `.name{font-size:${SIZES.name}px;font-weight:bold;fill:#1f2328}`,
  '.page{fill:#fff}',
  '.stage{fill:#f6f8fa;stroke:#818b98}',
  '.sometimes{stroke-dasharray:6 4}',
  '.action{fill:#fff;stroke:#0969da}',
  '.arrow{stroke:#59636e;fill:none;marker-end:url(#head)}',
  '.head{fill:#59636e}',
  '@media(prefers-color-scheme:dark){',
  'text{fill:#9198a1}.name{fill:#f0f6fc}.page{fill:#0d1117}.stage{fill:#151b23;stroke:#656c76}',
  '.action{fill:#0d1117;stroke:#4493f8}.arrow{stroke:#9198a1}.head{fill:#9198a1}}',
].join('');

/** Renders a pipeline as an SVG picture, in the colors of the reader's system. */
export function renderSvg(pipeline: PipelineBoxes): string {
  const { width, height, boxes, arrows } = layOut(pipeline);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
      `width="${width}" height="${height}" role="img">`,
    `<title>${escape(`The stages of ${pipeline.name}`)}</title>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="head" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">' +
      '<path class="head" d="M0 0L8 4L0 8z"/></marker></defs>',
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...boxes.flatMap(renderBox),
    ...arrows.map(renderArrow),
    '</svg>',
    '',
  ].join('\n');
}

function renderBox({ kind, x, y, width, height, texts }: Box): string[] {
  return [
    `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="5"/>`,
    ...texts.map(renderText),
  ];
}

function renderText({ text, x, y, isName }: TextLine): string {
  return `<text${isName ? ' class="name"' : ''} x="${x}" y="${y}">${escape(text)}</text>`;
}

function renderArrow(arrow: Arrow): string {
  return `<path class="arrow" d="${arrow.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')}"/>`;
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
