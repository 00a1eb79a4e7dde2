/* eslint-disable @typescript-eslint/no-require-imports */
import type { Parser } from '@lezer/common';

// The tables of a parser take tens of milliseconds to load, and most invocations of the release function need none.

/** Parses Python. */
export function pythonParser(): Parser {
  return (require('@lezer/python') as typeof import('@lezer/python')).parser;
}

/** Parses JavaScript. */
export function javascriptParser(): Parser {
  return (require('@lezer/javascript') as typeof import('@lezer/javascript')).parser;
}
