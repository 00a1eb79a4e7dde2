import * as fs from 'node:fs';
import * as path from 'node:path';
import { ActionContext, ActionResult, failed, writeArtifact } from './action';
import { CloneReference } from './source';
import { storedValue } from './stored-value';
import { type Account, credentialsOf } from '../../account/account';
import { Caller } from '../../account/iam/iam';
import { ObjectOutput } from '../../account/s3/s3';
import { AwsError } from '../../base/aws-error';
import { list } from '../../base/list';
import { unzip } from '../../base/zip';
import { BuildResult, runBuild } from '../../build/build';
import { StoredVariable } from '../../build/buildspec';
import { CacheStore } from '../../build/cache';
import { isCoverage } from '../../build/coverage';
import { ProjectProperties } from '../../stack/properties';
import { cloneSource } from '../source-folder';

const BUILD_TIME = 60_000;

type Project = ProjectProperties & { readonly Name: string };

/** Runs a build on this machine, with the credentials of its role in the account and none of the user's. */
export async function build(context: ActionContext): Promise<ActionResult> {
  const { account, caller, configuration, deployment } = context;
  const project = deployment.projects.get(configuration.ProjectName);
  if (!project) {
    throw account.refuse(`the CodeBuild project ${configuration.ProjectName}, which no template contains`);
  }
  const projectArn = account.arn('codebuild', `project/${project.Name}`);
  account.calls.check(caller, 'codebuild:StartBuild', projectArn);
  const buildId = `${project.Name}:${account.nextUuid('build')}`;
  const role = account.iam.assume(
    project.ServiceRole,
    'codebuild.amazonaws.com',
    projectArn,
    `AWSCodeBuild-${buildId.split(':')[1]}`,
  );
  openLog(context, role, project, buildId);
  const sourceFolder = await fetchInput(context, role);
  const result = await runProject(context, project, { buildId, sourceFolder, role });
  await account.clock.sleep(BUILD_TIME); // the same on every machine
  account.calls.check(caller, 'codebuild:BatchGetBuilds', projectArn);
  account.codeBuild.add(buildId, result, reportGroups(account, role, project, result));
  return { notes: result.notes, externalId: buildId, ...(await writeOutput(context, role, result)) };
}

/** Writes the artifact of a build. Returns the result of the action. */
async function writeOutput(context: ActionContext, role: Caller, result: BuildResult): Promise<ActionResult> {
  if (!result.succeeded) {
    return { ...failed(result.failure ?? 'the build failed'), error: 'Build terminated with state: FAILED' };
  }
  if (context.outputs.length > 1) {
    throw context.account.refuse('a build with more than one output artifact');
  }
  if (context.outputs[0] && !result.artifact) {
    return failed('the buildspec has no artifacts, and the action has an output artifact');
  }
  for (const output of context.outputs) {
    await writeArtifact(context, role, output, fs.readFileSync(result.artifact!));
  }
  return { succeeded: true, summary: summaryOf(result), variables: result.exportedVariables };
}

interface StartedBuild {
  readonly buildId: string;
  readonly sourceFolder: string;
  readonly role: Caller;
}

async function runProject(
  context: ActionContext,
  project: Project,
  { buildId, sourceFolder, role }: StartedBuild,
): Promise<BuildResult> {
  const log = path.join(context.account.folder, 'logs', `${project.Name}.log`);
  fs.mkdirSync(path.dirname(log), { recursive: true });
  return runBuild({
    buildSpec: project.Source?.BuildSpec ?? '',
    sourceFolder,
    workFolder: path.join(context.workFolder, 'build'),
    environment: {
      ...codeBuildVariables(context, project, buildId),
      ...credentialsOf(context.account, role),
      ...variablesOf(context, role, project),
    },
    timeoutSeconds: 60 * (project.TimeoutInMinutes ?? 60),
    readStored: (variable) => storedValue(context.account, role, variable),
    cache: cacheOf(context.account, role, project),
    onLine: (line) => {
      fs.appendFileSync(log, `${line}\n`);
      context.buildLine(line);
    },
  });
}

/** Returns the cache of a project: in its bucket, with the build's role, or on this machine. */
function cacheOf(account: Account, role: Caller, project: Project): CacheStore | undefined {
  const { Type, Location = '', Modes = [] } = project.Cache ?? {};
  if (Type === 'LOCAL' && Modes.includes('LOCAL_CUSTOM_CACHE')) {
    return localCache(path.join(account.folder, 'caches', `${project.Name}.zip`));
  }
  if (Type !== 'S3') {
    return undefined;
  }
  const [Bucket, ...prefix] = Location.split('/');
  if (!account.state.buckets[Bucket]) {
    account.notRehearsed.add(`the cache in the bucket ${Bucket}, which no template contains`);
    return undefined;
  }
  const object = { Bucket, Key: [...prefix, project.Name].join('/') };
  return {
    read: async () => {
      try {
        return (await account.perform<ObjectOutput>(role, 's3', 'GetObject', object)).Body;
      } catch (error) {
        if ((error as AwsError).code === 'NoSuchKey') {
          return undefined;
        }
        throw error;
      }
    },
    write: (Body) => account.perform(role, 's3', 'PutObject', { ...object, Body }),
  };
}

