import { renderHtml } from '../../../rehearsal/command/html/html';
import { PipelineReport, Report } from '../../../rehearsal/command/report';
import { contrast, evaluateInBrowser, Scheme, testInBrowser } from '../../support/browser';

const PIPELINE: PipelineReport = {
  name: 'orders-pipeline',
  trigger: 'push',
  status: 'Failed',
  cause: 'Deploy/DeployAction: <rolled back>\nversion 1 has all traffic',
  started: '2026-01-05T09:00:00.000Z',
  seconds: 900,
  stages: [
    {
      name: 'Deploy',
      status: 'Failed',
      actions: [{ name: 'DeployAction', status: 'Failed', summary: 'rolled back', seconds: 300, variables: {} }],
    },
    { name: 'Create', status: 'Skipped', actions: [], reason: 'the function exists' },
  ],
  alias: { functionName: 'orders', aliasName: 'live', version: '1', weights: {} },
  versions: ['1', '2'],
  shifts: [
    { time: '2026-01-05T09:05:00.000Z', version: '1', weights: { 2: 0.1 } },
    { time: '2026-01-05T09:10:00.000Z', version: '1', weights: {} },
  ],
  deployments: [],
  notices: [],
  invocations: { count: 30, errors: 3, unknown: 0, events: ['{}'] },
  responses: [{ version: '2', error: 'TypeError: no stock' }],
};
const CALL = { time: 0, role: 'BuildRole', action: 's3:GetObject', resource: '*' };
const REPORT: Report = {
  rehearsal: true,
  pipelines: [PIPELINE],
  calls: [
    { ...CALL, allowed: true },
    { ...CALL, allowed: true },
    { ...CALL, action: 's3:PutObject', allowed: false },
  ],
  notRehearsed: ['AWS::SQS::Queue Queue'],
  refused: [],
};
const HTML = renderHtml(REPORT);

test('the report escapes its texts', () => {
  expect(HTML).toContain('Deploy/DeployAction: &lt;rolled back&gt;');
});

test('the report loads nothing', () => {
  expect(HTML).not.toMatch(/<script|<link|<img|@import|url\(|https?:/);
});

interface Page {
  readonly rows: string[];
  readonly lines: { readonly version: string; readonly width: number; readonly color: string }[];
  readonly overflow: boolean;
  readonly texts: { readonly color: string; readonly background: string }[];
}

const READ = `({
  rows: [...document.querySelectorAll('tr')].map((row) => [...row.cells].map((cell) => cell.textContent).join('|')),
  lines: [...document.querySelectorAll('.line')].map((line) => ({
    version: line.dataset.version, width: line.getBoundingClientRect().width, color: getComputedStyle(line).stroke })),
  overflow: document.documentElement.scrollWidth > innerWidth ||
    [...document.querySelectorAll('.chart text')].some((text) => {
      const [inner, outer] = [text.getBoundingClientRect(), text.closest('svg').getBoundingClientRect()];
      return inner.left < outer.left || inner.right > outer.right;
    }),
  texts: [...document.querySelectorAll('h1,h2,td,p,pre')].map((text) => ({
    color: getComputedStyle(text).color, background: getComputedStyle(document.body).backgroundColor })),
})`;

describe.each<Scheme>(['light', 'dark'])('in a browser, %s, the report', (scheme) => {
  let page: Page;
  const show = () => (page ??= evaluateInBrowser<Page>(HTML, READ, scheme, '900,900'));

  testInBrowser('has stages with times, and calls by role', () => {
    expect(show().rows).toEqual(
      expect.arrayContaining([
        'Deploy|DeployAction|Failed|300 s|rolled back',
        'Create||Skipped||the function exists',
        'BuildRole|s3:GetObject|2|allowed',
        'BuildRole|s3:PutObject|1|denied',
      ]),
    );
  });

  testInBrowser('has a chart with a line for each version', () => {
    expect(show().lines.map(({ version }) => version)).toEqual(['1', '2']);
    expect(show().lines.every(({ width }) => width > 300)).toBe(true);
  });

  testInBrowser('has no text outside of the page or of the chart', () => {
    expect(show().overflow).toBe(false);
  });

  testInBrowser('has enough contrast', () => {
    const { texts, lines } = show();
    const [{ background }] = texts;
    expect(texts.filter(({ color }) => contrast(color, background) < 4.5)).toEqual([]);
    expect(lines.filter(({ color }) => contrast(color, background) < 3)).toEqual([]);
  });
});
