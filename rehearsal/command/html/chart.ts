import { escapeHtml } from './escape';
import type { PipelineReport } from '../report';

/** Sizes in pixels. */
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [820, 220, 48, 150, 16, 34];

interface Point {
  readonly time: number;
  readonly share: number;
}

/** Renders the share of each version over the virtual time, as steps. Empty without a shift. */
export function renderChart({ shifts, seconds, started }: PipelineReport): string {
  if (shifts.length === 0) {
    return '';
  }
  const start = Date.parse(started);
  const end = Math.max(start + seconds * 1000, ...shifts.map(({ time }) => Date.parse(time)));
  const first = Math.min(...shifts.map(({ time }) => Date.parse(time)));
  const x = (time: number) => LEFT + ((time - first) / Math.max(1, end - first)) * (WIDTH - LEFT - RIGHT);
  const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const versions = [...new Set(shifts.flatMap(({ version, weights }) => [version, ...Object.keys(weights)]))];
  const lines = versions.map((version, index) => {
    const points = pointsOf(version, shifts, end);
    const last = points.at(-1)!;
    const path = points.map((point, position) => segment(x(point.time), y(point.share), position)).join('');
    const label = `version ${version}: ${Math.round(last.share * 100)} %`;
    return (
      `<path class="line line${index % 3}" data-version="${escapeHtml(version)}" d="${path}"/>` +
      `<text x="${WIDTH - RIGHT + 8}" y="${y(last.share) + 4}">${escapeHtml(label)}</text>`
    );
  });
  const ticks = [0, 0.5, 1].map(
    (share) =>
      `<path class="grid" d="M${LEFT} ${y(share)}H${WIDTH - RIGHT}"/>` +
      `<text class="tick" x="${LEFT - 6}" y="${y(share) + 4}">${share * 100} %</text>`,
  );
  const times = [first, end].map(
    (time, index) =>
      `<text class="${index === 0 ? '' : 'tick'}" x="${x(time)}" y="${HEIGHT - 10}">` +
      `${new Date(time).toISOString().slice(11, 19)}</text>`,
  );
  return (
    `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Traffic by version">` +
    `${[...ticks, ...lines, ...times].join('')}</svg>`
  );
}

function segment(x: number, y: number, position: number): string {
  return position === 0 ? `M${x} ${y}` : `H${x}V${y}`;
}

function pointsOf(version: string, shifts: PipelineReport['shifts'], end: number): Point[] {
  const points = shifts.map((shift) => ({ time: Date.parse(shift.time), share: shareOf(version, shift) }));
  return [...points, { time: end, share: points.at(-1)!.share }];
}

/** The main version gets what the weights of the others leave. */
function shareOf(version: string, shift: PipelineReport['shifts'][number]): number {
  const weight = shift.weights[version];
  if (weight !== undefined) {
    return weight;
  }
  const others = Object.values(shift.weights).reduce((sum, each) => sum + each, 0);
  return shift.version === version ? 1 - others : 0;
}
