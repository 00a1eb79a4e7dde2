import type { SyntaxNode, SyntaxNodeRef, Tree } from '@lezer/common';
import { javascriptParser } from './parsers';

/** An import of a JavaScript module. */
export interface JavaScriptImport {
  readonly specifier: string;
  readonly line: number;
}

/** What a JavaScript module exports and imports, as far as its text shows. */
export interface JavaScriptModule {
  /** Whether it has `import` or `export` declarations, which CommonJS does not have. */
  readonly hasDeclarations: boolean;
  readonly exports: ReadonlySet<string>;
  /** Whether it may export more names. */
  readonly exportsMore: boolean;
  /** The modules that are loaded whenever this one is, and whose errors reach its importer. */
  readonly imports: readonly JavaScriptImport[];
  /** Whether the module changes how Node.js finds modules. */
  readonly changesResolution: boolean;
  /** Whether the parser understood all of the text. */
  readonly complete: boolean;
}

/** Aliases, loaders and Yarn's Plug'n'Play. */
const CHANGES_RESOLUTION = new RegExp(
  'module-alias|app-module-path|tsconfig-paths|/register\\b|\\.pnp\\b|' +
    '_resolveFilename|_nodeModulePaths|registerHooks|(module|main)\\.paths',
);

interface Reading {
  readonly text: string;
  readonly exports: Set<string>;
  readonly imports: JavaScriptImport[];
  readonly requires: JavaScriptImport[];
  exportsMore: boolean;
  hasDeclarations: boolean;
}

/** The list of names that esbuild writes for Node.js, beside exports that the text does not show. */
const ESBUILD_NAMES = /\b0 ?&& ?\(module\.exports ?= ?\{([\w$,\s]*)\}\)/;
/** What may be around a `require` that runs whenever the module is loaded. */
const PLAIN = [
  'ArgList',
  'AssignmentExpression',
  'AwaitExpression',
  'CallExpression',
  'ExpressionStatement',
  'MemberExpression',
  'NewExpression',
  'ParenthesizedExpression',
  'UnaryExpression',
  'VariableDeclaration',
];

/** Reads a JavaScript module. */
export function readJavaScriptModule(text: string): JavaScriptModule {
  const tree = javascriptParser().parse(text);
  const reading: Reading = {
    text,
    exports: new Set(),
    imports: [],
    requires: [],
    exportsMore: false,
    hasDeclarations: false,
  };
  let complete = true;
  for (let node = tree.topNode.firstChild; node; node = node.nextSibling) {
    readDeclaration(node, reading);
  }
  tree.iterate({
    enter: (node) => {
      complete &&= !node.type.isError;
      readExpression(node, reading);
    },
  });
  readEsbuildNames(reading);
  const { exports, imports, requires, exportsMore, hasDeclarations } = reading;
  return {
    exports,
    exportsMore,
    hasDeclarations,
    changesResolution: CHANGES_RESOLUTION.test(text),
    imports: definesRequire(tree, text) ? imports : [...imports, ...requires],
    complete,
  };
}

function readDeclaration(node: SyntaxNode, reading: Reading): void {
  if (node.name !== 'ImportDeclaration' && node.name !== 'ExportDeclaration') {
    return;
  }
  reading.hasDeclarations = true;
  const source = node.getChild('String');
  if (source) {
    reading.imports.push(importOf(source, reading));
  }
  if (node.name === 'ImportDeclaration') {
    return;
  }
  if (node.getChild('default')) {
    reading.exports.add('default');
  }
  if (node.getChild('Star')) {
    const name = node.getChild('VariableName'); // export * as name
    reading.exportsMore ||= !name;
    reading.exports.add(name ? textOf(name, reading) : '');
  }
  const group = node.getChild('ExportGroup');
  for (const clause of group ? clausesOf(group, reading.text) : []) {
    reading.exports.add(clause[clause.length - 1]);
  }
  addDefinitions(node, reading);
}

/** The names in braces, clause by clause: `{ a as b, c }` are `[a, as, b]` and `[c]`. */
function clausesOf(group: SyntaxNode, text: string): string[][] {
  const clauses: string[][] = [[]];
  for (let child = group.firstChild; child; child = child.nextSibling) {
    const word = text.slice(child.from, child.to);
    if (word === ',') {
      clauses.push([]);
    } else if (!['{', '}'].includes(word) && !child.name.endsWith('Comment')) {
      clauses[clauses.length - 1].push(unquote(word));
    }
  }
  return clauses.filter((clause) => clause.length > 0);
}

/** Adds what `export const`, `export function`, `export class` and `export * as` define. */
function addDefinitions(node: SyntaxNode, { text, exports }: Reading): void {
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name === 'VariableDefinition') {
      exports.add(text.slice(child.from, child.to));
    } else if (child.name === 'VariableDeclaration') {
      eachNode(child, (each) => {
        if (each.name === 'VariableDefinition') {
          exports.add(text.slice(each.from, each.to));
        }
      });
    } else if (child.name === 'FunctionDeclaration' || child.name === 'ClassDeclaration') {
      const name = child.getChild('VariableDefinition');
      exports.add(name ? text.slice(name.from, name.to) : 'default');
    }
  }
}

