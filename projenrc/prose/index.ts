/**
 * Checks the English of documents, comments, messages and names: `npx projen lint:prose`, or with paths of files and
 * folders. Prints each finding with file and line, and exits with 1 if there is one.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { TextlintKernel, type TextlintKernelRule } from '@textlint/kernel';
import markdown from '@textlint/textlint-plugin-markdown';
import plainText from '@textlint/textlint-plugin-text';
import { PHRASES } from './phrases';
import { noForeignIdiom } from './rule';
import { namesIn, shadowOf } from './shadow';

/** Generated files, and files that contain the phrases. */
const NOT_OURS = /^(API\.md|projenrc\/prose\/phrases\.ts|test\/prose\.test\.ts|node_modules\/|\.projen\/)|\.d\.ts$/;
const PROGRAM = /\.(ts|js|mjs)$/;
const OTHER = /\.(md|py|java|go|cs|sh)$|^\.ci\/run$/;
/** Terms that AWS, npm or GitHub write otherwise. */
const NOT_TERMS = ['ZIP', 'readme(s)?', 'file[- ]name(s)?', 'lock[- ]file(s)?'];

const kernel = new TextlintKernel();
const interop = <T>(plugin: T): T => (plugin as { default?: T }).default ?? plugin;

/** How products and terms are written; a module that only `import()` can load. */
async function terminology(): Promise<TextlintKernelRule> {
  const name = 'textlint-rule-terminology';
  const { default: rule } = await import(name);
  return { ruleId: 'terminology', rule: interop(rule), options: { exclude: NOT_TERMS } };
}

async function lint(file: string): Promise<string[]> {
  const content = fs.readFileSync(file, 'utf8');
  const program = PROGRAM.test(file);
  const { messages } = await kernel.lintText(program ? shadowOf(file, content) : content, {
    filePath: file,
    ext: file.endsWith('.md') ? '.md' : '.txt',
    plugins: [
      { pluginId: 'markdown', plugin: interop(markdown) },
      { pluginId: 'text', plugin: interop(plainText) },
    ],
    rules: [
      { ruleId: 'no-foreign-idiom', rule: noForeignIdiom },
      ...(file.endsWith('.md') ? [await terminology()] : []),
    ],
  });
  const names = program ? namesIn(file, content) : [];
  return [
    ...messages.map(({ message, loc }) => `${file}:${loc.start.line}: ${message}`),
    ...names.flatMap(({ name, line }) =>
      PHRASES.filter(({ pattern }) => name.match(pattern)).map(
        ({ instead }) => `${file}:${line}: the name "${name}": write ${instead}`,
      ),
    ),
  ];
}

async function run(wanted: string[]): Promise<void> {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => (PROGRAM.test(file) || OTHER.test(file)) && !NOT_OURS.test(file) && fs.existsSync(file))
    .filter((file) => wanted.length === 0 || wanted.some((each) => file.startsWith(path.normalize(each))));
  const findings = (await Promise.all(files.map(lint))).flat();
  findings.forEach((finding) => console.error(finding));
  console.log(`${files.length} files, ${findings.length} findings`);
  process.exitCode = findings.length > 0 ? 1 : 0;
}

void run(process.argv.slice(2));
