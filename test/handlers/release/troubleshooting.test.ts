import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { filesIn } from '../../support/imports';

const ROOT = path.join(__dirname, '../../..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');

/** The text of an expression, with `…` for each part that varies; undefined if no part is text. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const sides = [textOf(node.left), textOf(node.right)];
    return sides.some((side) => side !== undefined) ? sides.map((side) => side ?? '…').join('') : undefined;
  }
  return undefined;
}

/** All texts in a file. */
function textsIn(file: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    texts.push(textOf(node) ?? '');
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  return texts.filter((text) => text);
}

/** The first column of the first table in docs/troubleshooting.md. */
function messages(): string[] {
  const [table] = read('docs/troubleshooting.md').split('These messages come from AWS');
  return table
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (message|---) \|/.test(line))
    .map((line) => line.split(' | ')[0].slice(2));
}

const TEXTS = filesIn('src/handlers/release').flatMap(textsIn);

test('docs/troubleshooting.md has messages', () => {
  expect(messages().length).toBeGreaterThan(20);
});

/** The words that no text contains. A part may come from several texts, each with at least two of its words. */
function missingWords(part: string): string {
  const words = part.split(' ');
  const isFound = (count: number) => TEXTS.some((text) => text.includes(words.slice(0, count).join(' ')));
  const found = words.map((_, index) => isFound(index + 1)).lastIndexOf(true) + 1;
  if (found === words.length) {
    return '';
  }
  return found < 2 ? part : missingWords(words.slice(found).join(' '));
}

test.each(messages())('the release function writes: %s', (message) => {
  const parts = message.split('…').map((part) => part.replace(/^\W+|\W+$/g, ''));
  expect(parts.map(missingWords).filter((words) => words)).toEqual([]);
});
