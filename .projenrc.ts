import { awscdk, javascript, ReleasableCommits } from 'projen';
import { addChecks } from './projenrc/workflows';

/** The names that belong to whoever publishes the library: change them here and nowhere else. */
const OWNER = {
  name: 'Rayoo Nakano',
  address: 'rayoo-nakano@users.noreply.github.com',
  github: 'Rayoo-Nakano',
  mavenGroup: 'io.github.rayoonakano',
  dotNet: 'RayooNakano',
};
/** Publishes to the registries, with the rights to do so: a fixed version, to be raised by hand. */
const PUBLIB_VERSION = '0.2.1061';
const NAME = 'cdk-lambda-ci-cd-pipeline';
const MODULE = 'cdk_lambda_ci_cd_pipeline';

const project = new awscdk.AwsCdkConstructLibrary({
  // Identity
  name: NAME,
  description:
    'One construct from a repository to a safe CI/CD pipeline for an AWS Lambda function: build, test, publish, shift traffic, watch alarms, roll back.',
  author: OWNER.name,
  authorAddress: OWNER.address,
  repositoryUrl: `https://github.com/${OWNER.github}/${NAME}.git`,
  license: 'Apache-2.0',
  copyrightOwner: OWNER.name,
  keywords: ['aws', 'cdk', 'lambda', 'codepipeline', 'codebuild', 'codedeploy', 'codeartifact', 'canary', 'ci-cd'],
  defaultReleaseBranch: 'main',

  // Compatibility: the lowest CDK that users may have, which is also the one installed here
  cdkVersion: '2.262.0',
  cdkCliVersion: '^2.1148.1',
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3',
  projenVersion: '~0.103.25',
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '22.x',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  tsconfigDevFile: 'tsconfig.dev.json',
  // The source is not in the package: maps that hold it would make it three times as large
  tsconfig: { compilerOptions: { inlineSourceMap: false, inlineSources: false } },

  // Publishing
  publishToPypi: { distName: NAME, module: MODULE, trustedPublishing: true },
  publishToMaven: {
    javaPackage: `${OWNER.mavenGroup}.lambdacicdpipeline`,
    mavenGroupId: OWNER.mavenGroup,
    mavenArtifactId: NAME,
    mavenServerId: 'central-ossrh',
  },
  publishToGo: { moduleName: `github.com/${OWNER.github}/${NAME}-go` },
  publishToNuget: {
    dotNetNamespace: `${OWNER.dotNet}.CdkLambdaCiCdPipeline`,
    packageId: `${OWNER.dotNet}.CdkLambdaCiCdPipeline`,
    trustedPublishing: true,
  },
  npmTrustedPublishing: true,
  jsiiReleaseVersion: PUBLIB_VERSION,

  // Versions: docs/releasing.md
  // The first one of all, or of a major version; later the commits decide
  nextVersionCommand:
    "node -e \"process.env.LATEST_TAG || console.log(process.env.MAJOR ? process.env.MAJOR + '.0.0' : '0.1.0')\"",
  releasableCommits: ReleasableCommits.exec(
    [
      'git log --no-merges --oneline $LATEST_TAG..HEAD -E',
      "--grep '^(feat|fix|perf|revert)(\\([^()[:space:]]+\\))?!?: '",
      "--grep '^[a-z]+(\\([^()[:space:]]+\\))?!: '",
      "--grep '^BREAKING[ -]CHANGE: '",
    ].join(' '),
  ),
  versionrcOptions: {
    types: [
      { type: 'feat', section: 'Features' },
      { type: 'fix', section: 'Bug fixes' },
      { type: 'perf', section: 'Performance' },
      { type: 'revert', section: 'Reverts' },
    ],
  },
  bumpPackage: 'commit-and-tag-version@^12', // 13 declares Node 22, and the library builds on 20
  bin: { [NAME]: 'assets/cli/index.js' },

  // Tests: snapshots are never written by the test task, and the coverage has a floor
  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      testPathIgnorePatterns: ['/node_modules/', '/cdk.out/'],
      maxWorkers: 2, // one would run in the process of jest itself, which keeps the CDK of each test file
      workerIdleMemoryLimit: '1.5GB',
      globalSetup: '<rootDir>/test/support/temporary-folder.ts',
      globalTeardown: '<rootDir>/test/support/temporary-folder-removed.ts',
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/examples/'],
      collectCoverageFrom: ['src/**/*.ts', 'rehearsal/**/*.ts'],
    },
  },
  typecheckTests: true,
  prettier: true,
  prettierOptions: {
    settings: { printWidth: 120, singleQuote: true, trailingComma: javascript.TrailingComma.ALL },
    ignoreFileOptions: {},
  },
  eslintOptions: {
    prettier: true,
    tsconfigPath: './tsconfig.dev.json',
    dirs: ['src', 'rehearsal'],
    devdirs: ['test', 'rehearsal', 'benchmarks', 'examples', 'docs', 'languages', 'src/handlers'],
    ignorePatterns: [
      'examples/**/cdk.out/**',
      'examples/typescript/**',
      'examples/java/**',
      'examples/python/**',
      'examples/go/**',
      'languages/refusals/**',
      '*.js',
      '*.mjs',
      '*.d.ts',
      'node_modules/',
      'coverage',
    ],
  },
  lambdaAutoDiscover: false, // the release function is bundled below: minified, with its SDK clients
  integrationTestAutoDiscover: false,
  bundlerOptions: { esbuildVersion: '^0.28.2' },
  allowScripts: ['esbuild'],
  githubOptions: {
    mergify: false,
    pullRequestLintOptions: {
      semanticTitleOptions: {
        types: ['feat', 'fix', 'perf', 'revert', 'docs', 'test', 'refactor', 'style', 'build', 'ci', 'chore'],
      },
    },
  },
  depsUpgradeOptions: { cooldown: 7 },
  buildWorkflowOptions: {
    preBuildSteps: [
      {
        name: 'Fetch the tags of the releases',
        run: 'git fetch --quiet --tags https://github.com/${{ github.repository }}.git',
      },
    ],
  },
  gitignore: [
    '.jsii.tabl.json',
    '/examples/java/target/',
    '/examples/dotnet/**/bin/',
    '/examples/dotnet/**/obj/',
    'cdk.out/',
    '.rehearsal/',
    '*.local.*',
    '__pycache__/',
    '.venv/',
    '.DS_Store',
  ],
  devDeps: [
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-cloudwatch',
    '@aws-sdk/client-codedeploy',
    '@aws-sdk/client-codepipeline',
    '@aws-sdk/client-codebuild',
    '@aws-sdk/client-lambda',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-sns',
    '@aws-sdk/client-ssm',
    '@aws-sdk/credential-provider-env',
    '@smithy/core', // the protocol of newer versions of boto3, for the stand-in
    '@smithy/signature-v4',
    '@textlint/kernel',
    '@textlint/textlint-plugin-markdown',
    '@textlint/textlint-plugin-text', // prose: projenrc/prose
    '@textlint/ast-node-types',
    '@textlint/types',
    'textlint-rule-terminology',
    'aws-sdk-client-mock',
    'yauzl',
    'yazl',
    '@types/yauzl',
    '@types/yazl', // zip: read and written by the release function and the rehearsal
    'js-yaml@^4',
    '@types/js-yaml',
    'yaml',
    'cdk-nag@^3',
    'terser',
    'tsx',
  ],
});

