import { type awscdk, github } from 'projen';
import { positionOf } from './find';

const { JobPermission } = github.workflows;

/** Programs from the Go module proxy, at versions that work with these files. */
const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';
const OSV_SCANNER = 'github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.2.4';

const NODE = { 'node-version': '22.x', 'package-manager-cache': false };
const setUp = (tool: 'node' | 'python' | 'java' | 'go', settings: object): github.workflows.JobStep => ({
  uses: {
    node: 'actions/setup-node@v7.0.0',
    python: 'actions/setup-python@v7.0.0',
    java: 'actions/setup-java@v6.0.0',
    go: 'actions/setup-go@v7.0.0',
  }[tool],
  with: settings as Record<string, any>,
});
const PULL_REQUEST = {
  ref: '${{ github.event.pull_request.head.sha }}',
  repository: '${{ github.event.pull_request.head.repo.full_name }}',
};
const LANGUAGES = [
  setUp('python', { 'python-version': '3.13' }),
  setUp('java', { distribution: 'corretto', 'java-version': '17' }),
  setUp('go', { 'go-version': 'stable', cache: false }),
];

/** What projen makes of the workflows itself. */
export const workflows = {
  workflowNodeVersion: '22.x',
  githubOptions: {
    mergify: false,
    pullRequestLintOptions: {
      semanticTitleOptions: {
        types: ['feat', 'fix', 'perf', 'revert', 'docs', 'test', 'refactor', 'style', 'build', 'ci', 'chore'],
      },
    },
  },
  buildWorkflowOptions: {
    preBuildSteps: [
      {
        name: 'Fetch the tags of the releases',
        run: 'git fetch --quiet --tags https://github.com/${{ github.repository }}.git',
      },
    ],
  },
} satisfies Partial<awscdk.AwsCdkConstructLibraryOptions>;

interface Options {
  /** What the job needs beside Node.js. */
  readonly tools?: github.workflows.JobStep[];
  /** Versions of Node.js to run it with, as `matrix.node`. */
  readonly strategy?: github.workflows.JobStrategy;
}

/** Adds to the build workflow what a pull request has to pass beside the build. */
export function addChecks(project: awscdk.AwsCdkConstructLibrary): void {
  project.addTask('lint:workflows', {
    exec: `go run ${ACTIONLINT}`,
    description: 'Checks the workflows with actionlint; needs Go',
  });
  project.addTask('audit', {
    exec: 'npm audit --audit-level=high',
    description: 'Asks npm for known vulnerabilities of the packages in the lock file',
  });
  project.addTask('audit:bundles', {
    exec: `go run ${OSV_SCANNER} scan source -L assets/sbom.cdx.json`,
    description: 'Asks OSV for known vulnerabilities of the bundled packages, which reach users; needs assets/ and Go',
  });
  const workflow = project.github!.tryFindWorkflow('build')!;
  const job = (id: string, commands: string[], { tools = [], strategy }: Options = {}) =>
    workflow.addJob(id, {
      runsOn: ['ubuntu-latest'],
      permissions: { contents: JobPermission.READ },
      strategy,
      steps: [
        github.WorkflowSteps.checkout({ with: PULL_REQUEST }),
        setUp('node', strategy ? { ...NODE, 'node-version': '${{ matrix.node }}' } : NODE),
        ...tools,
        { name: 'Install dependencies', run: 'npm ci' },
        ...commands.map((run) => ({ run })),
      ],
    });
  job('node', ['npx projen test'], {
    strategy: { failFast: false, matrix: { domain: { node: ['20.x', '22.x', '24.x'] } } },
  });
  job('hostile-environment', ['npx projen bundle', 'npx projen test:hostile'], { tools: LANGUAGES });
  job('no-other-languages', ['npx projen bundle', 'npx projen test:hostile --without-tools']);
  job('newest-cdk', ['npx projen bundle', 'npx projen test:newest-cdk']);
  job('aws', ['npx projen test:models', 'npx projen test:clients', 'npx projen test:schemas'], {
    tools: [setUp('python', { 'python-version': '3.13' })],
  });
  job('languages', ['npx projen languages'], { tools: LANGUAGES });
  job('release-rehearsal', ['npx projen release:rehearse --skip-tests'], { tools: LANGUAGES });
  job(
    'supply-chain',
    ['npx projen lint:workflows', 'npx projen audit', 'npx projen bundle', 'npx projen audit:bundles'],
    {
      tools: [setUp('go', { 'go-version': 'stable', cache: false })],
    },
  );
  // The commits since the last release say whether a change may break: projenrc/compat.ts
  const { steps } = workflow.getJob('build') as unknown as { steps: () => github.workflows.JobStep[] };
  const checkout = positionOf(steps(), 'steps Checkout in the job build', ({ name }) => name === 'Checkout');
  workflow.file!.addOverride(`jobs.build.steps.${checkout}.with.fetch-depth`, 0);
}

/** Adds a workflow that builds all small repositories every night. */
export function addNightly(project: awscdk.AwsCdkConstructLibrary): void {
  const nightly = new github.GithubWorkflow(project.github!, 'nightly');
  nightly.on({ schedule: [{ cron: '17 2 * * *' }], workflowDispatch: {} });
  nightly.addJob('builds', {
    runsOn: ['ubuntu-latest'],
    permissions: { contents: JobPermission.READ },
    timeoutMinutes: 120,
    steps: [
      github.WorkflowSteps.checkout(),
      setUp('node', NODE),
      setUp('python', { 'python-version': '3.11\n3.13' }),
      ...LANGUAGES.slice(1),
      { name: 'Install dependencies', run: 'npm ci' },
      { run: 'npx projen builds' },
    ],
  });
}
