import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PACK_NODE, PACK_PYTHON } from './pack';

/** Where a build finds what it needs, relative to the repository's root. */
export interface RecipeDirectories {
  readonly sourceDirectory: string;
  readonly testDirectory: string;
  /** Whether the user named the test directory: then it has to be there. */
  readonly testDirectoryRequired: boolean;
  readonly dependencyFile?: string;
}

/** How a function of a runtime family is built, by the phases of a build specification. */
export interface Recipe {
  /** Package manager that CodeArtifact logs in. */
  readonly tool: 'pip' | 'npm';
  readonly runtimeVersions: { [name: string]: string };
  readonly install: string[];
  readonly preBuild: string[];
  readonly build: string[];
}

/** Folder for test reports, relative to the repository's root. */
export const REPORT_DIRECTORY = 'reports';

/** The recipe of the runtime's family; nothing when it has none. */
export function recipe(runtime: lambda.Runtime, directories: RecipeDirectories): Recipe | undefined {
  switch (runtime.family) {
    case lambda.RuntimeFamily.PYTHON: return python(runtime, directories);
    case lambda.RuntimeFamily.NODEJS: return node(runtime, directories);
    default: return undefined;
  }
}

function python(runtime: lambda.Runtime, { sourceDirectory, testDirectory, testDirectoryRequired, dependencyFile }: RecipeDirectories): Recipe {
  const requirements = quote(dependencyFile ?? 'requirements.txt');
  const install = (options: string) => `python3 -m pip install --quiet --disable-pip-version-check ${options}-r ${requirements}`;
  return {
    tool: 'pip',
    runtimeVersions: { python: runtime.name.replace('python', '') },
    install: [
      'python3 -m pip install --quiet --disable-pip-version-check pytest',
      whenThere('-f', requirements, dependencyFile !== undefined, install(''), `no ${requirements}: no dependencies to install`),
    ],
    preBuild: [
      whenThere('-d', quote(testDirectory), testDirectoryRequired,
        `PYTHONPATH=${quote(sourceDirectory)} python3 -m pytest ${quote(testDirectory)} --junitxml=${REPORT_DIRECTORY}/unit-tests.xml`,
        `no directory ${quote(testDirectory)}: no unit tests to run`),
    ],
    build: [
      'export PACKAGE_DIRECTORY=$(mktemp -d)',
      `if [ -f ${requirements} ]; then ${install('--no-compile --target "$PACKAGE_DIRECTORY" ')}; fi`,
      copy(sourceDirectory, testDirectory, ['.venv', 'venv', '.pytest_cache']),
      PACK_PYTHON,
    ],
  };
}

function node(runtime: lambda.Runtime, { sourceDirectory, testDirectory, dependencyFile }: RecipeDirectories): Recipe {
  const manifest = dependencyFile ?? 'package.json';
  const project = manifest.includes('/') ? manifest.slice(0, manifest.lastIndexOf('/')) : '.';
  const inProject = (command: string, otherwise: string) =>
    `if [ -f ${quote(manifest)} ]; then (cd ${quote(project)} && ${command}); else echo ${quote(otherwise)}; fi`;
  return {
    tool: 'npm',
    runtimeVersions: { nodejs: runtime.name.replace(/^nodejs(\d+)\.x$/, '$1') },
    install: [inProject('if [ -f package-lock.json ]; then npm ci; else npm install; fi', `no ${manifest}: no dependencies to install`)],
    preBuild: [
      `mkdir -p ${REPORT_DIRECTORY}`,
      // Tests of Node's own runner write the report by these options; another runner has its own way to write reports/*.xml.
      `export NODE_TEST_OPTIONS="--test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=$PWD/${REPORT_DIRECTORY}/unit-tests.xml"`,
      inProject('NODE_OPTIONS="$NODE_OPTIONS $NODE_TEST_OPTIONS" npm test --if-present', `no ${manifest}: no unit tests to run`),
    ],
    build: [
      inProject('npm run build --if-present', `no ${manifest}: nothing to compile`),
      'export PACKAGE_DIRECTORY=$(mktemp -d)',
      copy(sourceDirectory, testDirectory, ['test']),
      `if [ -f ${quote(manifest)} ]; then for file in package.json package-lock.json .npmrc; do if [ -f ${quote(project)}/$file ]; then cp ${quote(project)}/$file "$PACKAGE_DIRECTORY"; fi; done; `
        + '(cd "$PACKAGE_DIRECTORY" && if [ -f package-lock.json ]; then npm ci --omit=dev --ignore-scripts --no-bin-links; else npm install --omit=dev --ignore-scripts --no-bin-links --no-package-lock; fi); fi',
      PACK_NODE,
    ],
  };
}

/** Copies the source without what is no part of a package. */
function copy(sourceDirectory: string, testDirectory: string, others: string[]): string {
  const inside = relativeTo(sourceDirectory, testDirectory);
  const excluded = ['./.git', './.github', './cdk.out', 'node_modules', '__pycache__', '*.pyc', `./${REPORT_DIRECTORY}`, ...(inside ? [`./${inside}`] : []), ...others];
  const excludes = excluded.map((name) => `--exclude=${quote(name)}`).join(' ');
  return `tar -C ${quote(sourceDirectory)} ${excludes} -cf - . | tar -C "$PACKAGE_DIRECTORY" -xf -`;
}

function relativeTo(directory: string, path: string): string | undefined {
  if (directory === '.') {
    return path;
  }
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : undefined;
}

function whenThere(test: '-f' | '-d', quoted: string, required: boolean, command: string, otherwise: string): string {
  return required ? command : `if [ ${test} ${quoted} ]; then ${command}; else echo "${otherwise.replace(/"/g, '')}"; fi`;
}

/** Paths are checked before they come here: quotes are for the spaces in them. */
function quote(path: string): string {
  return /^[\w./@+*-]+$/.test(path) ? path : `"${path}"`;
}
