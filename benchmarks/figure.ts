/** One line of the benchmark. */
export interface Figure {
  readonly name: string;
  readonly measured: number;
  /** The highest allowed value of `measured`; undefined if the figure is for comparison only. */
  readonly limit?: number;
  readonly unit: string;
  /** The values that it was computed from. */
  readonly from: string;
}

/** Whether the figure breaks its limit. */
export function isBroken({ measured, limit }: Figure): boolean {
  return limit !== undefined && measured > limit;
}

/** The figure as one line of text. */
export function renderFigure(figure: Figure): string {
  const verdict = figure.limit === undefined ? '      ' : isBroken(figure) ? 'BROKEN' : 'ok    ';
  const limit = figure.limit === undefined ? 'no limit' : `limit ${figure.limit}`;
  return `${verdict} ${figure.name}: ${figure.measured} ${figure.unit} (${limit}), from ${figure.from}`;
}
