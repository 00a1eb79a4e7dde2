import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '..');
const FIXTURE = fs.readFileSync(path.join(ROOT, 'rosetta/default.ts-fixture'), 'utf8');

/**
 * `declare const key: kms.Key;` in a constructor, with the variables that a sample assumes; jsii-rosetta accepts it too.
 */
const DECLARED_IN_A_BLOCK = 1184;

interface Sample {
  /** File and line of the sample. */
  readonly place: string;
  readonly text: string;
}

function filesIn(folder: string): string[] {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? (entry.name === 'node_modules' ? [] : filesIn(name)) : [name];
  });
}

const markdownFiles = (folder: string) => filesIn(folder).filter((name) => name.endsWith('.md'));
const programFiles = (folder: string) => filesIn(folder).filter((name) => /\.(ts|mjs|js)$/.test(name));

const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const DOCUMENTS = [
  ...fs.readdirSync(ROOT).filter((name) => name.endsWith('.md') && name !== 'API.md'),
  ...['benchmarks', 'docs', 'examples'].flatMap(markdownFiles),
];

/**
 * The ```ts blocks of a document, each as a whole file: in the constructor of the fixture, or by itself with
 * `nofixture`.
 */
function samplesOf(file: string): Sample[] {
  const text = read(file);
  return [...text.matchAll(/^```ts( nofixture)?\n([\s\S]*?)^```$/gm)].map(({ index, 1: nofixture, 2: code }) => ({
    place: `${file}:${text.slice(0, index).split('\n').length}`,
    text: nofixture ? code : FIXTURE.replace('/// here', () => code),
  }));
}

