import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { zipTexts } from '../../../rehearsal/base/zip';
import { chooseEvents, readEvents } from '../../../rehearsal/command/events';

const SOURCE = zipTexts({ 'events/b.json': '{"b":2}', 'events/a.json': '{"a":1}', 'events/a.txt': '', 'app.py': '' });

function fileWith(text: string): string {
  const file = path.join(fs.mkdtempSync(path.join(tmpdir(), 'events-')), 'event.json');
  fs.writeFileSync(file, text);
  return file;
}

describe('without --event', () => {
  test('the events are the files in events/ of the source, by name', () => {
    expect(chooseEvents([], SOURCE)).toEqual([
      { name: 'events/a.json', event: { a: 1 } },
      { name: 'events/b.json', event: { b: 2 } },
    ]);
  });

  test('a source without such files gives an empty event', () => {
    expect(chooseEvents(undefined, zipTexts({ 'app.py': '' }))).toEqual([{ name: '{}', event: {} }]);
  });

  test('a file that is not JSON is an error with its name', () => {
    expect(() => chooseEvents([], zipTexts({ 'events/a.json': '{' }))).toThrow('events/a.json is not JSON');
  });
});

test('with --event, the files of the source do not matter', () => {
  expect(chooseEvents([{ c: 3 }], SOURCE)).toEqual([{ name: 'event 1', event: { c: 3 } }]);
});

describe('--event', () => {
  test.each(['apigateway', 'apigateway-v2', 'sqs', 's3', 'scheduled'])('%s is a typical event', (name) => {
    const [event] = readEvents(name);
    expect(Object.keys(event as object).length).toBeGreaterThan(0);
    expect(JSON.stringify(event)).not.toContain('{{');
  });

  test('is a file with an event', () => {
    expect(readEvents(fileWith('{"a":1}'))).toEqual([{ a: 1 }]);
  });

  test('is a file with a list of events', () => {
    expect(readEvents(fileWith('[{"a":1},{"b":2}]'))).toEqual([{ a: 1 }, { b: 2 }]);
  });

  test('must not be an empty list', () => {
    expect(() => readEvents(fileWith('[]'))).toThrow('must contain at least one event, got an empty list');
  });

  test('names the typical events if the file does not exist', () => {
    expect(() => readEvents('sqz')).toThrow(/--event must be a file or one of apigateway, .*, got sqz/);
  });
});
