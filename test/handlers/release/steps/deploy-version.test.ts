import { createHash } from 'node:crypto';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  BatchGetDeploymentsCommand,
  BatchGetDeploymentTargetsCommand,
  CodeDeployClient,
  CreateDeploymentCommand,
  DeploymentInfo,
  GetDeploymentCommand,
  GetDeploymentGroupCommand,
  ListDeploymentsCommand,
  ListDeploymentTargetsCommand,
} from '@aws-sdk/client-codedeploy';
import {
  CreateAliasCommand,
  FunctionConfiguration,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { GetObjectCommand, GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { appSpecOf, parseAppSpec, renderAppSpec } from '../../../../src/handlers/release/deployment/app-spec';
import { Outcome } from '../../../../src/handlers/release/job/job';
import { deployVersion } from '../../../../src/handlers/release/steps/deploy-version';
import {
  awsError,
  inputsOf,
  PLACEHOLDER_DESCRIPTION,
  settingsWith,
  stepInput,
  storeArtifact,
  zipOf,
} from '../fixtures';
import { secondsPassed, startVirtualTime, timeAfter } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const lambda = mockClient(LambdaClient);
const codeDeploy = mockClient(CodeDeployClient);
const cloudWatch = mockClient(CloudWatchClient);
const s3 = mockClient(S3Client);
const JOB = '11111111-abcd-1111-abcd-111111abcdef';

/** The state of the account. */
let alias: {
  FunctionVersion: string;
  RoutingConfig?: { AdditionalVersionWeights: Record<string, number> };
  RevisionId?: string;
};
let deployments: Record<string, DeploymentInfo>;
let versions: Record<string, FunctionConfiguration>;

function running(): string[] {
  return Object.values(deployments)
    .filter(({ status }) => status === 'InProgress')
    .map(({ deploymentId }) => deploymentId!);
}

beforeEach(() => {
  startVirtualTime();
  jest.spyOn(console, 'log').mockImplementation();
  [lambda, codeDeploy, cloudWatch, s3].forEach((mock) => mock.reset());
  alias = { FunctionVersion: '2', RevisionId: 'r1' };
  deployments = {};
  versions = { 2: { Role: 'r', Description: '' }, 3: { Role: 'r', Description: '' } };
  s3.on(GetObjectCommand).rejects(awsError('NoSuchKey'));
  storeArtifact(s3, 'AppSpecFile', zipOf({ 'appspec.yml': renderAppSpec(appSpecOf(settingsWith(), '2', '3')) }));
  lambda.on(GetAliasCommand).callsFake(async () => alias);
  lambda.on(GetFunctionConfigurationCommand).callsFake(async ({ Qualifier }) => versions[Qualifier]);
  lambda.on(UpdateAliasCommand).callsFake(async ({ FunctionVersion }) => {
    alias = { FunctionVersion };
  });
  codeDeploy
    .on(GetDeploymentGroupCommand)
    .resolves({ deploymentGroupInfo: { alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] } } });
  codeDeploy.on(ListDeploymentsCommand).callsFake(async (input) => ({
    deployments: input.includeOnlyStatuses ? running() : Object.keys(deployments),
  }));
  codeDeploy.on(BatchGetDeploymentsCommand).callsFake(async ({ deploymentIds }) => ({
    deploymentsInfo: deploymentIds.map((id: string) => deployments[id]),
  }));
  codeDeploy
    .on(GetDeploymentCommand)
    .callsFake(async ({ deploymentId }) => ({ deploymentInfo: deployments[deploymentId] }));
  codeDeploy.on(CreateDeploymentCommand).callsFake(async ({ description }) => {
    deployments['d-1'] = { deploymentId: 'd-1', status: 'InProgress', description };
    return { deploymentId: 'd-1' };
  });
  codeDeploy.on(ListDeploymentTargetsCommand).resolves({ targetIds: ['t-1'] });
  codeDeploy.on(BatchGetDeploymentTargetsCommand).resolves({ deploymentTargets: [] });
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] });
});

const deploy = (parameters = {}, continuationToken?: string) =>
  deployVersion(stepInput({ step: 'deploy', ...parameters }, { continuationToken }));
const resume = ({ continuation }: Outcome) => deploy({}, JSON.stringify(continuation));
const created = () => inputsOf(codeDeploy, CreateDeploymentCommand);

