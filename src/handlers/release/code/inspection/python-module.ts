import type { SyntaxNode, SyntaxNodeRef } from '@lezer/common';
import { pythonParser } from './parsers';

/** An import of a Python module. */
export interface PythonImport {
  /** The module as it is written, with its leading dots. */
  readonly module: string;
  /** The names of `from … import`; none for `import …`. */
  readonly names: readonly string[];
  /** Whether it runs whenever the module is loaded, and an error in it reaches the importer. */
  readonly certain: boolean;
  /** Whether the module goes on without it: in a `try` that catches its error, or for type checkers only. */
  readonly guarded: boolean;
  /** Whether it is in a function or a class. */
  readonly deferred: boolean;
  readonly line: number;
}

/** What a Python module defines and imports, as far as its text shows. */
export interface PythonModule {
  readonly imports: readonly PythonImport[];
  /** The names that the module defines. */
  readonly names: ReadonlySet<string>;
  /** The functions among them. */
  readonly functions: readonly string[];
  /** Whether the module may define more names while it is loaded. */
  readonly definesMore: boolean;
  /** Whether the module changes where Python looks for modules. */
  readonly changesPath: boolean;
  /** Whether the parser understood all of the text. */
  readonly complete: boolean;
}

const DEFINES_MORE = /\b(exec|eval|global|globals|locals|vars|setattr|__getattr__|sys\s*\.\s*modules|import_module)\b/;
const CHANGES_PATH = /\b(sys\s*\.\s*(path|meta_path|path_hooks|modules)|addsitedir|__path__|extend_path)\b/;
const COMPOUND = ['IfStatement', 'ForStatement', 'WhileStatement', 'WithStatement', 'MatchStatement', 'TryStatement'];

/** Reads a Python module. */
export function readPythonModule(text: string): PythonModule {
  const tree = pythonParser().parse(text);
  const imports: PythonImport[] = [];
  const names = new Set<string>();
  const functions: string[] = [];
  let complete = true;
  tree.iterate({
    enter: (node) => {
      complete &&= !node.type.isError;
    },
  });
  readStatements(tree.topNode, 'always', { text, imports, names, functions });
  return {
    imports,
    names,
    functions,
    definesMore: DEFINES_MORE.test(text) || imports.some((each) => each.names.includes('*')),
    changesPath: CHANGES_PATH.test(text),
    complete,
  };
}

/** When a statement runs: always, later or under a condition, or in a `try` that catches its error. */
type Mode = 'always' | 'sometimes' | 'guarded';

interface Reading {
  readonly text: string;
  readonly imports: PythonImport[];
  readonly names: Set<string>;
  readonly functions: string[];
}

/** Reads the statements in a node. Those in the body of a function run later, and define no names of the module. */
function readStatements(node: SyntaxNode, mode: Mode, reading: Reading, inFunction = false): void {
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name === 'ImportStatement') {
      readImport(child, mode, reading, inFunction);
    } else if (child.name === 'TryStatement') {
      readTry(child, mode, reading, inFunction);
    } else if (child.name === 'FunctionDefinition' || child.name === 'ClassDefinition') {
      addDefinition(child, mode, reading, inFunction);
    } else if (['DecoratedStatement', 'StatementGroup'].includes(child.name)) {
      readStatements(child, mode, reading, inFunction);
    } else if (
      COMPOUND.includes(child.name) ||
      child.name === 'Body' ||
      child.name === 'MatchBody' ||
      child.name === 'MatchClause'
    ) {
      addTargets(child, reading, inFunction);
      readStatements(child, isOptional(child, reading) ? 'guarded' : lessCertain(mode), reading, inFunction);
    } else {
      addTargets(child, reading, inFunction);
    }
  }
}

/** A `try` whose handlers all raise lets an error in its body through. */
function readTry(node: SyntaxNode, mode: Mode, reading: Reading, inFunction: boolean): void {
  const handlers: SyntaxNode[] = [];
  let body: SyntaxNode | undefined;
  let keyword = '';
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Body') {
      keyword = ['try', 'except', 'else', 'finally'].includes(child.name) ? child.name : keyword;
      addTargets(child, reading, inFunction);
    } else if (keyword === 'try') {
      body = child;
    } else {
      readStatements(child, 'guarded', reading, inFunction);
      handlers.push(...(keyword === 'except' ? [child] : []));
    }
  }
  if (body) {
    readStatements(body, handlers.every(raises) ? mode : 'guarded', reading, inFunction);
  }
}

