import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
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

const LINE_LENGTH = 120;
const FILE_LINES = 300;
const FUNCTION_LINES = 40;
/** Rooms with longer lines. This list only ever shrinks. */
const LONG_LINES = ['code'];

function read(file: string): string {
  return fs.readFileSync(path.join(__dirname, '../..', file), 'utf8');
}

/** The functions, methods and constructors of a file, with the number of their lines. */
function functionsOf(file: string): { readonly name: string; readonly lines: number }[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const functions: { name: string; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
      const lines = lineOf(node.getEnd()) - lineOf(node.getStart()) + 1;
      functions.push({ name: `${file}: ${node.name?.getText() ?? 'without a name'}`, lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return functions;
}

describe('the source of the release function', () => {
  test(`has at most ${LINE_LENGTH} characters in a line`, () => {
    const long = FILES.filter((file) =>
      read(file)
        .split('\n')
        .some((line) => line.length > LINE_LENGTH),
    );
    expect(long.filter((file) => !LONG_LINES.includes(roomOf(file)))).toEqual([]);
  });

  test(`has at most ${FILE_LINES} lines in a file`, () => {
    expect(FILES.filter((file) => read(file).trimEnd().split('\n').length > FILE_LINES)).toEqual([]);
  });

  test(`has at most ${FUNCTION_LINES} lines in a function`, () => {
    const functions = FILES.flatMap(functionsOf);
    expect(functions.length).toBeGreaterThan(FILES.length);
    expect(functions.filter(({ lines }) => lines > FUNCTION_LINES)).toEqual([]);
  });
});
