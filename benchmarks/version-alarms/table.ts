import {
  anyError,
  bareThreshold,
  DEFAULTS,
  Judge,
  rollbacks,
  Shift,
  SHIFTS,
  Situation,
  versionAlarm,
} from './simulation';

/** A column of the table: a judge, and how the traffic shifts. */
interface Column {
  readonly title: string;
  readonly shift: Shift;
  readonly judge: Judge;
}

/** A row of the table. */
export interface Row extends Situation {
  readonly isBad: boolean;
}

const COLUMNS: Column[] = [
  { title: '`errors()`', shift: SHIFTS.canary, judge: anyError },
  { title: 'bare threshold', shift: SHIFTS.canary, judge: bareThreshold },
  { title: '**`errorRate()`**', shift: SHIFTS.canary, judge: versionAlarm(DEFAULTS) },
  {
    title: '`errorRate({ standardDeviations: 2 })`',
    shift: SHIFTS.canary,
    judge: versionAlarm({ ...DEFAULTS, standardDeviations: 2 }),
  },
  { title: '**`errorRate()`, all at once**', shift: SHIFTS.allAtOnce, judge: versionAlarm(DEFAULTS) },
];

const TRAFFIC = [5, 50, 500, 5000];
const GOOD = [
  [0.001, 0.001],
  [0.01, 0.01],
  [0.05, 0.05],
];
const BAD = [
  [0.001, 1],
  [0.01, 0.2],
  [0.01, 0.1],
  [0.01, 0.05],
];
const OUTAGE = { currentRate: 0.001, targetRate: 0.001, outageRate: 0.2, isBad: false };

/** The rows of the table, good versions first. */
export const ROWS: Row[] = [
  ...rowsOf(GOOD, false),
  ...TRAFFIC.map((requestsPerMinute) => ({ requestsPerMinute, ...OUTAGE })),
  ...rowsOf(BAD, true),
];

/** The number of releases of each cell in docs/version-alarms.md. */
export const RELEASES = 10_000;

/** Renders a row: the situation, and the releases that each judge rolls back, in percent. */
export function renderRow(row: Row, releases = RELEASES): string {
  const { requestsPerMinute, currentRate, targetRate, outageRate, isBad } = row;
  const outage = outageRate ? `, ${percent(outageRate)}% of both for two minutes` : '';
  const cells = COLUMNS.map(({ shift, judge }) => percent(rollbacks(row, shift, judge, { releases, seed: 1 })));
  return `| ${[
    requestsPerMinute,
    `${percent(currentRate)}% → ${percent(targetRate)}%${outage}`,
    isBad ? 'bad' : 'good',
    ...cells,
  ].join(' | ')} |`;
}

/** Renders the table. */
export function renderTable(): string {
  const titles = [
    'requests a minute',
    'errors, current → new',
    'the new version is',
    ...COLUMNS.map(({ title }) => title),
  ];
  return [
    `| ${titles.join(' | ')} |`,
    `| ${titles.map((_, index) => (index === 1 || index === 2 ? '---' : '---:')).join(' | ')} |`,
    ...ROWS.map((row) => renderRow(row)),
  ].join('\n');
}

function rowsOf(rates: number[][], isBad: boolean): Row[] {
  return rates.flatMap(([currentRate, targetRate]) =>
    TRAFFIC.map((requestsPerMinute) => ({ requestsPerMinute, currentRate, targetRate, isBad })),
  );
}

/** At most one digit after the decimal point. */
function percent(share: number): string {
  return Number((share * 100).toFixed(1)).toString();
}