// What the package's users do not need
for (const pattern of [
  '.venv',
  '__pycache__',
  'cdk.out',
  '.rehearsal',
  '.jsii.tabl.json',
  '/API.md',
  '/CONTRIBUTING.md',
  '/SECURITY.md',
  '/.ci/',
  '/benchmarks/',
  '/docs/',
  '/examples/',
  '/languages/',
  '/projenrc/',
  '/rehearsal/',
  '/lib/**/*.js',
  '!/lib/index.js',
  '!/lib/plain-template.js',
  '/lib/private/',
  '/lib/handlers/',
  '/lib/plain-*.d.ts',
  '/lib/deployment.d.ts',
  '/lib/release-function.d.ts',
  '/lib/target-function/config.d.ts',
]) {
  project.addPackageIgnore(pattern);
}
project.package.addField('publishConfig', { access: 'public' });
// Versions whose Go module zips and platform packages are served everywhere; for this repository only.
project.package.addPackageResolutions(
  'unrs-resolver@1.12.2',
  '@aws-cdk/cloud-assembly-schema@54.11.0',
  '@aws-cdk/asset-node-proxy-agent-v6@2.1.2',
);
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
project.npmrc.addConfig('fund', 'false');
project.npmrc.addConfig('audit', 'false');

// Bundles: made at release, so that nothing is bundled on the user's machine
const bundle = project.bundler.bundleTask;
bundle.exec('tsx projenrc/bundle.ts');
project.jest!.config.coverageThreshold = { global: { statements: 95, branches: 90, functions: 95, lines: 95 } };
project.testTask.prependSpawn(bundle); // a fresh clone has no assets/ yet, and the tests read them
project.gitignore.addPatterns('/assets/');

// The main job of the README, and the figures of benchmarks/README.md
const rehearse = project.addTask('rehearse', {
  description: "Synthesizes the sample's pipeline and rehearses six pushes on it",
});
rehearse.spawn(bundle);
rehearse.exec('node examples/inventory-allocation/rehearse.mjs');
const shrink = project.addTask('shrink', {
  description: 'Makes one file of the compiled library, and declares only what is public',
});
shrink.exec('tsx projenrc/shrink.ts');
shrink.exec('tsc -p tsconfig.json --emitDeclarationOnly --stripInternal true'); // jsii takes no such setting
project.compileTask.spawn(shrink); // what is packed is always what loads
const benchmark = project.addTask('benchmark', { description: 'Measures the figures that the library promises' });
benchmark.spawn(bundle);
benchmark.spawn(project.compileTask);
benchmark.exec('tsx benchmarks/run.ts');

// The English of documents, messages, comments and names
const prose = project.addTask('lint:prose', {
  exec: 'tsx projenrc/prose/index.ts',
  receiveArgs: true,
  description: 'Checks the English of documents, messages, comments and names',
});
project.testTask.spawn(prose);

