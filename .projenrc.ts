import { awscdk, cdk, javascript } from 'projen';
import { FILE_PATTERNS } from './projenrc/package-files';
import { addLintRules, linting } from './projenrc/project/linting';
import { addReleaseTasks, type Owner, publishing, ReleaseWorkflow, versions } from './projenrc/project/publishing';
import { addBundles, addTasks } from './projenrc/project/tasks';
import { addTestTasks, testing } from './projenrc/project/testing';
import { addChecks, addNightly, workflows } from './projenrc/project/workflows';

/** The names that belong to the publisher of the library: change them here and nowhere else. */
const OWNER: Owner = {
  name: 'Rayoo Nakano',
  address: 'rayoo-nakano@users.noreply.github.com',
  github: 'Rayoo-Nakano',
  mavenGroup: 'io.github.rayoonakano',
  dotNet: 'RayooNakano',
};
const NAME = 'cdk-lambda-ci-cd-pipeline';

const project = new awscdk.AwsCdkConstructLibrary({
  // Identity
  name: NAME,
  description:
    'One construct from a repository to a safe CI/CD pipeline for an AWS Lambda function: build, test, publish, shift traffic, watch alarms, roll back.',
  author: OWNER.name,
  authorAddress: OWNER.address,
  repositoryUrl: `https://github.com/${OWNER.github}/${NAME}.git`,
  stability: cdk.Stability.EXPERIMENTAL, // until the pipeline has released on a live account; PyPI calls it Beta
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
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  tsconfigDevFile: 'tsconfig.dev.json',

  // Package: projenrc/package-files.ts lists what is in it
  npmignoreEnabled: false,
  bin: { [NAME]: 'assets/cli/index.js' },
  tsconfig: { compilerOptions: { inlineSourceMap: false, sourceMap: true, inlineSources: true } },
  lambdaAutoDiscover: false, // the release function is bundled by projenrc/bundle.ts, with its SDK clients
  bundlerOptions: { esbuildVersion: '^0.28.2' },

  ...publishing(NAME, OWNER),
  ...versions,
  ...testing,
  ...linting,
  ...workflows,

  depsUpgradeOptions: { cooldown: 7 },
  allowScripts: ['esbuild'],
  devDeps: [
    '@arethetypeswrong/cli',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0', // the acceptance suite
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-cloudwatch',
    '@aws-sdk/client-codebuild',
    '@aws-sdk/client-codedeploy',
    '@aws-sdk/client-codepipeline',
    '@aws-sdk/client-lambda',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-sns',
    '@aws-sdk/client-ssm',
    '@aws-sdk/credential-provider-env',
    '@cyclonedx/cyclonedx-esbuild',
    '@lezer/common', // reads the modules of a package without running them
    '@lezer/javascript',
    '@lezer/python',
    '@smithy/core', // the protocol of newer versions of boto3, for the stand-in
    '@textlint/ast-node-types', // prose: projenrc/prose
    '@textlint/kernel',
    '@textlint/textlint-plugin-markdown',
    '@textlint/textlint-plugin-text',
    '@textlint/types',
    '@types/js-yaml',
    '@types/yauzl',
    '@types/yazl',
    'aws-sdk-client-mock',
    'cdk-nag@^3',
    'fast-check',
    'js-yaml@^4',
    'publint',
    'textlint-rule-terminology',
    'tsx',
    'yaml',
    'yauzl', // zip: read and written by the release function and the rehearsal
    'yazl',
  ],
  gitignore: [
    '/.npmignore', // jsii-pacmak writes it, and npm goes by `files` of package.json instead
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
});
project.package.addField('files', FILE_PATTERNS);
project.package.addField('type', 'commonjs');
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
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

addBundles(project);
addTasks(project);
addTestTasks(project);
addReleaseTasks(project);
addLintRules(project);
addChecks(project);
addNightly(project);
new ReleaseWorkflow(project);

project.synth();
