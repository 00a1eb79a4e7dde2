import * as fs from 'node:fs';
import * as path from 'node:path';
import { NO_EVENT } from './events';
import type { PipelineReport, Report } from './report';
import { duration, Output } from '../pipeline/output';

/** Where the text about a pipeline goes, and the folder with its logs. */
export interface PipelineText {
  readonly output: Output;
  readonly folder: string;
}

/** Where the text about a rehearsal goes, and what it contains. */
export interface RehearsalText extends PipelineText {
  /** Whether the folder remains after the rehearsal. */
  readonly isKept: boolean;
  readonly verbose: boolean;
}

/** Describes a run: the cause of a failure first, then the traffic, then the notices. */
export function describePipeline(report: PipelineReport, { output, folder }: PipelineText): void {
  const { name, status, seconds } = report;
  const mark = status === 'Succeeded' ? '✓' : '✗';
  const result = status === 'Succeeded' ? 'success' : 'failure';
  output.line(`  ${mark} ${name} ${status.toLowerCase()} after ${duration(seconds)}`, result);
  describeCause(report, output, folder);
  describeTraffic(report, output);
  report.notices.forEach((notice) => output.notice(notice));
}

function describeCause(report: PipelineReport, output: Output, folder: string): void {
  const { cause, responses, invocations } = report;
  if (cause !== undefined) {
    const [first, ...lines] = cause.split('\n');
    output.line(`  cause: ${first}`, 'failure');
    lines.forEach((line) => output.line(`    ${line}`));
  }
  const failing = responses.filter(({ error }) => error);
  for (const { version, error = '' } of failing) {
    const [first, ...stack] = error.split('\n');
    output.line(`  version ${version} failed: ${first}`, 'failure');
    stack.forEach((line) => output.line(`    ${line.trim()}`, 'detail'));
  }
  if (failing.length > 0 && invocations.events.includes(NO_EVENT)) {
    output.line(
      '  the function was invoked with an empty event ({}): ' +
        'add events/*.json to the source, or pass --event <file or name>',
      'warning',
    );
  }
  if (cause !== undefined || failing.length > 0) {
    logsIn(folder).forEach((file) => output.line(`  log: ${file}`, 'detail'));
  }
}

/** Returns the logs of functions and builds. */
function logsIn(folder: string): string[] {
  const logs = path.join(folder, 'logs');
  return fs.existsSync(logs)
    ? fs
        .readdirSync(logs)
        .sort()
        .map((name) => path.join(logs, name))
    : [];
}

function describeTraffic({ alias, shifts, invocations, responses }: PipelineReport, output: Output): void {
  if (alias) {
    const { functionName, aliasName, version, weights } = alias;
    output.line(`  the alias ${functionName}:${aliasName} points to version ${version}${weightsText(weights)}`);
  }
  for (const { time, version, weights } of shifts) {
    output.line(`    ${time.slice(11, 19)} version ${version}${weightsText(weights)}`, 'detail');
  }
  if (invocations.count === 0) {
    return;
  }
  const { count, errors, unknown } = invocations;
  output.line(
    `  ${count} invocations during the deployment, ${errors} failed` +
      (unknown > 0 ? `, ${unknown} unknown (they called what is not rehearsed)` : ''),
  );
  for (const { version, first } of responses.filter((each) => each.first !== undefined)) {
    output.line(`    version ${version} first returned ${first}`, 'detail');
  }
}

/** Describes the rehearsal: denied calls, all calls if the user asks for them, and the limits of the rehearsal. */
export function summarize({ calls, notRehearsed, pipelines }: Report, text: RehearsalText): void {
  const { output, verbose, isKept, folder } = text;
  const counts = countCalls(calls);
  const denied = [...counts.keys()].filter((key) => key.endsWith('DENIED'));
  if (denied.length > 0) {
    output.line('denied: add the permission to the role, or remove the call', 'failure');
  }
  denied.forEach((key) => output.line(`  ${key}`));
  if (verbose) {
    output.line(`calls (${calls.length})`, 'heading');
    [...counts].sort().forEach(([key, count]) => output.line(`  ${key} ${count}`));
  }
  if (notRehearsed.length > 0) {
    output.line('not rehearsed', 'heading');
  }
  notRehearsed.forEach((what) => output.line(`  ${what}`));
  if (isKept) {
    output.line(`logs and packages are in ${folder}`);
  } else if (pipelines.some(({ status }) => status === 'Failed')) {
    output.line('logs and packages were deleted: add --keep to keep them', 'warning');
  }
  output.line('this was a rehearsal on this machine, not on AWS: docs/rehearsal.md lists what it covers', 'detail');
}

function countCalls(calls: Report['calls']): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { role, action, resource, allowed } of calls) {
    const key = `${role}: ${action}${allowed ? '' : ` on ${resource} DENIED`}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function weightsText(weights: Record<string, number>): string {
  return Object.entries(weights)
    .map(([version, weight]) => `, version ${version} gets ${Math.round(weight * 100)} %`)
    .join('');
}
