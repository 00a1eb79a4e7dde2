import * as ts from 'typescript';

/** Separates the texts of a shadow, so that no phrase spans two texts. */
const END = '\u001f';
const PROSE = /[a-z]{2,} [a-z]{2,}/i;

const blank = (text: string) => text.replace(/[^\n]/g, ' ');
/** Code in a sentence counts as a word. */
const asWord = (text: string) => text.replace(/[^\n]/g, 'X');

/**
 * Returns the comments and strings of a TypeScript or JavaScript file at their lines and columns, with blanks for all
 * else.
 */
export function shadowOf(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const shadow = blank(text).split('');
  const show = (start: number, prose: string) => [...prose.split('')].forEach((char, i) => (shadow[start + i] = char));
  for (const { pos, end } of commentsOf(source)) {
    show(pos, commentText(text.slice(pos, end)));
  }
  const visit = (node: ts.Node): void => {
    if (isText(node)) {
      showText(node, source, show);
      return;
    }
    node.forEachChild(visit);
  };
  visit(source);
  return shadow.join('');
}

/** Returns the names that a file declares, with their line, as words: `aliasName` is "alias name". */
export function namesIn(file: string, text: string): { readonly name: string; readonly line: number }[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const names: { name: string; line: number }[] = [];
  const visit = (node: ts.Node): void => {
    const { name } = node as ts.NamedDeclaration;
    if (name && ts.isIdentifier(name) && !ts.isPropertyAssignment(node)) {
      const line = source.getLineAndCharacterOfPosition(name.getStart(source)).line + 1;
      names.push({
        name: name.text
          .replace(/([a-z])([A-Z])/g, '$1 $2')
          .replace(/_/g, ' ')
          .toLowerCase(),
        line,
      });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return names;
}

function commentsOf(source: ts.SourceFile): ts.CommentRange[] {
  const found = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(source.text, node.getEnd()) ?? []),
    ];
    ranges.forEach((range) => found.set(range.pos, range));
    node.getChildren(source).forEach(visit);
  };
  visit(source);
  return [...found.values()];
}

/** Removes the marks of a comment, and the code of an `@example`. */
function commentText(comment: string): string {
  const lines = comment
    .replace(/^\/\*\*?|\*\/$|^\/\/|`[^`]*`|https?:\S+/g, (part) => (/^[`h]/.test(part) ? asWord(part) : blank(part)))
    .replace(/^\s*\*(?!\/)/gm, blank)
    .split('\n');
  let example = false;
  const shown = lines.map((line) => {
    example = /^\s*@example/.test(line) || (example && !/^\s*@\w/.test(line));
    return example ? blank(line) : line;
  });
  return comment.startsWith('//') ? shown.join('\n') : shown.join('\n').slice(0, -1) + END;
}

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken && isText(node.left));

/** Shows a text, or several texts joined by `+`. An expression inside the text counts as a word. */
function showText(node: ts.Node, source: ts.SourceFile, show: (start: number, text: string) => void): void {
  const whole = node.getText(source);
  if (!PROSE.test(whole)) {
    return;
  }
  const parts = (part: ts.Node): void => {
    const text = part.getText(source);
    const start = part.getStart(source);
    if (ts.isStringLiteralLike(part)) {
      show(start + 1, text.slice(1, -1));
    } else if (ts.isTemplateExpression(part)) {
      show(start + 1, part.head.getText(source).slice(1, -2));
      part.templateSpans.forEach(({ expression, literal }) => {
        show(expression.getStart(source), asWord(expression.getText(source)));
        show(
          literal.getStart(source) + 1,
          literal
            .getText(source)
            .replace(/^\}/, '')
            .replace(/`$|\$\{$/, ''),
        );
      });
    } else if (ts.isBinaryExpression(part)) {
      parts(part.left);
      parts(part.right);
    } else {
      show(start, asWord(text));
    }
  };
  parts(node);
  show(node.getEnd() - 1, END);
}