/** Whether it is `if TYPE_CHECKING:`, which is false at run time, or `with suppress(ImportError):`. */
function isOptional(node: SyntaxNode, { text }: Reading): boolean {
  const start = text.slice(node.from, node.getChild('Body')?.from);
  return (
    (node.name === 'IfStatement' && /\bTYPE_CHECKING\b/.test(start)) ||
    (node.name === 'WithStatement' && /\bsuppress\b/.test(start))
  );
}

function lessCertain(mode: Mode): Mode {
  return mode === 'always' ? 'sometimes' : mode;
}

function raises(body: SyntaxNode): boolean {
  return body.getChildren('RaiseStatement').length > 0;
}

function readImport(node: SyntaxNode, mode: Mode, reading: Reading, inFunction: boolean): void {
  const { text, imports } = reading;
  const how = { certain: mode === 'always', guarded: mode === 'guarded', deferred: inFunction };
  const line = text.slice(0, node.from).split('\n').length;
  const words = wordsOf(node, text);
  const start = words.indexOf('import');
  const clauses = splitAtCommas(words.slice(start + 1).filter((word) => word !== '(' && word !== ')'));
  if (words[0] === 'from') {
    const names = clauses.map(([name]) => name);
    imports.push({ module: words.slice(1, start).join(''), names, ...how, line });
  } else {
    for (const clause of clauses) {
      const as = clause.indexOf('as');
      imports.push({ module: clause.slice(0, as < 0 ? undefined : as).join(''), names: [], ...how, line });
    }
  }
  if (!inFunction) {
    clauses.forEach((clause) => reading.names.add(clause.includes('as') ? clause[clause.length - 1] : clause[0]));
  }
}

function wordsOf(node: SyntaxNode, text: string): string[] {
  const words: string[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment') {
      words.push(text.slice(child.from, child.to));
    }
  }
  return words;
}

function splitAtCommas(words: readonly string[]): string[][] {
  const clauses: string[][] = [[]];
  for (const word of words) {
    if (word === ',') {
      clauses.push([]);
    } else {
      clauses[clauses.length - 1].push(word);
    }
  }
  return clauses.filter((clause) => clause.length > 0);
}

/** Adds the names that a statement defines, except for those in its body. */
function addTargets(node: SyntaxNode, reading: Reading, inFunction: boolean): void {
  if (inFunction) {
    return;
  }
  if (node.name === 'AssignStatement') {
    addNames(node, reading, node.getChildren('AssignOp').at(-1)?.from ?? node.from);
  } else if (node.name === 'ForStatement') {
    addNames(node, reading, node.getChild('in')?.from ?? node.to);
  } else if (node.name === 'WithStatement' || node.name === 'MatchClause' || node.prevSibling?.name === 'as') {
    addNames(node, reading, node.to);
  }
  eachNode(node, (each) => {
    if (each.name === 'AssignOp' && reading.text.slice(each.from, each.to) === ':=') {
      addName(each.node.prevSibling, reading, inFunction);
    }
  });
}

function addNames(node: SyntaxNode, reading: Reading, end: number): void {
  eachNode(node, (each) => {
    if (each.name === 'VariableName' && each.to <= end && each.node.parent?.name !== 'MemberExpression') {
      addName(each.node, reading, false);
    }
  });
}

function eachNode(node: SyntaxNode, visit: (node: SyntaxNodeRef) => void): void {
  node.cursor().iterate((each) => {
    visit(each);
    return each.name !== 'Body' && each.name !== 'LambdaExpression';
  });
}

function addDefinition(node: SyntaxNode, mode: Mode, reading: Reading, inFunction: boolean): void {
  const name = node.getChild('VariableName');
  addName(name, reading, inFunction);
  if (name && !inFunction && node.name === 'FunctionDefinition') {
    reading.functions.push(reading.text.slice(name.from, name.to));
  }
  readStatements(node, lessCertain(mode), reading, true);
}

function addName(node: SyntaxNode | null, reading: Reading, inFunction: boolean): void {
  if (node && !inFunction) {
    reading.names.add(reading.text.slice(node.from, node.to));
  }
}