function putInAlarm() {
  cloudWatch
    .on(DescribeAlarmsCommand)
    .resolves({ MetricAlarms: [{ AlarmName: 'errors', StateValue: 'ALARM', StateReason: '5 errors' }] });
}

function end(id: string, status: 'Succeeded' | 'Failed' | 'Stopped', rest: DeploymentInfo = {}) {
  deployments[id] = { ...deployments[id], status, completeTime: timeAfter(secondsPassed()), ...rest };
}

test('starts a deployment with the AppSpec', async () => {
  await deploy();
  const [input] = created();
  expect(input).toMatchObject({
    applicationName: 'inventory-app',
    deploymentGroupName: 'inventory-group',
    revision: { revisionType: 'AppSpecContent' },
  });
  expect(input.description).toBe(`[job ${JOB}] version 2 to 3`);
  const { content, sha256 } = input.revision.appSpecContent;
  expect(parseAppSpec(content)).toMatchObject({
    currentVersion: '2',
    targetVersion: '3',
    afterAllowTraffic: 'inventory-release',
  });
  expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
  expect(input).not.toHaveProperty('fileExistsBehavior');
});

test("keeps the deployment group's configuration and alarms", async () => {
  await deploy();
  expect(created()[0].deploymentConfigName).toBeUndefined();
  expect(created()[0].overrideAlarmConfiguration).toBeUndefined();
});

test('reports its progress after a minute, and continues from there', async () => {
  alias.RoutingConfig = undefined;
  const first = await deploy();
  expect(secondsPassed()).toBeLessThanOrEqual(60);
  expect(first).toMatchObject({
    deploymentId: 'd-1',
    percentComplete: 0,
    continuation: { deploymentId: 'd-1', targetVersion: '3' },
  });
  alias = { FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: { 3: 0.1 } } };
  expect(await resume(first)).toMatchObject({
    summary: 'deployment d-1: 10% of the traffic goes to version 3',
    percentComplete: 10,
  });
  expect(created()).toHaveLength(1);
});

test('succeeds when all traffic has shifted', async () => {
  const first = await deploy();
  end('d-1', 'Succeeded');
  alias = { FunctionVersion: '3' };
  expect(await resume(first)).toMatchObject({
    summary: 'all traffic of live goes to version 3 (previously version 2)',
    variables: { DeploymentId: 'd-1', CurrentVersion: '3' },
    percentComplete: 100,
  });
});

test('keeps the continuation token short enough', async () => {
  expect(JSON.stringify((await deploy()).continuation).length).toBeLessThan(2048);
});

test('creates the alias for the first release', async () => {
  lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException'));
  lambda.on(CreateAliasCommand).resolves({});
  expect(await deploy()).toMatchObject({
    summary: 'the first release: created the alias live, which points to version 3',
    variables: { DeploymentId: 'none', CurrentVersion: '3' },
  });
  expect(inputsOf(lambda, CreateAliasCommand)).toMatchObject([{ Name: 'live', FunctionVersion: '3' }]);
  expect(created()).toEqual([]);
});

test('deploys nothing when the alias points to the version', async () => {
  alias = { FunctionVersion: '3' };
  expect(await deploy()).toMatchObject({
    summary: 'nothing to deploy: the alias live already points to version 3',
    variables: { DeploymentId: 'none', CurrentVersion: '3' },
  });
  expect(created()).toEqual([]);
});

test('deploys from the version that the alias points to when somebody moved it', async () => {
  alias = { FunctionVersion: '1' };
  versions[1] = { Role: 'r' };
  await deploy();
  expect(parseAppSpec(created()[0].revision.appSpecContent.content)).toMatchObject({
    currentVersion: '1',
    targetVersion: '3',
  });
});

test('clears the weights of a split alias before the deployment', async () => {
  alias = { FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: { 9: 0.1 } }, RevisionId: 'r7' };
  const { continuation } = await deploy();
  expect(inputsOf(lambda, UpdateAliasCommand)).toEqual([
    {
      FunctionName: 'inventory-allocation',
      Name: 'live',
      FunctionVersion: '2',
      RoutingConfig: { AdditionalVersionWeights: {} },
      RevisionId: 'r7',
    },
  ]);
  expect(continuation).toMatchObject({
    notes: [
      'a stopped deployment had left the traffic split (2=90% 9=10%), so the pipeline sent all of it to version 2',
    ],
  });
  expect(created()).toHaveLength(1);
});

