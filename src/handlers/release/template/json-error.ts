/** A position in a text. Lines and columns start at 1, as in editors. */
export interface Position {
  readonly line: number;
  readonly column: number;
  /** What is wrong at the position, and what to do. */
  readonly remedy: string;
}

const SPACE = /\s*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const OTHER = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The position at which a text stops being JSON. The error of `JSON.parse` does not always have a position. */
export function findJsonError(text: string): Position {
  const at = validUntil(text);
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: at - before.lastIndexOf('\n'), remedy: findRemedy(text, at) };
}

/** The length of the valid beginning of the text. */
function validUntil(text: string): number {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    at += found?.[0].length ?? 0;
    return found !== null;
  };
  const taken = (pattern: RegExp): boolean => take(SPACE) && take(pattern);
  const value = (): boolean => {
    if (taken(/\{/y)) {
      return list(/\}/y, () => taken(STRING) && taken(/:/y) && value());
    }
    if (taken(/\[/y)) {
      return list(/\]/y, value);
    }
    return taken(STRING) || taken(OTHER);
  };
  const list = (end: RegExp, element: () => boolean): boolean => {
    if (taken(end)) {
      return true;
    }
    while (element()) {
      if (taken(end)) {
        return true;
      }
      if (!taken(/,/y)) {
        return false;
      }
    }
    return false;
  };
  value();
  take(SPACE);
  return at;
}

function findRemedy(text: string, at: number): string {
  const found = text.charAt(at);
  if (found === '') {
    return 'the text ends too early: a bracket, a brace or a quote is not closed';
  }
  if (/[}\]]/.test(found) && text.slice(0, at).trimEnd().endsWith(',')) {
    return `there is a comma before the ${found}: remove it`;
  }
  if (found === '/' || found === '#') {
    return 'JSON has no comments: remove this one';
  }
  if (found === "'") {
    return 'JSON accepts only double quotes';
  }
  if (found === '"' && /["\d\]}el]$/.test(text.slice(0, at).trimEnd())) {
    return 'a comma is missing before this string';
  }
  return `unexpected ${JSON.stringify(found)}`;
}
