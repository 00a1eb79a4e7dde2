import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PACK_NODE } from './pack';
import { JUNIT_REPORTS, PACKAGE_FILE, Recipe, RecipeDirectories, REPORT_DIRECTORY } from './recipe';
import { copy, directoryOf, NEW_PACKAGE_DIRECTORY, quote } from './shell';

/** Node.js: the package manager whose lock file is there, the scripts `test` and `build`, and the source with its production dependencies. */
export function node(runtime: lambda.Runtime, { sourceDirectory, testDirectory, dependencyFile }: RecipeDirectories): Recipe {
  const manifest = dependencyFile ?? 'package.json';
  const project = directoryOf(manifest);
  const inProject = (command: string) => dependencyFile === undefined
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
      inProject('NODE_OPTIONS="$NODE_OPTIONS $NODE_TEST_OPTIONS" npm test --if-present'),
    ],
    build: [
      inProject('npm run build --if-present'),
      NEW_PACKAGE_DIRECTORY,
      copy(sourceDirectory, testDirectory, ['test', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml']),
      inProject(byLockFile(KEEP_PRODUCTION)),
      `if [ -d ${project}/node_modules ]; then tar -C ${project} --dereference --exclude=.bin --exclude=.cache --exclude='.*.json' --exclude='.*.yaml' -cf - node_modules | tar -C "$PACKAGE_DIRECTORY" -xf -; fi`,
      `if [ ! -f "$PACKAGE_DIRECTORY/package.json" ] && [ -f ${quote(manifest)} ]; then cp ${quote(manifest)} "$PACKAGE_DIRECTORY"; fi`,
      PACK_NODE,
    ],
    reports: JUNIT_REPORTS,
    // Content only: beside it are links, which no cache keeps.
    cachePaths: ['/root/.npm/_cacache/**/*', '/root/.local/share/pnpm/store/v10/files/**/*', '/root/.local/share/pnpm/store/v10/index/**/*', '/usr/local/share/.cache/yarn/**/*'],
    artifact: PACKAGE_FILE,
  };
}

interface PackageManagers {
  readonly pnpm: string;
  readonly yarn: string;
  readonly npm: string;
  readonly none: string;
}

// pnpm and yarn are fetched through npm, and so through CodeArtifact when there is one. A hoisted layout has no links out of the package.
// What a lock file names never changes: a cache is asked before the registry. pnpm would keep its store on the disk of the source.
const PNPM = 'npx --yes --prefer-offline pnpm@10 install --frozen-lockfile --prefer-offline --store-dir ~/.local/share/pnpm/store --config.node-linker=hoisted';
const YARN = 'npx --yes --prefer-offline yarn@1 install --frozen-lockfile --prefer-offline';
const INSTALL: PackageManagers = { pnpm: PNPM, yarn: YARN, npm: 'npm ci --prefer-offline', none: 'npm install' };

const KEEP_PRODUCTION: PackageManagers = {
  pnpm: `CI=true ${PNPM} --prod --ignore-scripts`,
  yarn: `${YARN} --production --ignore-scripts`,
  npm: 'npm prune --omit=dev --ignore-scripts',
  none: 'npm prune --omit=dev --ignore-scripts',
};

function byLockFile({ pnpm, yarn, npm, none }: PackageManagers): string {
  return `if [ -f pnpm-lock.yaml ]; then ${pnpm}; elif [ -f yarn.lock ]; then ${yarn}; elif [ -f package-lock.json ]; then ${npm}; else ${none}; fi`;
}
