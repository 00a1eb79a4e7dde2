import { type awscdk, javascript } from 'projen';

/** Snapshots are never written by the test task. */
export const testing = {
  jestOptions: {
    jestVersion: '^30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      coverageProvider: 'babel', // V8's own slows down all code, and the CDK's most of all
      testPathIgnorePatterns: ['/node_modules/', '/cdk.out/'],
      maxWorkers: 2, // one would run in the process of jest itself, which keeps the CDK of each test file
      workerIdleMemoryLimit: '1.5GB',
      globalSetup: '<rootDir>/test/support/environment.ts',
      globalTeardown: '<rootDir>/test/support/environment-removed.ts',
      setupFiles: ['<rootDir>/test/support/without-cloudformation-validation.ts'],
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/examples/'],
      collectCoverageFrom: ['src/**/*.ts', 'rehearsal/**/*.ts'],
    },
  },
  typecheckTests: true,
  integrationTestAutoDiscover: false,
} satisfies Partial<awscdk.AwsCdkConstructLibraryOptions>;

/** Tests that start builds, programs or a compiler, or load the CDK's validation: all others are unit tests. */
const NOT_UNIT = [
  '/node_modules/',
  '/cdk.out/',
  'test/builds/',
  'test/rehearsal/runs/',
  'test/rehearsal/build/build',
  'test/rehearsal/command/(rehearse|template-command)',
  'test/rehearsal/function/',
  'test/rehearsal/pipeline/actions/code-build',
  'test/private/runtime/programs',
  'test/integ/rehearsed',
  'test/projenrc/',
  'test/(docs|plain-template|prose|security)\\.',
];

/** Adds the floor of the coverage, and the tasks that run the tests in another way than the task `test` does. */
export function addTestTasks(project: awscdk.AwsCdkConstructLibrary): void {
  // projen's type for it does not know `global`
  project.jest!.config.coverageThreshold = { global: { statements: 95, branches: 90, functions: 95, lines: 95 } };

  const unit = project.addTask('test:unit', {
    description: 'Runs the unit tests with coverage: those that start no build, no program and no compiler',
  });
  unit.spawn(project.bundler.bundleTask);
  unit.exec(
    `jest --ci --coverageThreshold='{}' --testPathIgnorePatterns ${NOT_UNIT.map((name) => `'${name}'`).join(' ')}`,
  );

  // The library's promises hold for the newest CDK too
  const newest = project.addTask('test:newest-cdk', {
    description: 'Runs the tests of the construct against the newest aws-cdk-lib',
  });
  newest.exec('npm install --no-save --no-package-lock aws-cdk-lib@latest');
  newest.exec('jest --ci --coverage=false test --testPathIgnorePatterns test/rehearsal test/handlers');
  newest.exec('npm ci');

  // What the tests and the rehearsal believe of AWS, against AWS's own models
  const models = project.addTask('test:models', {
    description: "Compares the requests and answers of the tests with AWS's service models; needs Python and PyPI",
  });
  models.spawn(project.bundler.bundleTask);
  models.exec('tsx projenrc/aws-models.ts', { receiveArgs: true });

  const builds = project.addTask('builds', {
    description: 'Builds the small repositories of test/builds in the rehearsal: all, or those whose name has a text',
  });
  builds.spawn(project.bundler.bundleTask);
  builds.exec('tsx test/builds/run.ts', { receiveArgs: true });

  const publicBuilds = project.addTask('builds:public', {
    description: 'Builds functions of public repositories, for docs/builds.md: all, or those whose name has a text',
  });
  publicBuilds.spawn(project.bundler.bundleTask);
  publicBuilds.exec('tsx test/builds/public/run.ts', { receiveArgs: true });

  const clients = project.addTask('test:clients', {
    description: 'Runs boto3 and the AWS CLI against the stand-in, and boto3 against moto; needs Python and PyPI',
  });
  clients.spawn(project.bundler.bundleTask);
  clients.exec('tsx projenrc/aws-clients.ts');

  project.addTask('test:schemas', {
    exec: 'tsx projenrc/aws-schemas.ts --check',
    description: "Compares the rehearsal's resource schemas with cfn-lint's; needs Python and PyPI",
  });
  project.addTask('schemas', {
    exec: 'tsx projenrc/aws-schemas.ts',
    description: "Writes the rehearsal's resource schemas from cfn-lint's; needs Python and PyPI",
  });

  const acceptance = project.addTask('acceptance', {
    description: 'Runs the acceptance suite on an account of AWS: docs/acceptance.md',
  });
  acceptance.spawn(project.bundler.bundleTask);
  acceptance.exec('tsx test/integ/run.ts', { receiveArgs: true });

  project.addTask('test:packages', {
    description: 'Inspects real packages; needs Python, Java with Maven, Go, and the registries',
    exec: 'tsx test/packages/index.ts',
    receiveArgs: true,
  });

  // No test depends on the machine
  project.addTask('test:hostile', {
    exec: 'tsx projenrc/hostile-environment.ts',
    receiveArgs: true,
    description:
      'Runs the tests with nonsense in all variables, and an empty home; --without-tools hides Java, Go and zip',
  });
}
