import { ActionBox, PipelineBoxes, StageBox } from './stages';

/** Sizes in pixels. The font is monospaced, so that the width of a text is known. */
const LETTER = 7.3;
const ACTION_HEIGHT = 60;
const GAP = 28;
const PADDING = 14;
const TITLE = 26;

const STYLE = [
  'text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#57606a}',
  '.name{font-weight:bold;fill:#1f2328}',
  '.stage{fill:#f6f8fa;stroke:#8c959f}',
  '.sometimes{stroke-dasharray:6 4}',
  '.action{fill:#fff;stroke:#0969da}',
  '.arrow{stroke:#57606a;fill:none;marker-end:url(#head)}',
].join('');

/** Renders a pipeline as an SVG picture with a row for each stage. */
export function renderSvg({ name, stages }: PipelineBoxes): string {
  const width = Math.max(...stages.map(stageWidth));
  const total = width + 2 * PADDING;
  let top = PADDING;
  const rows = stages.map((stage, index) => {
    const arrow = index > 0 ? [line(total / 2, top - GAP, total / 2, top - 2)] : [];
    const row = [...arrow, ...renderStage(stage, top, width)];
    top += stageHeight(stage) + GAP;
    return row;
  });
  const height = top - GAP + PADDING;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total} ${height}" ` +
      `width="${total}" height="${height}" role="img">`,
    `<title>${escape(`The stages of ${name}`)}</title>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="head" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">' +
      '<path d="M0 0L8 4L0 8z" fill="#57606a"/></marker></defs>',
    `<rect width="${total}" height="${height}" fill="#fff"/>`,
    ...rows.flat(),
    '</svg>',
    '',
  ].join('\n');
}

function renderStage(stage: StageBox, top: number, width: number): string[] {
  const kind = stage.entry ? 'stage sometimes' : 'stage';
  let left = 2 * PADDING;
  const steps = stage.steps.flatMap((actions, index) => {
    const arrow =
      index > 0 ? [line(left - GAP, top + TITLE + ACTION_HEIGHT / 2, left - 2, top + TITLE + ACTION_HEIGHT / 2)] : [];
    const boxes = actions.flatMap((action, row) =>
      renderAction(action, left, top + TITLE + row * (ACTION_HEIGHT + PADDING), stepWidth(actions)),
    );
    left += stepWidth(actions) + GAP;
    return [...arrow, ...boxes];
  });
  return [
    `<rect class="${kind}" x="${PADDING}" y="${top}" width="${width}" height="${stageHeight(stage)}" rx="6"/>`,
    `<text x="${2 * PADDING}" y="${top + 18}"><tspan class="name">${escape(stage.name)}</tspan>` +
      `${stage.entry ? escape(`  ${stage.entry}`) : ''}</text>`,
    ...steps,
  ];
}

function renderAction({ name, provider, artifacts }: ActionBox, left: number, top: number, width: number): string[] {
  const text = (line_: string, row: number, kind = '') =>
    `<text${kind} x="${left + 10}" y="${top + 19 + row * 16}">${escape(line_)}</text>`;
  return [
    `<rect class="action" x="${left}" y="${top}" width="${width}" height="${ACTION_HEIGHT}" rx="4"/>`,
    text(name, 0, ' class="name"'),
    text(provider, 1),
    ...(artifacts ? [text(artifacts, 2)] : []),
  ];
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<path class="arrow" d="M${x1} ${y1}L${x2} ${y2}"/>`;
}

function stageWidth({ name, entry = '', steps }: StageBox): number {
  const actions = steps.reduce((sum, step) => sum + stepWidth(step) + GAP, -GAP);
  return Math.ceil(Math.max(actions, (name.length + entry.length + 2) * LETTER)) + 2 * PADDING;
}

function stepWidth(actions: readonly ActionBox[]): number {
  const longest = Math.max(
    ...actions.flatMap(({ name, provider, artifacts }) => [name, provider, artifacts]).map(({ length }) => length),
  );
  return Math.ceil(longest * LETTER) + 20;
}

function stageHeight({ steps }: StageBox): number {
  return TITLE + Math.max(...steps.map(({ length }) => length)) * (ACTION_HEIGHT + PADDING);
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
