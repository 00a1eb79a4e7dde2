import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import SAMPLES from './sample-events.json';
import { unzip } from '../base/zip';

/** An event with the file or the sample that it comes from. */
export interface NamedEvent {
  readonly name: string;
  readonly event: unknown;
}

/** The name of the event if the user gave none. */
export const NO_EVENT = '{}';

/** Returns the given events, or those in `events/*.json` of the source, or an empty event. */
export function chooseEvents(given: readonly unknown[] | undefined, source: Buffer): NamedEvent[] {
  if (given && given.length > 0) {
    return given.map((event, index) => ({ name: `event ${index + 1}`, event }));
  }
  const found = sourceEvents(source);
  return found.length > 0 ? found : [{ name: NO_EVENT, event: {} }];
}

/** Reads `--event`: the name of a sample, or a file with an event or a list of events. */
export function readEvents(value: string): unknown[] {
  const samples: Record<string, unknown> = SAMPLES;
  if (value in samples) {
    return [samples[value]];
  }
  if (!fs.existsSync(value)) {
    throw new Error(`--event must be a file or one of ${Object.keys(samples).join(', ')}, got ${value}`);
  }
  const events = parse(value, fs.readFileSync(value, 'utf8'));
  if (!Array.isArray(events)) {
    return [events];
  }
  if (events.length === 0) {
    throw new Error(`${value} must contain at least one event, got an empty list`);
  }
  return events;
}

function sourceEvents(source: Buffer): NamedEvent[] {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'rehearsal-events-'));
  try {
    unzip(source, folder);
    const events = path.join(folder, 'events');
    const names = fs.existsSync(events) ? fs.readdirSync(events).filter((name) => name.endsWith('.json')) : [];
    return names.sort().map((name) => ({
      name: `events/${name}`,
      event: parse(`events/${name}`, fs.readFileSync(path.join(events, name), 'utf8')),
    }));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
}
