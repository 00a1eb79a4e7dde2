import * as path from 'node:path';
import * as ts from 'typescript';

const INDEX = path.join(__dirname, '../src/index.ts');
const program = ts.createProgram([INDEX], {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  skipLibCheck: true,
  strict: true,
});
const checker = program.getTypeChecker();

/** An exported type, or a member that the type declares. */
interface Documented {
  readonly name: string;
  readonly node: ts.Declaration;
  readonly tags: readonly string[];
  readonly text: string;
}

function documented(name: string, symbol: ts.Symbol): Documented {
  const tags = symbol.getJsDocTags(checker).map((tag) => tag.name);
  return {
    name,
    node: symbol.declarations![0],
    tags,
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
  };
}

const HIDDEN = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];

const types = checker
  .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(INDEX)!)!)
  .map((exported) => {
    const symbol = checker.getAliasedSymbol(exported);
    const members = [...(symbol.members?.values() ?? []), ...(symbol.exports?.values() ?? [])].filter(
      ({ name, declarations }) =>
        !name.startsWith('__') &&
        name !== 'prototype' &&
        declarations?.some(
          (node) => !ts.canHaveModifiers(node) || !ts.getModifiers(node)?.some(({ kind }) => HIDDEN.includes(kind)),
        ),
    );
    return {
      ...documented(symbol.name, symbol),
      members: members.map((member) => documented(`${symbol.name}.${member.name}`, member)),
    };
  });
const everything: Documented[] = types
  .flatMap((type) => [type, ...type.members])
  .filter(({ tags }) => !tags.includes('internal'));
const names = (found: readonly Documented[]) => found.map(({ name }) => name);

test('the tests find the public interface', () => {
  expect(names(everything)).toEqual(
    expect.arrayContaining([
      'LambdaCiCdPipeline',
      'LambdaCiCdPipeline.alias',
      'DeploymentConfig.linear',
      'TimeBasedOptions.interval',
      'NotificationEvent.ROLLED_BACK',
    ]),
  );
});

test('each public type and member has a docstring', () => {
  expect(names(everything.filter(({ text }) => text.trim() === ''))).toEqual([]);
});

test('each optional prop has a default', () => {
  const optional = everything.filter(({ node }) => ts.isPropertySignature(node) && node.questionToken);
  expect(optional.length).toBeGreaterThan(50);
  expect(names(optional.filter(({ tags }) => !tags.includes('default')))).toEqual([]);
});

test('each class that users start from has an example', () => {
  const classes = types.filter(({ node }) => ts.isClassDeclaration(node));
  expect(classes.length).toBeGreaterThan(5);
  expect(names(classes.filter(({ tags }) => !tags.includes('example')))).toEqual([]);
});
