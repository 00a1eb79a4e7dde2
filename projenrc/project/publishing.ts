import { type awscdk, Component, github, ReleasableCommits } from 'projen';
import { positionOf, taskNamed } from './find';

/** Publishes to the registries, with the rights to do so: a fixed version, to be raised by hand. */
const PUBLIB_VERSION = '0.2.1061';
const MODULE = 'cdk_lambda_ci_cd_pipeline';

/** The names that belong to the publisher of the library. */
export interface Owner {
  readonly name: string;
  readonly address: string;
  readonly github: string;
  readonly mavenGroup: string;
  readonly dotNet: string;
}

type Options = Partial<awscdk.AwsCdkConstructLibraryOptions>;

/** The five registries: docs/releasing.md. */
export const publishing = (name: string, { github: account, mavenGroup, dotNet }: Owner) =>
  ({
    publishToPypi: { distName: name, module: MODULE, trustedPublishing: true },
    publishToMaven: {
      javaPackage: `${mavenGroup}.lambdacicdpipeline`,
      mavenGroupId: mavenGroup,
      mavenArtifactId: name,
      mavenServerId: 'central-ossrh',
    },
    publishToGo: { moduleName: `github.com/${account}/${name}-go` },
    publishToNuget: {
      dotNetNamespace: `${dotNet}.CdkLambdaCiCdPipeline`,
      packageId: `${dotNet}.CdkLambdaCiCdPipeline`,
      trustedPublishing: true,
    },
    npmTrustedPublishing: true,
    jsiiReleaseVersion: PUBLIB_VERSION,
  }) satisfies Options;

/** How the commits decide about the next version. */
export const versions = {
  // The first version of all, or of a major version; after it the commits decide
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
} satisfies Options;

/** Adds to the task `release` what refuses a release, and the task that rehearses one. */
export function addReleaseTasks(project: awscdk.AwsCdkConstructLibrary): void {
  const compat = taskNamed(project, 'compat');
  compat.reset('tsx projenrc/compat.ts');
  project.packageTask.prependSpawn(compat);

  const release = taskNamed(project, 'release');
  const spawning = (task: string) =>
    positionOf(release.steps, `steps that spawn ${task} in the task release`, ({ spawn }) => spawn === task);
  release.updateStep(spawning('build'), { spawn: 'build', condition: 'tsx projenrc/release-check.ts wanted' });
  release.insertStep(spawning('bump') + 1, { exec: 'tsx projenrc/release-check.ts version' });
  release.insertStep(0, { exec: 'tsx projenrc/release-check.ts tree' });
  release.exec('tsx projenrc/release-check.ts outcome');

  project.addTask('release:rehearse', {
    // Without the wrapper of tsx, which ends it at Ctrl-C before it has cleaned up
    exec: 'node --import tsx projenrc/release-rehearsal/index.ts',
    receiveArgs: true,
    description: 'Rehearses two releases into registries on this machine, and installs them from there',
  });
}

/** Changes the release workflow when projen has put its jobs together, which it does last. */
export class ReleaseWorkflow extends Component {
  private readonly workflow: github.GithubWorkflow;

  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    this.workflow = project.github!.tryFindWorkflow('release')!;
  }

  preSynthesize(): void {
    this.withoutRegistryHost();
    // Trusted publishing needs npm 11.5.1, and Node.js 22 comes with npm 10
    this.update('release_npm', { tools: { node: { version: '24.x' } } });
    // npm first: a version that is in npm without a tag is a release that stopped half-way (projenrc/release-check.ts)
    for (const job of ['release_maven', 'release_pypi', 'release_nuget', 'release_golang']) {
      this.update(job, { needs: ['release', 'release_npm'] });
    }
  }

  /** publib's own default is the public registry: its host is nowhere in this repository. */
  private withoutRegistryHost(): void {
    const { steps } = this.job('release_npm');
    const publishes = positionOf(
      steps,
      'steps Release with NPM_REGISTRY in the job release_npm',
      ({ name, env }) => name === 'Release' && env?.NPM_REGISTRY !== undefined,
    );
    const { NPM_REGISTRY: _host, ...env } = steps[publishes].env!;
    steps[publishes] = { ...steps[publishes], env };
  }

  private update(id: string, change: Partial<github.workflows.Job>): void {
    this.workflow.updateJob(id, { ...this.job(id), ...change });
  }

  private job(id: string): github.workflows.Job {
    const job = this.workflow.getJob(id);
    if (!job || !('steps' in job)) {
      throw new Error(
        `projen makes no job ${id} of the release workflow any more: change what .projenrc.ts does with it`,
      );
    }
    return job;
  }
}