/** Compiles all samples in one program, and returns the errors. */
function diagnose(samples: Sample[]): string[] {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.dev.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, ROOT);
  const all = {
    ...options,
    noUnusedLocals: false,
    noUnusedParameters: false,
    skipLibCheck: true,
    paths: {
      'cdk-lambda-ci-cd-pipeline': [path.join(ROOT, 'src/index.ts')],
      'aws-cdk-lib': [path.join(ROOT, 'node_modules/aws-cdk-lib/core/index.d.ts')], // the rest of it takes seconds
    },
  };
  const files = new Map(samples.map((sample, index) => [path.join(ROOT, 'test', `sample-${index}.ts`), sample]));
  const host = ts.createCompilerHost(all);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, version, ...rest) => {
    const sample = files.get(name);
    return sample ? ts.createSourceFile(name, sample.text, version) : getSourceFile(name, version, ...rest);
  };
  const program = ts.createProgram([...files.keys()], all, host);
  return [...files].flatMap(([name, { place }]) => {
    const source = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .filter(({ code }) => code !== DECLARED_IN_A_BLOCK)
      .map(({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
}

/** Returns the anchor that GitHub gives a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/ /g, '-');
const anchorsOf = (file: string) => [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading));

const MANIFEST = JSON.parse(read('package.json'));
const REPOSITORY = MANIFEST.repository.url.replace(/\.git$/, '');
/** An address of a file of this repository on GitHub, on its default branch. */
const HERE = [`${REPOSITORY}/blob/main/`, `${REPOSITORY.replace('github.com', 'raw.githubusercontent.com')}/main/`];

function brokenLinks(file: string): string[] {
  const links = [...read(file).matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)];
  return links.flatMap(([link, target, anchor]) => {
    const here = HERE.find((address) => target.startsWith(address));
    if (/^https?:/.test(target) && !here) {
      return [];
    }
    const relative = target ? path.posix.join(path.posix.dirname(file), target) : file;
    const name = here ? target.slice(here.length) : relative;
    const found = name === 'API.md' || fs.existsSync(path.join(ROOT, name)); // API.md is generated
    return found && (!anchor || anchorsOf(name).includes(anchor)) ? [] : [`${file}: ${link}`];
  });
}

test('comments name documents and headings that exist', () => {
  const files = ['src', 'rehearsal', 'projenrc', 'examples/inventory-allocation'].flatMap(programFiles);
  const named = files.flatMap((file) =>
    [...read(file).matchAll(/\bdocs\/[\w./-]+\.md(?:#([\w-]+))?/g)].map(([text, anchor]) => ({ file, text, anchor })),
  );
  const missing = named.filter(({ text, anchor }) => {
    const [name] = text.split('#');
    return !fs.existsSync(path.join(ROOT, name)) || (anchor && !anchorsOf(name).includes(anchor));
  });
  expect(files.length).toBeGreaterThan(100);
  expect(missing.map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
});

test('docs/rehearsal.md links files that exist', () => {
  const linked = [...read('docs/rehearsal.md').matchAll(/\]\(\.\.\/([^)#]+)/g)].map(([, file]) => file);
  expect(linked.length).toBeGreaterThan(80);
  expect(linked.filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
});

describe('samples', () => {
  const samples = DOCUMENTS.flatMap(samplesOf);
  const broken = {
    place: 'broken.md:7',
    text: FIXTURE.replace('/// here', 'new LambdaCiCdPipeline(this, "Pipeline", { projektName: "inventory" });'),
  };
  const found = diagnose([...samples, broken]);

  test('of the documents compile', () => {
    expect(samples.length).toBeGreaterThan(20);
    expect(found.filter((message) => !message.startsWith(broken.place))).toEqual([]);
  });

  test('that do not compile are named with file and line', () => {
    expect(found.join('\n')).toMatch(/^broken\.md:7: .*projektName/m);
  });
});

test.each(DOCUMENTS)('%s links to existing files and headings', (file) => {
  expect(brokenLinks(file)).toEqual([]);
});

describe('the same pipeline in each language', () => {
  const without = (text: string) => text.replace(/\s+/g, ' ').trim();

  test.each([
    ['ts nofixture', 'examples/typescript/minimal.ts'],
    ['python', 'examples/python/minimal.py'],
    ['java', 'examples/java/src/main/java/com/acme/inventory/MinimalApp.java'],
    ['go', 'examples/go/minimal/main.go'],
  ])('is the sample of the documents, and runs in the examples: %s', (language, example) => {
    const [, sample] = read(language.startsWith('ts') ? 'README.md' : 'docs/languages.md').split(`\`\`\`${language}\n`);
    expect(without(read(example))).toContain(without(sample.split('```')[0]));
  });
});

describe('the README', () => {
  const readme = read('README.md');

  test('takes a newcomer five minutes', () => {
    expect(readme.split(/\s+/).length).toBeLessThan(1000);
  });

  test('has absolute links to this repository alone, because the packages contain it without the other files', () => {
    const links = [...readme.matchAll(/\]\(([^)]*)\)/g)].map(([, target]) => target);
    expect(links.length).toBeGreaterThan(15);
    expect(
      links.filter((link) => ![...HERE, `${REPOSITORY}/actions/`].some((address) => link.startsWith(address))),
    ).toEqual([]);
  });

  test('has the two commands that try the library', () => {
    expect(readme).toContain('npm ci && npx projen rehearse');
    expect(readme).toContain('npm ci && npx projen test');
  });

  test('names the lowest version of the CDK', () => {
    expect(readme).toContain(`aws-cdk-lib ${MANIFEST.peerDependencies['aws-cdk-lib'].slice(1)} or later`);
  });
});

describe('CONTRIBUTING.md', () => {
  const contributing = read('CONTRIBUTING.md');
  const quoted = [...contributing.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text);

  test('names files and folders that exist', () => {
    const places = quoted.filter((text) =>
      /^(src|rehearsal|test|docs|projenrc|languages|benchmarks|\.github)\/[\w./-]*$/.test(text),
    );
    expect(places.length).toBeGreaterThan(25);
    expect(places.filter((place) => !fs.existsSync(path.join(ROOT, place)))).toEqual([]);
  });

  test('shows folders and files that exist, and each folder of the release function and of the rehearsal', () => {
    const map = contributing.split('```\nsrc/\n')[1].split('```')[0];
    const missing = [
      ['src/handlers/release', 4],
      ['rehearsal', 2],
    ].flatMap(([folder, indent]) =>
      fs
        .readdirSync(path.join(ROOT, String(folder)), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .filter(({ name }) => !new RegExp(`^ {${indent}}(?:[\\w-]+/ +)*${name}/(?: |$)`, 'm').test(map))
        .map(({ name }) => `${folder}/${name}`),
    );
    expect(missing).toEqual([]);
  });

  test.each(DOCUMENTS)('and %s name tasks that exist', (file) => {
    const { tasks } = JSON.parse(read('.projen/tasks.json'));
    const named = [...read(file).matchAll(/npx projen ([a-z][\w:-]*)/g)].map(([, name]) => name);
    expect(named.filter((name) => !tasks[name])).toEqual([]);
  });
});

describe('the decisions', () => {
  const index = read('docs/decisions/README.md');

  test('have no gap in their numbers: each has a page or a place in the design document', () => {
    const numbers = [...index.matchAll(/^- \[?(\d{3})\. /gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, position) => position + 1));
  });

  test('are all in the index', () => {
    const pages = fs.readdirSync(path.join(ROOT, 'docs/decisions')).filter((name) => name !== 'README.md');
    expect(pages.filter((name) => !index.includes(`](${name})`))).toEqual([]);
  });
});