function readExpression(node: SyntaxNodeRef, reading: Reading): void {
  const { text } = reading;
  if (node.name === 'CallExpression') {
    readRequire(node.node, reading);
  }
  if (node.name === 'this' && node.node.parent?.name === 'MemberExpression') {
    addExport(node.node.parent, reading);
  }
  if (node.name !== 'VariableName') {
    return;
  }
  const name = text.slice(node.from, node.to);
  if (name === 'exports') {
    readUse(node.node, reading);
  } else if (name === 'module') {
    readModuleUse(node.node, reading);
  }
}

/** `module.exports` is `exports`; `module.id` and `require.main === module` export nothing. */
function readModuleUse(node: SyntaxNode, reading: Reading): void {
  const member = node.parent;
  if (member?.name === 'BinaryExpression' || member?.name === 'UnaryExpression') {
    return;
  }
  const property = member?.name === 'MemberExpression' ? member.getChild('PropertyName') : undefined;
  if (!property) {
    reading.exportsMore = true;
  } else if (reading.text.slice(property.from, property.to) === 'exports') {
    readUse(member!, reading);
  }
}

/** Reads what happens to the object with the exports. */
function readUse(node: SyntaxNode, reading: Reading): void {
  const { parent } = node;
  const first = parent?.firstChild;
  const isFirst = first?.from === node.from && first.to === node.to;
  if (parent?.name === 'MemberExpression' && isFirst) {
    addExport(parent, reading);
  } else if (parent?.name === 'AssignmentExpression' && isFirst) {
    addAssigned(parent.lastChild!, reading);
  } else if (parent?.name === 'ArgList' && /^Object\.defineProperty\(/.test(textOf(parent.parent!, reading))) {
    addDefined(parent, reading);
  } else if (parent?.name !== 'UnaryExpression' && parent?.name !== 'BinaryExpression') {
    reading.exportsMore = true;
  }
}

/**
 * Adds `name` of `exports.name` or `exports["name"]`. Whether it is assigned does not matter: one name too many lets a
 * package pass.
 */
function addExport(member: SyntaxNode, reading: Reading): void {
  const [property, literal] = [member.getChild('PropertyName'), member.getChild('String')];
  if (property) {
    reading.exports.add(textOf(property, reading));
  } else if (literal) {
    reading.exports.add(unquote(textOf(literal, reading)));
  } else {
    reading.exportsMore = true;
  }
}

/** Adds the names of `module.exports = { … }`. Any other value may have any property. */
function addAssigned(value: SyntaxNode, reading: Reading): void {
  if (value.name === 'AssignmentExpression') {
    addAssigned(value.lastChild!, reading); // exports = module.exports = { … }
    return;
  }
  if (value.name !== 'ObjectExpression') {
    reading.exportsMore = true;
    return;
  }
  for (const property of value.getChildren('Property')) {
    const name = property.getChild('PropertyDefinition') ?? property.getChild('String');
    if (name) {
      reading.exports.add(unquote(textOf(name, reading)));
    } else {
      reading.exportsMore = true;
    }
  }
}

function addDefined(args: SyntaxNode, reading: Reading): void {
  const name = args.getChild('String');
  if (name) {
    reading.exports.add(unquote(textOf(name, reading)));
  } else {
    reading.exportsMore = true;
  }
}

/** Adds `require('x')` if it runs whenever the module is loaded. */
function readRequire(node: SyntaxNode, reading: Reading): void {
  const [callee, args] = [node.firstChild, node.getChild('ArgList')];
  const specifier = args?.getChild('String');
  if (!callee || textOf(callee, reading) !== 'require' || !specifier) {
    return;
  }
  let around = node.parent;
  while (around && PLAIN.includes(around.name)) {
    around = around.parent;
  }
  if (around?.name === 'Script') {
    reading.requires.push(importOf(specifier, reading));
  }
}

function importOf(source: SyntaxNode, reading: Reading): JavaScriptImport {
  const line = reading.text.slice(0, source.from).split('\n').length;
  return { specifier: unquote(textOf(source, reading)), line };
}

/** Whether the module has a `require` of its own, which loads something else. */
function definesRequire(tree: Tree, text: string): boolean {
  let found = false;
  tree.iterate({
    enter: ({ name, from, to }) => {
      found ||= name === 'VariableDefinition' && text.slice(from, to) === 'require';
    },
  });
  return found && /\brequire\b/.test(text);
}

function readEsbuildNames(reading: Reading): void {
  const [, names] = ESBUILD_NAMES.exec(reading.text) ?? [];
  if (names !== undefined && reading.text.includes('__toCommonJS')) {
    names.split(',').forEach((name) => reading.exports.add(name.trim()));
    reading.exportsMore = false;
  }
}

function eachNode(node: SyntaxNode, visit: (node: SyntaxNodeRef) => void): void {
  node.cursor().iterate((each) => {
    visit(each);
    return !/Expression$|Function/.test(each.name);
  });
}

function textOf({ from, to }: SyntaxNode, { text }: Reading): string {
  return text.slice(from, to);
}

function unquote(text: string): string {
  return text.replace(/^(['"`])(.*)\1$/s, '$2');
}