test('reads the alias again when somebody else changes it at the same time', async () => {
  alias = { FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: { 9: 0.1 } } };
  lambda.on(UpdateAliasCommand).callsFake(async () => {
    alias = { FunctionVersion: '2' };
    throw awsError('PreconditionFailedException');
  });
  await deploy();
  expect(created()).toHaveLength(1);
});

test('replaces placeholder code all at once, and reports that', async () => {
  versions[2] = { Role: 'r', Description: PLACEHOLDER_DESCRIPTION };
  const first = await deploy();
  expect(created()[0].deploymentConfigName).toBe('CodeDeployDefault.LambdaAllAtOnce');
  end('d-1', 'Succeeded');
  alias = { FunctionVersion: '3' };
  expect((await resume(first)).summary).toContain('all traffic shifts in one step: version 2 is placeholder code');
});

test('starts no deployment when an alarm is in ALARM', async () => {
  putInAlarm();
  await expect(deploy()).rejects.toMatchObject({
    type: 'JobFailed',
    message: expect.stringMatching(/errors \(5 errors\).*IgnoreAlarms=true/),
  });
  expect(created()).toEqual([]);
});

test('deploys a fix in spite of an alarm on request', async () => {
  putInAlarm();
  await deploy({ ignoreAlarms: 'true' });
  expect(created()[0]).toMatchObject({
    overrideAlarmConfiguration: { enabled: false, alarms: [] }, // CodeDeploy rejects an override without a list
    description: `[job ${JOB}][alarms-ignored] version 2 to 3`,
  });
});

test('fails when the variable that ignores the alarms has another value', async () => {
  await expect(deploy({ ignoreAlarms: 'yes' })).rejects.toThrow("must be true or false, got 'yes'");
});

test('waits for a deployment that somebody else started', async () => {
  deployments['d-9'] = { deploymentId: 'd-9', status: 'InProgress' };
  const first = await deploy();
  expect(first).toMatchObject({
    summary: 'waiting for the deployment d-9, which somebody else started',
    continuation: { targetVersion: '3' },
  });
  expect(created()).toEqual([]);
  end('d-9', 'Succeeded');
  await resume(first);
  expect(created()).toHaveLength(1);
});

test('creates no second deployment when the job is delivered twice', async () => {
  await deploy();
  const second = await deploy();
  expect(created()).toHaveLength(1);
  expect(second).toMatchObject({ deploymentId: 'd-1' });
});

test('finds the deployment of its job among many', async () => {
  for (let index = 2; index < 60; index++) {
    deployments[`d-${index}`] = {
      deploymentId: `d-${index}`,
      status: 'Succeeded',
      description: '[job other] version 1 to 2',
    };
  }
  deployments['d-60'] = { deploymentId: 'd-60', status: 'InProgress', description: `[job ${JOB}] version 2 to 3` };
  expect(await deploy()).toMatchObject({ deploymentId: 'd-60' });
  expect(inputsOf(codeDeploy, BatchGetDeploymentsCommand).every((input) => input.deploymentIds.length <= 25)).toBe(
    true,
  );
});

test('distinguishes its deployment from the rollback', async () => {
  deployments['d-2'] = {
    deploymentId: 'd-2',
    status: 'Succeeded',
    description: `[job ${JOB}] version 2 to 3`,
    creator: 'codeDeployRollback',
  };
  expect(await deploy()).toMatchObject({ deploymentId: 'd-1' });
});

test('tries again when CodeDeploy runs a deployment that its list does not show', async () => {
  let tries = 0;
  codeDeploy.on(CreateDeploymentCommand).callsFake(async () => {
    tries += 1;
    if (tries === 2) {
      deployments['d-8'] = { deploymentId: 'd-8', status: 'InProgress', description: `[job ${JOB}] version 2 to 3` };
    }
    throw awsError('DeploymentLimitExceededException', 'is already deploying deployment d-8');
  });
  expect(await deploy()).toMatchObject({ deploymentId: 'd-8' });
  expect(tries).toBe(2);
});

test('reports its progress while CodeDeploy runs another deployment', async () => {
  codeDeploy.on(CreateDeploymentCommand).rejects(awsError('DeploymentLimitExceededException'));
  expect(await deploy()).toMatchObject({
    summary: 'waiting for a deployment that has just started',
    continuation: { targetVersion: '3' },
  });
});

