import * as path from 'node:path';
import { filesIn, importsOf } from './imports';

/**
 * The rooms of a folder, top floor first, each with the rooms that it may import. A room is a folder, or a file beside
 * the folders.
 */
export type Rooms = Readonly<Record<string, readonly string[]>>;

/** Declares the tests that the imports between the rooms of a folder are exactly the ones in the list. */
export function describeRooms(folder: string, rooms: Rooms): void {
  const floors = Object.keys(rooms);
  const files = filesIn(folder);
  const roomOf = (file: string) => path.posix.relative(folder, file).split('/')[0].replace(/\.ts$/, '');
  const arrows = files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => imported.startsWith(`${folder}/`) && roomOf(imported) !== roomOf(file))
      .map((imported) => ({ file, from: roomOf(file), to: roomOf(imported) })),
  );

  describe(`a room of ${folder}`, () => {
    test('is in the list', () => {
      expect([...new Set(files.map(roomOf))].sort()).toEqual([...floors].sort());
    });

    test('may import only rooms on lower floors', () => {
      const up = floors.flatMap((room, floor) =>
        rooms[room].filter((other) => floors.indexOf(other) <= floor).map((other) => `${room} > ${other}`),
      );
      expect(up).toEqual([]);
    });

    test('imports only the rooms in its list', () => {
      expect(arrows.filter(({ from, to }) => !rooms[from].includes(to))).toEqual([]);
    });

    test('imports each room in its list', () => {
      const unused = floors.flatMap((room) =>
        rooms[room].filter((other) => !arrows.some(({ from, to }) => from === room && to === other)),
      );
      expect(unused).toEqual([]);
    });
  });
}

/** Returns the files that import themselves through other files, without the imports of `ignored`. */
export function circlesIn(folder: string, ignored: readonly string[] = []): string[] {
  const imports = new Map(
    filesIn(folder)
      .map((file) => file.replace(/\.ts$/, ''))
      .filter((file) => !ignored.includes(file))
      .map((file) => [file, importsOf(`${file}.ts`)]),
  );
  const reaches = (from: string, target: string, seen = new Set<string>()): boolean =>
    (imports.get(from) ?? []).some((imported) => {
      const isNew = !seen.has(imported);
      return imported === target || (isNew && reaches(imported, target, seen.add(imported)));
    });
  return [...imports.keys()].filter((file) => reaches(file, file));
}
