import { renderChart } from './chart';
import { escapeHtml } from './escape';
import { STYLE } from './style';
import { StageRecord } from '../../pipeline/record';
import type { PipelineReport, Report } from '../report';

/** Renders a report as one HTML file, which loads nothing from elsewhere. */
export function renderHtml(report: Report): string {
  const { pipelines, calls, notRehearsed } = report;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(`Rehearsal of ${pipelines.map(({ name }) => name).join(', ')}`)}</title>`,
    `<style>${STYLE}</style></head><body><main>`,
    ...pipelines.map(renderPipeline),
    '<h2>Calls by role</h2>',
    table(['Role', 'Action', 'Calls', 'Result'], callRows(calls)),
    ...(notRehearsed.length > 0 ? ['<h2>Not rehearsed</h2>', list(notRehearsed)] : []),
    '<p class="detail">This was a rehearsal on this machine, not on AWS.</p>',
    '</main></body></html>',
    '',
  ].join('\n');
}

function renderPipeline(report: PipelineReport): string {
  const { name, status, cause, stages, alias, versions, deployments, responses, invocations } = report;
  const isGood = status === 'Succeeded';
  return [
    `<h1>${escapeHtml(name)} <span class="${isGood ? 'good' : 'bad'}">${status}</span></h1>`,
    ...(cause === undefined ? [] : [`<pre class="cause">${escapeHtml(cause)}</pre>`]),
    '<h2>Stages</h2>',
    table(['Stage', 'Action', 'Result', 'Time', 'Summary'], stages.flatMap(stageRows)),
    ...(report.shifts.length > 0 ? ['<h2>Traffic</h2>', renderChart(report)] : []),
    `<p>${invocations.count} invocations, ${invocations.errors} failed, ${invocations.unknown} unknown</p>`,
    table(
      ['Version', 'First returned', 'Error'],
      responses.map(({ version, first = '', error = '' }) => [version, first, error]),
    ),
    ...(deployments.length > 0 ? ['<h2>Deployments</h2>'] : []),
    table(
      ['Deployment', 'Status', 'From', 'To', 'Error'],
      deployments.map(({ id, status: result, currentVersion, targetVersion, error }) => [
        id,
        result,
        currentVersion,
        targetVersion,
        error?.message ?? '',
      ]),
    ),
    ...(alias
      ? [
          '<h2>Versions</h2>',
          `<p>${escapeHtml(`${alias.functionName}:${alias.aliasName} points to version ${alias.version}`)}; ` +
            `versions: ${escapeHtml(versions.join(', '))}</p>`,
        ]
      : []),
  ].join('\n');
}

function stageRows({ name, status, actions, reason = '' }: StageRecord): string[][] {
  if (actions.length === 0) {
    return [[name, '', status, '', reason]];
  }
  return actions.map((action) => [name, action.name, action.status, `${Math.round(action.seconds)} s`, action.summary]);
}

function callRows(calls: Report['calls']): string[][] {
  const counts = new Map<string, { readonly row: string[]; count: number }>();
  for (const { role, action, allowed, notChecked } of calls) {
    const result = allowed ? (notChecked ? 'not checked' : 'allowed') : 'denied';
    const key = [role, action, result].join(' ');
    const found = counts.get(key) ?? { row: [role, action, result], count: 0 };
    found.count++;
    counts.set(key, found);
  }
  return [...counts]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([, { row, count }]) => [row[0], row[1], String(count), row[2]]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) {
    return '';
  }
  const cells = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}${classOf(text)}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((row) => cells('td', row)).join('');
  return `<table><thead>${cells('th', head)}</thead><tbody>${body}</tbody></table>`;
}

function classOf(text: string): string {
  if (['Failed', 'denied', 'Stopped'].includes(text)) {
    return ' class="bad"';
  }
  return ['Succeeded', 'allowed'].includes(text) ? ' class="good"' : '';
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
}