test('waits until the rollback is complete, and then fails with the alarm', async () => {
  const first = await deploy();
  putInAlarm();
  end('d-1', 'Stopped', {
    errorInformation: { code: 'ALARM_ACTIVE', message: 'alarms activated: errors.' },
    rollbackInfo: { rollbackDeploymentId: 'd-2' },
  });
  deployments['d-2'] = { deploymentId: 'd-2', status: 'InProgress' };
  const second = await resume(first);
  expect(second).toMatchObject({
    summary: 'deployment d-1 failed; deployment d-2 is rolling it back',
    continuation: { deploymentId: 'd-1' },
  });
  end('d-2', 'Succeeded');
  await expect(resume(second)).rejects.toMatchObject({
    type: 'JobFailed',
    deploymentId: 'd-1',
    message:
      '[rolled-back] The deployment d-1 of version 3 was stopped by an alarm: alarms activated: errors. ' +
      'In ALARM now: errors (5 errors). ' +
      'CodeDeploy rolled it back (deployment d-2). All traffic of live goes to version 2. ' +
      'For details, see the deployment d-1 of inventory-group in CodeDeploy, ' +
      'and the log group /aws/lambda/inventory-allocation.',
  });
});

test('fails with the hook that failed', async () => {
  const first = await deploy();
  end('d-1', 'Failed', { errorInformation: { code: 'HOOK_EXECUTION_FAILURE', message: 'A hook failed' } });
  codeDeploy.on(BatchGetDeploymentTargetsCommand).resolves({
    deploymentTargets: [
      {
        lambdaTarget: {
          lifecycleEvents: [
            { lifecycleEventName: 'BeforeAllowTraffic', status: 'Succeeded' },
            {
              lifecycleEventName: 'AfterAllowTraffic',
              status: 'Failed',
              diagnostics: { message: 'the hook reported Failed' },
            },
          ],
        },
      },
    ],
  });
  await expect(resume(first)).rejects.toThrow(
    'failed in AfterAllowTraffic (the alarm check of the bake time): the hook reported Failed.',
  );
});

test('reports the failure even when details are missing', async () => {
  const first = await deploy();
  end('d-1', 'Failed', { errorInformation: { code: 'INTERNAL_ERROR', message: 'oops' } });
  codeDeploy.on(ListDeploymentTargetsCommand).rejects(awsError('AccessDeniedException'));
  await expect(resume(first)).rejects.toThrow(
    /failed: oops \(INTERNAL_ERROR\).*Could not read the lifecycle events: .*AccessDeniedException/,
  );
});

test("fails with CodeDeploy's message and the alarms when the hook is unknown", async () => {
  const first = await deploy();
  putInAlarm();
  end('d-1', 'Failed', {
    errorInformation: { code: 'HOOK_EXECUTION_FAILURE', message: 'inventory-release reported that it failed' },
  });
  await expect(resume(first)).rejects.toThrow(
    'failed in a hook: inventory-release reported that it failed. In ALARM now: errors (5 errors).',
  );
});

test('says that nothing rolled back, and ends with the command to do it', async () => {
  const first = await deploy();
  end('d-1', 'Stopped', { errorInformation: { code: 'MANUAL_STOP', message: 'stopped by console' } });
  alias = { FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: { 3: 0.25 } } };
  await expect(resume(first)).rejects.toThrow(
    new RegExp(
      'was stopped by a person.*still splits its traffic: 2=75% 3=25%\\. Nothing rolled that back\\. ' +
        '.*update-alias .*--function-version 2 --routing-config AdditionalVersionWeights={}$',
    ),
  );
  expect(inputsOf(lambda, UpdateAliasCommand)).toEqual([]);
});

test('says that the failed version is live when nothing rolled it back', async () => {
  const first = await deploy();
  end('d-1', 'Failed', { errorInformation: { code: 'TIMEOUT', message: 'too long' } });
  alias = { FunctionVersion: '3' };
  await expect(resume(first)).rejects.toThrow(
    /All traffic of live goes to version 3, which failed\. Nothing rolled that back\. .*To go back, run: aws lambda/,
  );
});

test('says that the rollback failed too', async () => {
  const first = await deploy();
  end('d-1', 'Failed', { rollbackInfo: { rollbackDeploymentId: 'd-2' } });
  deployments['d-2'] = { deploymentId: 'd-2', status: 'Failed', errorInformation: { message: 'no permission' } };
  await expect(resume(first)).rejects.toThrow(
    /^The deployment d-1 .*The rollback d-2 did not succeed either \(Failed\): no permission\./,
  );
});