// The picture in the README
const diagram = project.addTask('diagram', {
  description: 'Draws docs/stages from a synthesized pipeline',
  env: { CDK_OUTDIR: 'cdk.out/stages' },
});
diagram.exec('tsx docs/stages/app.ts');
diagram.exec('tsx rehearsal/command/cli.ts diagram "$CDK_OUTDIR" --format svg > docs/stages/stages.svg');
diagram.exec('tsx rehearsal/command/cli.ts diagram "$CDK_OUTDIR" --format mermaid > docs/stages/stages.mmd');

project.addTask('languages', {
  exec: 'tsx languages/run.ts',
  receiveArgs: true,
  description: 'Packs the library for each language, and tries the examples with the packages',
});
project.addTask('benchmark:languages', {
  exec: 'tsx benchmarks/languages.ts',
  receiveArgs: true,
  description: 'Measures package, install and first synth in each language against the CDK alone',
});

// What is published is read before, and what it is made of is known
project.tasks.tryFind('package:js')!.exec('tsx projenrc/check-package.ts');
project.tasks.tryFind('compat')!.reset('tsx projenrc/compat.ts');
project.packageTask.prependSpawn(project.tasks.tryFind('compat')!);
const releaseTask = project.tasks.tryFind('release')!;
releaseTask.insertStep(0, { exec: 'tsx projenrc/release-check.ts tree' });
releaseTask.insertStep(releaseTask.steps.findIndex(({ spawn }) => spawn === 'bump') + 1, {
  exec: 'tsx projenrc/release-check.ts version',
});
releaseTask.updateStep(
  releaseTask.steps.findIndex(({ spawn }) => spawn === 'build'),
  { spawn: 'build', condition: 'tsx projenrc/release-check.ts wanted' },
);
releaseTask.exec('tsx projenrc/release-check.ts outcome');
project.addTask('release:rehearse', {
  exec: 'node --import tsx projenrc/release-rehearsal/index.ts', // without the wrapper, which ends it at Ctrl-C before it has cleaned up
  receiveArgs: true,
  description: 'Rehearses two releases into registries on this machine, and takes them from there',
});
project.addTask('audit', {
  exec: 'npm audit --audit-level=high',
  description: 'Asks npm for known vulnerabilities of what the lock file names',
});

// The picture of AWS that the tests and the rehearsal have, against AWS's own
const models = project.addTask('test:models', {
  description: "Compares the requests and answers of the tests with AWS's service models; needs Python and PyPI",
});
models.spawn(bundle);
models.exec('tsx projenrc/aws-models.ts', { receiveArgs: true });

// The library's promises hold for the newest CDK too
const newest = project.addTask('test:newest-cdk', {
  description: 'Runs the tests of the construct against the newest aws-cdk-lib',
});
newest.exec('npm install --no-save --no-package-lock aws-cdk-lib@latest');
newest.exec('jest --ci --coverage=false test --testPathIgnorePatterns test/rehearsal test/handlers');
newest.exec('npm ci');

// Each example of the README and of a docstring has to compile
const rosetta = project.addTask('rosetta:extract', { exec: 'jsii-rosetta extract --strict .jsii' });
project.postCompileTask.spawn(rosetta);
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

for (const folder of ['rehearsal', 'benchmarks', 'languages', 'examples/inventory-allocation', 'docs']) {
  project.tsconfigDev.addInclude(`${folder}/**/*.ts`);
}
const releaseWorkflow = project.tryFindObjectFile('.github/workflows/release.yml')!;
// publib's own default is the public registry: its host stands nowhere in here
releaseWorkflow.addDeletionOverride('jobs.release_npm.steps.9.env.NPM_REGISTRY');
// npm first: what is in npm without a tag is a release that stopped half-way (projenrc/release-check.ts)
for (const job of ['release_maven', 'release_pypi', 'release_nuget', 'release_golang']) {
  releaseWorkflow.addOverride(`jobs.${job}.needs`, ['release', 'release_npm']);
}
// Trusted publishing needs npm 11.5.1, and Node.js 22 comes with npm 10
releaseWorkflow.addOverride('jobs.release_npm.steps.0.with.node-version', '24.x');

addChecks(project);

// One project for the linter: projen looks for the nearest tsconfig.json, which knows neither tests nor rehearsal
project.tsconfigDev.addInclude('.projenrc.ts');
project.tsconfigDev.addExclude('examples/typescript'); // an app of its own, which installs the package
project.tsconfigDev.addExclude('languages/refusals'); // and a program that is put into it
const eslintrc = project.tryFindObjectFile('.eslintrc.json');
eslintrc?.addOverride('parserOptions.project', './tsconfig.dev.json');
eslintrc?.addDeletionOverride('parserOptions.projectService');
// One dialect; Prettier decides about the rest
eslintrc?.addOverride('rules.curly', ['error', 'all']);
eslintrc?.addOverride('rules.sort-imports', ['error', { ignoreCase: true, ignoreDeclarationSort: true }]);
eslintrc?.addOverride('rules.import/enforce-node-protocol-usage', ['error', 'always']);

project.synth();
