import { Contents, inspect } from './package-of';

/** The first bytes of a class file. */
const classFile = (java: number) => Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, java + 44, 0, 0]);
const program = (content: string, mode = 0o100755): Contents => ({
  bootstrap: { mode, content: Buffer.from(content) },
});

describe('Java', () => {
  const JAVA = { Runtime: 'java17', Handler: 'com.acme.Handler::handleRequest' };
  const NAME = 'com/acme/Handler.class';

  test.each<[string, Contents]>([
    ['the class is at the root', { [NAME]: classFile(17) }],
    ['the class is older', { [NAME]: classFile(8) }],
    ['a jar in lib contains the class', { 'lib/acme.jar': `PK...${NAME}...` }],
    [
      'the class is at the end of a large jar',
      { 'lib/acme.jar': Buffer.concat([Buffer.alloc(700_000, 1), Buffer.from(NAME)]) },
    ],
  ])('passes when %s', async (_, contents) => {
    expect(await inspect(contents, JAVA)).toEqual([]);
  });

  test.each<[string, Contents]>([
    ['is nowhere', { 'lib/acme.jar': 'com/acme/Other.class' }],
    ['is in a jar at the root, which Lambda does not load', { 'acme.jar': NAME }],
    ['is where Spring Boot has it', { [`BOOT-INF/classes/${NAME}`]: classFile(17), 'x.txt': '' }],
  ])('fails when the class %s', async (_, contents) => {
    expect(await inspect(contents, JAVA)).toContain(
      `The handler com.acme.Handler::handleRequest needs ${NAME} in the package`,
    );
  });

  test('is refused when the class is compiled for a newer version', async () => {
    expect(await inspect({ [NAME]: classFile(21) }, JAVA)).toContain(
      `${NAME} is compiled for Java 21, but the runtime is java17: compile with --release 17.`,
    );
  });

  test('is refused when the class is compiled for a newer version than Java 8', async () => {
    expect(await inspect({ [NAME]: classFile(11) }, { ...JAVA, Runtime: 'java8.al2' })).toContain(
      'compile with --release 8.',
    );
  });
});

describe('a custom runtime', () => {
  const CUSTOM = { Runtime: 'provided.al2023', Handler: 'main' };

  test.each<[string, Contents]>([
    ['a script', program('#!/bin/sh\nexec ./main\n')],
    ['a program', program('\x7fELF')],
    ['a file of an archive without modes', program('#!/bin/sh\n', 0)],
  ])('starts %s', async (_, contents) => {
    expect(await inspect(contents, CUSTOM)).toEqual([]);
  });

  test.each<[string, Contents, string]>([
    [
      'that is not executable',
      program('#!/bin/sh\n', 0o100644),
      'bootstrap is not executable, but provided.al2023 runs it: run chmod +x bootstrap',
    ],
    ['without an interpreter', program('echo hello'), 'bootstrap is neither a program for Linux nor a script'],
    ['that is empty', program(''), 'bootstrap is neither a program for Linux nor a script'],
    ['for Windows', program('MZ\x90\0'), 'bootstrap is neither a program for Linux nor a script'],
    ['with Windows line endings', program('#!/bin/sh\r\nexec ./main\r\n'), 'bootstrap has Windows line endings'],
    [
      'in another folder',
      { 'build/bootstrap': '#!/bin/sh', 'x.txt': '' },
      'The handler main needs bootstrap at the root of the package',
    ],
  ])('refuses a program %s', async (_, contents, message) => {
    expect(await inspect(contents, CUSTOM)).toContain(message);
  });

  test('may have its program in a layer', async () => {
    expect(await inspect({ 'main.lua': '' }, { ...CUSTOM, Layers: ['arn:layer'] })).toEqual([]);
  });
});

describe('.NET', () => {
  const DOTNET = { Runtime: 'dotnet8', Handler: 'Acme::Acme.Function::Handler' };

  test('passes with its assembly and the configuration of the assembly', async () => {
    expect(await inspect({ 'Acme.dll': '', 'Acme.runtimeconfig.json': '' }, DOTNET)).toEqual([]);
  });

  test('fails without its assembly', async () => {
    expect(await inspect({ 'Other.dll': '' }, DOTNET)).toContain('needs Acme.dll at the root of the package');
  });

  test('has a note without the configuration of the assembly', async () => {
    expect(await inspect({ 'Acme.dll': '' }, DOTNET)).toEqual([expect.stringContaining('Acme.runtimeconfig.json')]);
  });
});

describe('Ruby', () => {
  const RUBY = { Runtime: 'ruby3.4', Handler: 'app.Acme::Handler.process' };

  test.each([
    ['defines the method', 'class Acme::Handler\n  def self.process(event:, context:); end\nend'],
    ['loads other files', "require_relative 'lib/handler'"],
  ])('passes when the file %s', async (_, text) => {
    expect(await inspect({ 'app.rb': text }, RUBY)).toEqual([]);
  });

  test('is refused when the file has no such name', async () => {
    expect(await inspect({ 'app.rb': 'def handler(event:, context:); end' }, RUBY)).toContain(
      'app.rb defines no process, but the handler is app.Acme::Handler.process',
    );
  });
});

test('refuses a pointer of Git LFS', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
  const contents = { 'app.py': 'def handler(event, context): pass', 'model.bin': pointer };
  expect(await inspect(contents, { Runtime: 'python3.13', Handler: 'app.handler' })).toContain(
    'model.bin is a pointer of Git LFS, but its content was not fetched: run git lfs pull in the build',
  );
});

test('says nothing about a runtime that is newer than the library', async () => {
  expect(await inspect({ 'x.cbl': '' }, { Runtime: 'cobol1', Handler: 'x' })).toEqual([]);
});