test('fails when somebody moved the alias during the deployment', async () => {
  const first = await deploy();
  end('d-1', 'Succeeded');
  alias = { FunctionVersion: '7' };
  await expect(resume(first)).rejects.toThrow(
    'succeeded, but somebody moved the alias in the meantime. All traffic of live goes to version 7',
  );
});

test('fails when the AppSpec is for another function', async () => {
  storeArtifact(
    s3,
    'AppSpecFile',
    zipOf({ 'appspec.yml': renderAppSpec(appSpecOf(settingsWith({ FUNCTION_NAME: 'other' }), '2', '3')) }),
  );
  await expect(deploy()).rejects.toThrow(
    'The AppSpec is for other:live, but this pipeline deploys inventory-allocation:live',
  );
});

test('fails when the artifact holds no AppSpec', async () => {
  storeArtifact(s3, 'AppSpecFile', zipOf({ 'other.txt': '' }));
  await expect(deploy()).rejects.toThrow(
    'The artifact AppSpecFile must contain appspec.yml, but it contains other.txt.',
  );
});

describe('a read that fails while the deployment runs', () => {
  const failReads = (name = 'ThrottlingException') => codeDeploy.on(GetDeploymentCommand).rejects(awsError(name));

  test('does not fail the step', async () => {
    failReads();
    expect(await deploy()).toMatchObject({
      summary: expect.stringContaining('the state of the deployment d-1 is unknown, and the deployment goes on'),
      continuation: { deploymentId: 'd-1' },
    });
  });

  test('has no effect when a later read succeeds', async () => {
    failReads('AccessDeniedException');
    const first = await deploy();
    alias = { FunctionVersion: '3' };
    end('d-1', 'Succeeded');
    codeDeploy.on(GetDeploymentCommand).resolves({ deploymentInfo: deployments['d-1'] });
    expect(await resume(first)).toMatchObject({ summary: expect.stringContaining('all traffic of live goes to') });
  });

  test('fails the step after half an hour, with the deployment, which goes on', async () => {
    failReads();
    let outcome = await deploy();
    while (secondsPassed() < 29 * 60) {
      outcome = await resume(outcome);
    }
    const last = async () => resume(await resume(outcome));
    await expect(last()).rejects.toMatchObject({
      type: 'SystemUnavailable',
      deploymentId: 'd-1',
      message: expect.stringMatching(
        /could not read the deployment d-1 for 30 minutes: .* The deployment goes on without the pipeline/,
      ),
    });
  });
});

describe('a lost answer to the creation of the deployment', () => {
  test('is found by its job', async () => {
    codeDeploy.on(CreateDeploymentCommand).callsFake(async ({ description }) => {
      deployments['d-1'] = { deploymentId: 'd-1', status: 'InProgress', description };
      throw awsError('TimeoutError');
    });
    expect(await deploy()).toMatchObject({ deploymentId: 'd-1', continuation: { currentVersion: '2' } });
    expect(created()).toHaveLength(1);
  });

  test('says that the deployment may go on when there is none yet', async () => {
    codeDeploy.on(CreateDeploymentCommand).rejects(awsError('TimeoutError'));
    await expect(deploy()).rejects.toThrow('Check the deployment group inventory-group before you retry the stage.');
  });
});

test('names the reason of a failed bake', async () => {
  const first = await deploy();
  const Body = { transformToString: async () => 'at the end of the bake time, in ALARM: errors (5 errors).' };
  s3.on(GetObjectCommand, { Key: 'bake/d-1.txt' }).resolves({ Body } as unknown as GetObjectCommandOutput);
  codeDeploy.on(BatchGetDeploymentTargetsCommand).resolves({
    deploymentTargets: [
      { lambdaTarget: { lifecycleEvents: [{ lifecycleEventName: 'AfterAllowTraffic', status: 'Failed' }] } },
    ],
  });
  end('d-1', 'Failed', { errorInformation: { code: 'HOOK_EXECUTION_FAILURE' } });
  await expect(resume(first)).rejects.toThrow(
    'failed in AfterAllowTraffic (the alarm check of the bake time): ' +
      'at the end of the bake time, in ALARM: errors (5 errors).',
  );
});

