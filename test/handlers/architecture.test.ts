import * as path from 'node:path';
import { filesIn, importsOf } from '../support/imports';

const FOLDER = 'src/handlers/release';
/**
 * The rooms of the release function, top floor first, each with the rooms that it may import. A room is a folder, or a
 * file beside the folders.
 */
const ROOMS: Record<string, string[]> = {
  'release.lambda': ['steps', 'notice', 'deployment', 'job', 'base', 'contract'],
  steps: ['template', 'code', 'deployment', 'function', 'job', 'aws', 'base', 'contract'],
  notice: ['aws', 'base', 'contract'],
  template: ['code', 'function', 'job', 'aws', 'base', 'contract'],
  code: ['function', 'job', 'aws', 'base', 'contract'],
  deployment: ['function', 'job', 'aws', 'base', 'contract'],
  function: ['aws', 'base', 'contract'],
  job: ['aws', 'base', 'contract'],
  aws: [],
  base: ['contract'],
  contract: [],
};
const FLOORS = Object.keys(ROOMS);
const FILES = filesIn(FOLDER);

/** `job` for `src/handlers/release/job/job.ts`, and `contract` for `src/handlers/release/contract`. */
function roomOf(file: string): string {
  return path.posix.relative(FOLDER, file).split('/')[0].replace(/\.ts$/, '');
}

function arrowsOf(file: string): [string, string][] {
  const room = roomOf(file);
  return importsOf(file)
    .filter((imported) => imported.startsWith(`${FOLDER}/`) && roomOf(imported) !== room)
    .map((imported) => [room, roomOf(imported)]);
}

const ARROWS = FILES.flatMap(arrowsOf);

describe('a room of the release function', () => {
  test('is in the list', () => {
    expect([...new Set(FILES.map(roomOf))].sort()).toEqual([...FLOORS].sort());
  });

  test('may import only rooms on lower floors', () => {
    const up = FLOORS.flatMap((room, floor) =>
      ROOMS[room].filter((other) => FLOORS.indexOf(other) <= floor).map((other) => `${room} > ${other}`),
    );
    expect(up).toEqual([]);
  });

  test('imports only the rooms in its list', () => {
    expect(ARROWS.filter(([room, other]) => !ROOMS[room].includes(other))).toEqual([]);
  });

  test('imports each room in its list', () => {
    const unused = FLOORS.flatMap((room) =>
      ROOMS[room].filter((other) => !ARROWS.some(([from, to]) => from === room && to === other)),
    );
    expect(unused).toEqual([]);
  });
});
