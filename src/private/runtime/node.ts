import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PACK_NODE } from './pack';
import { COVERAGE_DIRECTORY, JUNIT_REPORTS, PACKAGE_FILE, Recipe, RecipeDirectories, REPORT_DIRECTORY } from './recipe';
import { copy, directoryOf, NEW_PACKAGE_DIRECTORY, quote } from './shell';

/** Node.js: the package manager whose lock file is there, the scripts `test` and `build`, and the source with its production dependencies. */
export function node(
  runtime: lambda.Runtime,
  { sourceDirectory, testDirectory, dependencyFile, coverage }: RecipeDirectories,
): Recipe {
  const manifest = dependencyFile ?? 'package.json';
  const project = directoryOf(manifest);
  const inProject = (command: string) =>
    dependencyFile === undefined
      ? `if [ -f package.json ]; then ${command}; else echo "no package.json: nothing to do"; fi`
      : `(cd ${project} && ${command})`;
  return {
    tool: 'npm',
    runtimeVersions: { nodejs: runtime.name.replace(/^nodejs(\d+)\.x$/, '$1') },
    install: [inProject(byLockFile(INSTALL))],
    preBuild: [
      `mkdir -p ${REPORT_DIRECTORY}`,
      // Tests of Node's own runner write the report by these options; another runner has its own way to write reports/*.xml.
      `export NODE_TEST_OPTIONS="--test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=$PWD/${REPORT_DIRECTORY}/unit-tests.xml"`,
      ...(coverage
        ? [
            `export COVERAGE="npx --yes --prefer-offline c8@10 --reporter=cobertura --reports-dir=$PWD/${COVERAGE_DIRECTORY}"`,
          ]
        : []),
      inProject(`NODE_OPTIONS="$NODE_OPTIONS $NODE_TEST_OPTIONS" ${coverage ? '$COVERAGE ' : ''}npm test --if-present`),
    ],
    build: [
      inProject('npm run build --if-present'),
      NEW_PACKAGE_DIRECTORY,
      copy(sourceDirectory, testDirectory, ['test', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml']),
      inProject(byLockFile(KEEP_PRODUCTION)),
      `if [ -d ${project}/node_modules ]; then tar -C ${project} --dereference --exclude=.bin --exclude=.cache --exclude='.*.json' --exclude='.*.y*ml' -cf - node_modules | tar -C "$PACKAGE_DIRECTORY" -xf -; fi`,
      `if [ ! -f "$PACKAGE_DIRECTORY/package.json" ] && [ -f ${quote(manifest)} ]; then cp ${quote(manifest)} "$PACKAGE_DIRECTORY"; fi`,
      PACK_NODE,
    ],
    reports: JUNIT_REPORTS,
    // Content only: beside it are links, which no cache keeps.
    cachePaths: [
      '/root/.npm/_cacache/**/*',
      ...['v3/files', 'v10/files', 'v10/index'].map((folder) => `/root/.local/share/pnpm/store/${folder}/**/*`),
      '/usr/local/share/.cache/yarn/**/*',
      '/root/.cache/yarn-berry/cache/**/*',
    ],
    artifact: PACKAGE_FILE,
  };
}

interface PackageManagers {
  readonly pnpm: string;
  readonly yarn: string;
  readonly npm: string;
  readonly none: string;
}

/** The version that package.json pins in `packageManager`, or the newest that the recipe was tried with. */
const versionOf = (name: string, otherwise: string) =>
  `$(node -p '((require("./package.json").packageManager || "").match(/^${name}@([\\w.-]+)/) || [])[1] || "${otherwise}"')`;

// pnpm and yarn are fetched through npm, and so through CodeArtifact when there is one. A hoisted layout has no links out of the package.
// What a lock file names never changes: a cache is asked before the registry. pnpm would keep its store on the disk of the source.
const RUN = 'npx --yes --prefer-offline';
const PNPM = `${RUN} pnpm@${versionOf('pnpm', '10')} install --frozen-lockfile --prefer-offline --store-dir ~/.local/share/pnpm/store --config.node-linker=hoisted`;
const YARN_1 = `${RUN} yarn@1 install --frozen-lockfile --prefer-offline`;
const YARN = `${RUN} @yarnpkg/cli-dist@${versionOf('yarn', '4')}`;

/** Yarn 2 and later have a lock file of another kind, link instead of copying unless they are told, and do not read what the login to CodeArtifact writes. */
const byYarn = (newer: string, older: string) =>
  `if grep -q "^__metadata:" yarn.lock; then ${NEWER_YARN} && ${newer}; else ${older}; fi`;
const NEWER_YARN =
  'export YARN_NODE_LINKER=node-modules YARN_ENABLE_TELEMETRY=0 YARN_ENABLE_GLOBAL_CACHE=true YARN_GLOBAL_FOLDER=~/.cache/yarn-berry' +
  ' && if [ -n "$CODEARTIFACT_REPOSITORY" ]; then export YARN_NPM_ALWAYS_AUTH=true YARN_NPM_REGISTRY_SERVER="$(npm config get registry)"' +
  ' && export YARN_NPM_AUTH_TOKEN="$(sed -n "s|^${YARN_NPM_REGISTRY_SERVER#*:}:_authToken=||p" ~/.npmrc)"; fi';

const INSTALL: PackageManagers = {
  pnpm: PNPM,
  yarn: byYarn(`${YARN} install --immutable`, YARN_1),
  npm: 'npm ci --prefer-offline',
  none: 'npm install',
};

const KEEP_PRODUCTION: PackageManagers = {
  pnpm: `CI=true ${PNPM} --prod --ignore-scripts`,
  yarn: byYarn(`${YARN} workspaces focus --production`, `${YARN_1} --production --ignore-scripts`),
  npm: 'npm prune --omit=dev --ignore-scripts',
  none: 'npm prune --omit=dev --ignore-scripts',
};

function byLockFile({ pnpm, yarn, npm, none }: PackageManagers): string {
  return `if [ -f pnpm-lock.yaml ]; then ${pnpm}; elif [ -f yarn.lock ]; then ${yarn}; elif [ -f package-lock.json ]; then ${npm}; else ${none}; fi`;
}