test('looks again when somebody else creates the alias at the same time', async () => {
  lambda.on(GetAliasCommand).rejectsOnce(awsError('ResourceNotFoundException')).resolves({ FunctionVersion: '2' });
  lambda.on(CreateAliasCommand).rejects(awsError('ResourceConflictException'));
  await deploy();
  expect(created()).toHaveLength(1);
});

describe('with version alarms', () => {
  const ALARM = {
    name: 'ErrorRate',
    maximumPercent: 2,
    standardDeviations: 3,
    minimumFailures: 3,
    windowSeconds: 300,
    onInconclusive: 'PROCEED',
  };
  const VARIABLES = { VERSION_ALARMS: JSON.stringify([ALARM]) };
  const NAME = 'inventory-NewVersion-3-ErrorRate-11111111';
  const deployJudged = (parameters = {}, continuationToken?: string) =>
    deployVersion(stepInput({ step: 'deploy', ...parameters }, { continuationToken }, VARIABLES));
  const override = () => created()[0].overrideAlarmConfiguration;

  beforeEach(() => {
    const startTime = timeAfter(0);
    const lambdaTarget = {
      lambdaFunctionInfo: { currentVersion: '2', targetVersion: '3' },
      lifecycleEvents: [{ lifecycleEventName: 'AllowTraffic', startTime }],
    };
    codeDeploy.on(BatchGetDeploymentTargetsCommand).resolves({ deploymentTargets: [{ lambdaTarget }] });
    cloudWatch.on(GetMetricDataCommand).resolves({});
  });

  test('the deployment watches the alarms of the group and those of the new version', async () => {
    await deployJudged();
    expect(override()).toEqual({ enabled: true, alarms: [{ name: 'errors' }, { name: NAME }] });
    expect(inputsOf(cloudWatch, PutMetricAlarmCommand)).toMatchObject([{ AlarmName: NAME }]);
  });

  test('the deployment does not watch an alarm of the alias that the current version has put into ALARM', async () => {
    const Dimensions = [{ Name: 'Resource', Value: 'inventory-allocation:live' }];
    cloudWatch.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [{ AlarmName: 'errors', StateValue: 'ALARM', Namespace: 'AWS/Lambda', Dimensions }],
    });
    const { continuation } = await deployJudged();
    expect(override()).toEqual({ enabled: true, alarms: [{ name: NAME }] });
    expect(continuation).toMatchObject({
      notes: ['version 2 caused errors, which the deployment does not watch'],
    });
  });

  test('there are none when the alarms are ignored', async () => {
    await deployJudged({ ignoreAlarms: 'true' });
    expect(override()).toEqual({ enabled: false, alarms: [] });
    expect(inputsOf(cloudWatch, PutMetricAlarmCommand)).toEqual([]);
  });

  test('the result has the traffic of both versions, and the alarms are deleted', async () => {
    const { continuation } = await deployJudged();
    end('d-1', 'Succeeded', { overrideAlarmConfiguration: override() });
    alias = { FunctionVersion: '3' };
    const { summary } = await deployJudged({}, JSON.stringify(continuation));
    expect(summary).toContain(
      'version 3: no invocations; version 2 in the 5 minutes before: no invocations; ErrorRate',
    );
    expect(inputsOf(cloudWatch, DeleteAlarmsCommand)).toEqual([{ AlarmNames: [NAME] }]);
  });

  test('a release succeeds even if the metrics cannot be read afterwards', async () => {
    const { continuation } = await deployJudged();
    cloudWatch.on(GetMetricDataCommand).rejects(awsError('AccessDenied', 'no right'));
    end('d-1', 'Succeeded');
    alias = { FunctionVersion: '3' };
    const { summary } = await deployJudged({}, JSON.stringify(continuation));
    expect(summary).toContain('Could not read the metrics of the versions: ');
  });

  test('a failure has the traffic of both versions, and the alarms are deleted', async () => {
    const { continuation } = await deployJudged();
    end('d-1', 'Stopped', {
      errorInformation: { code: 'ALARM_ACTIVE', message: 'alarms' },
      overrideAlarmConfiguration: override(),
    });
    await expect(deployJudged({}, JSON.stringify(continuation))).rejects.toThrow('Since the shift: version 3: ');
    expect(inputsOf(cloudWatch, DeleteAlarmsCommand)).toEqual([{ AlarmNames: [NAME] }]);
  });
});