function localCache(file: string): CacheStore {
  return {
    read: async () => (fs.existsSync(file) ? fs.readFileSync(file) : undefined),
    write: async (archive) => {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, archive);
    },
  };
}

/**
 * Returns the environment variables of CodeBuild:
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
 */
function codeBuildVariables(
  { account, pipeline, source }: ActionContext,
  project: Project,
  buildId: string,
): Record<string, string> {
  return {
    AWS_REGION: account.region,
    AWS_DEFAULT_REGION: account.region,
    CODEBUILD_BUILD_ID: buildId,
    CODEBUILD_BUILD_ARN: account.arn('codebuild', `build/${buildId}`),
    CODEBUILD_BUILD_IMAGE: project.Environment?.Image ?? '',
    CODEBUILD_BUILD_NUMBER: String(account.state.ids),
    CODEBUILD_CI: 'true',
    CODEBUILD_INITIATOR: `codepipeline/${pipeline.name}`,
    CODEBUILD_KMS_KEY_ID: project.EncryptionKey ?? '',
    CODEBUILD_RESOLVED_SOURCE_VERSION: source.commitId,
    CODEBUILD_START_TIME: String(account.clock.now()),
  };
}

/** Returns the variables of the project, which those of the action override. */
function variablesOf(
  { account, configuration }: ActionContext,
  role: Caller,
  project: Project,
): Record<string, string> {
  const declared = list(project.Environment?.EnvironmentVariables);
  const own = declared.map(({ Name, Value, Type }) => ({ name: Name, value: Value, type: Type }));
  const given: StoredVariable[] = JSON.parse(configuration.EnvironmentVariables ?? '[]');
  return Object.fromEntries(
    [...own, ...given].map((variable) => [variable.name, storedValue(account, role, variable)]),
  );
}

/** Checks that the build's role may write the log, and create the log group if it is missing. */
function openLog({ account, deployment }: ActionContext, role: Caller, project: Project, buildId: string): void {
  const { Status, GroupName } = project.LogsConfig?.CloudWatchLogs ?? {};
  if (Status === 'DISABLED') {
    return;
  }
  const group = GroupName ?? `/aws/codebuild/${project.Name}`;
  if (!deployment.logGroups.has(group)) {
    account.calls.check(role, 'logs:CreateLogGroup', account.arn('logs', `log-group:${group}`));
  }
  const stream = account.arn('logs', `log-group:${group}:log-stream:${buildId.split(':')[1]}`);
  account.calls.check(role, 'logs:CreateLogStream', stream);
  account.calls.check(role, 'logs:PutLogEvents', stream);
}

async function fetchInput(context: ActionContext, role: Caller): Promise<string> {
  const { account, inputs, workFolder } = context;
  if (inputs.length !== 1) {
    throw account.refuse(`a build with ${inputs.length} input artifacts`);
  }
  const [{ bucket, key, versionId, isClone }] = inputs;
  const folder = path.join(workFolder, 'source');
  const input = { Bucket: bucket, Key: key, VersionId: versionId };
  const { Body } = await account.perform<Required<ObjectOutput>>(role, 's3', 'GetObject', input);
  if (isClone) {
    clone(context, role, JSON.parse(Body.toString()), folder);
  } else {
    unzip(Body, folder);
  }
  return folder;
}

/** Clones the repository with the permissions of the build. A connection has either prefix, so the build needs both. */
function clone({ account, source }: ActionContext, role: Caller, reference: CloneReference, folder: string): void {
  const { ConnectionArn, RepositoryName, CommitId } = reference;
  if (ConnectionArn) {
    for (const service of ['codestar-connections', 'codeconnections']) {
      account.calls.check(role, `${service}:UseConnection`, ConnectionArn);
    }
  } else {
    account.calls.check(role, 'codecommit:GitPull', account.arn('codecommit', RepositoryName!));
  }
  cloneSource(source.repository!, CommitId, folder);
}

/** Checks that the build's role may write the reports. Returns the ARNs of the report groups. */
function reportGroups(account: Account, role: Caller, project: Project, { reports }: BuildResult): string[] {
  return reports.map(({ name, fileFormat }) => {
    const arn = name.startsWith('arn:') ? name : account.arn('codebuild', `report-group/${project.Name}-${name}`);
    const put = isCoverage(fileFormat) ? 'BatchPutCodeCoverages' : 'BatchPutTestCases';
    const actions = [...(name.startsWith('arn:') ? [] : ['CreateReportGroup']), 'CreateReport', put, 'UpdateReport'];
    actions.forEach((action) => account.calls.check(role, `codebuild:${action}`, arn));
    return arn;
  });
}

function summaryOf({ tests, testNote, coverage }: BuildResult): string {
  const covered = coverage
    ? `, ${((100 * coverage.covered) / Math.max(1, coverage.all)).toFixed(1)} % of ${coverage.all} lines covered`
    : '';
  const passed = tests
    ? `${tests.passed} tests passed${tests.skipped ? `, ${tests.skipped} skipped` : ''}`
    : (testNote ?? 'no test reports');
  return `built, ${passed}${covered}`;
}
