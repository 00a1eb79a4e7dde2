import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const LINE_LENGTH = 120;
const FILE_LINES = 300;
const FUNCTION_LINES = 40;

function read(file: string): string {
  return fs.readFileSync(path.join(__dirname, '../..', file), 'utf8');
}

/** Returns the functions, methods and constructors of a file, with the number of their lines. */
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

/** Declares the tests of the sizes of lines, files and functions. `longLines` are files with longer lines. */
export function describeSizes(name: string, files: readonly string[], longLines: readonly string[] = []): void {
  describe(`the source of ${name}`, () => {
    test(`has at most ${LINE_LENGTH} characters in a line`, () => {
      const long = files.filter((file) =>
        read(file)
          .split('\n')
          .some((line) => line.length > LINE_LENGTH),
      );
      expect(long.filter((file) => !longLines.includes(file))).toEqual([]);
    });

    test(`has at most ${FILE_LINES} lines in a file`, () => {
      expect(files.filter((file) => read(file).trimEnd().split('\n').length > FILE_LINES)).toEqual([]);
    });

    test(`has at most ${FUNCTION_LINES} lines in a function`, () => {
      const functions = files.flatMap(functionsOf);
      expect(functions.length).toBeGreaterThan(files.length);
      expect(functions.filter(({ lines }) => lines > FUNCTION_LINES)).toEqual([]);
    });
  });
}
