import { ActionBox, PipelineBoxes, StageBox } from './stages';

/** Sizes in pixels. */
export const SIZES = {
  /** The width of a letter: that of the widest usual monospaced font, with a margin. */
  letter: 0.63,
  name: 12,
  detail: 11,
  line: 15,
  padding: 8,
  gap: 22,
  /** The size that the picture should fit into: a README on a laptop. */
  width: 900,
  height: 420,
} as const;

/** A line of text with its baseline. */
export interface TextLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly isName: boolean;
}

/** A box with its texts. */
export interface Box {
  readonly kind: 'stage' | 'stage sometimes' | 'action';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly texts: readonly TextLine[];
}

/** A line with an arrowhead at its end. */
export type Arrow = readonly (readonly [x: number, y: number])[];

/** A pipeline as a picture shows it. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** A stage at the origin, which the layout moves to its place. */
interface Stage {
  readonly width: number;
  readonly height: number;
  readonly boxes: Box[];
  readonly arrows: Arrow[];
}

/** Places the stages from left to right in as many rows as let the picture fit best. */
export function layOut({ stages }: PipelineBoxes): Layout {
  const placed = stages.map(stage);
  const layouts = placed.map((_, index) => inRows(placed, index + 1));
  const scale = ({ width, height }: Layout) => Math.max(width / SIZES.width, height / SIZES.height);
  return layouts.reduce((best, layout) => (scale(layout) < scale(best) ? layout : best));
}

function inRows(stages: readonly Stage[], perRow: number): Layout {
  const rows = stages.flatMap((_, index) => (index % perRow === 0 ? [stages.slice(index, index + perRow)] : []));
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  let top = SIZES.padding;
  let width = 0;
  let before: Box | undefined;
  for (const row of rows) {
    let left = SIZES.padding;
    const height = Math.max(...row.map((each) => each.height));
    for (const each of row) {
      const [first, ...others] = each.boxes.map((box) => move(box, left, top));
      const outer = { ...first, height };
      boxes.push(outer, ...others);
      arrows.push(...each.arrows.map((arrow) => arrow.map(([x, y]) => [x + left, y + top] as const)));
      arrows.push(...(before ? [between(before, outer)] : []));
      before = outer;
      left += each.width + SIZES.gap;
    }
    width = Math.max(width, left - SIZES.gap + SIZES.padding);
    top += height + SIZES.gap;
  }
  return { width, height: top - SIZES.gap + SIZES.padding, boxes, arrows };
}

function between(from: Box, to: Box): Arrow {
  if (to.x > from.x) {
    const y = from.y + SIZES.padding + SIZES.line;
    return [
      [from.x + from.width, y],
      [to.x, y],
    ];
  }
  const [start, end] = [from.x + from.width / 2, to.x + to.width / 2];
  const middle = (from.y + from.height + to.y) / 2;
  return [
    [start, from.y + from.height],
    [start, middle],
    [end, middle],
    [end, to.y],
  ];
}

function stage({ name, entry, steps }: StageBox): Stage {
  const rows = steps.map((actions) => actions.map(action));
  const inner = Math.max(textWidth(name, true), ...rows.map(rowWidth));
  const condition = entry ? wrap(entry, inner) : [];
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  let top = SIZES.padding + (1 + condition.length) * SIZES.line + 4;
  rows.forEach((row, index) => {
    let left = SIZES.padding;
    for (const box of row) {
      boxes.push(move(box, left, top));
      left += box.width + SIZES.padding;
    }
    const height = Math.max(...row.map((box) => box.height));
    const x = SIZES.padding + row[0].width / 2;
    arrows.push(
      ...(index > 0
        ? [
            [
              [x, top - SIZES.gap + SIZES.padding],
              [x, top],
            ] as const,
          ]
        : []),
    );
    top += height + SIZES.gap - SIZES.padding;
  });
  const [width, height] = [inner + 2 * SIZES.padding, top - SIZES.gap + 2 * SIZES.padding];
  const kind = entry ? 'stage sometimes' : 'stage';
  return { width, height, boxes: [frame(kind, [name, ...condition], width, height), ...boxes], arrows };
}

function frame(kind: Box['kind'], lines: readonly string[], width: number, height: number): Box {
  const texts = lines.map((text, index) => ({
    text,
    x: SIZES.padding,
    y: SIZES.padding + SIZES.name + index * SIZES.line,
    isName: index === 0,
  }));
  return { kind, x: 0, y: 0, width, height, texts };
}

function action({ name, provider, artifacts }: ActionBox): Box {
  const lines = [name, provider, artifacts].filter(Boolean);
  const width = Math.max(...lines.map((line, index) => textWidth(line, index === 0))) + 2 * SIZES.padding;
  return frame('action', lines, width, lines.length * SIZES.line + SIZES.padding + 4);
}

function move(box: Box, x: number, y: number): Box {
  const texts = box.texts.map((text) => ({ ...text, x: text.x + x, y: text.y + y }));
  return { ...box, x: box.x + x, y: box.y + y, texts };
}

function rowWidth(row: readonly Box[]): number {
  return row.reduce((sum, { width }) => sum + width + SIZES.padding, -SIZES.padding);
}

function textWidth(text: string, isName: boolean): number {
  return Math.ceil(text.length * SIZES.letter * (isName ? SIZES.name : SIZES.detail));
}

/** Breaks a text between words, and a word that is too long after a dot. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/ |(?<=\.)/)) {
    const line = lines.at(-1);
    const joined = line === undefined ? word : `${line}${line.endsWith('.') ? '' : ' '}${word}`;
    if (line !== undefined && textWidth(joined, false) <= width) {
      lines[lines.length - 1] = joined;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
