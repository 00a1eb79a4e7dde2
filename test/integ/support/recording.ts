import * as fs from 'node:fs';
import * as path from 'node:path';
import { RecordedCall } from './target';

/** The folder with the answers of AWS that an acceptance run has recorded, one file for each scenario. */
export const RECORDED = path.join(__dirname, '..', '..', 'recorded');
const ACCOUNT = '123456789012';

/** Writes the calls of a scenario, without the number of the account and without addresses that open something. */
export function writeRecording(
  folder: string,
  scenario: string,
  accountId: string,
  calls: readonly RecordedCall[],
): void {
  fs.mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(calls, undefined, 2)
    .replaceAll(accountId, ACCOUNT)
    .replace(/"https:\/\/[^"]*X-Amz-[^"]*"/g, '"<presigned URL>"')
    .replace(/(arn:aws[\w-]*:code(?:star-)?connections:[^:]*:\d+:connection\/)[\w-]+/g, '$1<connection>');
  fs.writeFileSync(path.join(folder, `${scenario}.json`), `${text}\n`);
}

type KnownDifferences = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Compares the calls of a scenario with its recording, if there is one. Returns the differences without a reason. */
export function newDifferences(folder: string, scenario: string, calls: readonly RecordedCall[]): string[] {
  const recording = readJson<RecordedCall[]>(path.join(folder, `${scenario}.json`));
  if (!recording) {
    return [];
  }
  const known = readJson<KnownDifferences>(path.join(folder, 'differences.json'))?.[scenario] ?? {};
  const found = compareRecordings(recording, calls);
  const outdated = Object.keys(known).filter((each) => !found.includes(each));
  return [...found.filter((each) => !(each in known)), ...outdated.map((each) => `${each}: no longer a difference`)];
}

function readJson<Content>(file: string): Content | undefined {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
}

/**
 * Where the answers of two recordings of one scenario differ: members, types, statuses, codes and messages. Texts count
 * as equal when they are equal apart from ids, times, hashes and numbers, which differ from run to run.
 */
export function compareRecordings(expected: readonly RecordedCall[], actual: readonly RecordedCall[]): string[] {
  const found = new Set<string>();
  for (const [label, calls] of byLabel(expected)) {
    const others = byLabel(actual).get(label);
    if (!others) {
      found.add(`${label}: not called`);
      continue;
    }
    // A label that comes several times (a poll) stands for the union of its answers
    const [ours, theirs] = [shapesOf(others), shapesOf(calls)];
    theirs.forEach((shape) => ours.has(shape) || found.add(`${label}: only AWS has ${shape}`));
    ours.forEach((shape) => theirs.has(shape) || found.add(`${label}: only the rehearsal has ${shape}`));
  }
  return [...found].sort();
}

function byLabel(calls: readonly RecordedCall[]): Map<string, RecordedCall[]> {
  const groups = new Map<string, RecordedCall[]>();
  for (const call of calls) {
    const name = `${call.label} (${call.service} ${call.operation})`;
    groups.set(name, [...(groups.get(name) ?? []), call]);
  }
  return groups;
}

function shapesOf(calls: readonly RecordedCall[]): Set<string> {
  return new Set(calls.flatMap(({ answer }) => [...leaves(answer, '')]));
}

/** Each value of an answer as `path = value`, with what varies from run to run taken out. */
function* leaves(value: unknown, where: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const part of value) {
      yield* leaves(part, `${where}[]`);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      yield* leaves(part, where ? `${where}.${name}` : name);
    }
  } else {
    yield `${where} = ${stable(value)}`;
  }
}

function stable(value: unknown): string {
  if (typeof value !== 'string') {
    return typeof value;
  }
  return value
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d{4})?/g, '<time>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/\bd-[A-Z0-9]{9}\b/g, '<deployment>')
    .replace(/[\w+/=-]{28,}/g, '<hash>')
    .replace(/\d+/g, '<number>');
}
