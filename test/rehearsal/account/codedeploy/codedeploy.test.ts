import { createHash } from 'node:crypto';
import {
  BatchGetDeploymentsCommand,
  BatchGetDeploymentTargetsCommand,
  CodeDeployClient,
  CreateDeploymentCommand,
  CreateDeploymentCommandInput,
  GetDeploymentCommand,
  GetDeploymentConfigCommand,
  GetDeploymentGroupCommand,
  ListDeploymentsCommand,
  ListDeploymentTargetsCommand,
  PutLifecycleEventHookExecutionStatusCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy';
import { DeploymentGroup } from '../../../../rehearsal/account/codedeploy/state';
import { Statement } from '../../../../rehearsal/account/iam/policy';
import { allow, StandIn } from '../../support/stand-in';

const GROUP = { applicationName: 'orders-app', deploymentGroupName: 'orders-group' };
const MINUTE = 60_000;

let standIn: StandIn;

beforeEach(async () => {
  standIn = await StandIn.start();
  await standIn.functionWithTwoVersions('orders');
  standIn.account.codeDeploy.addApplication('orders-app');
  standIn.account.codeDeploy.addConfig('linear', { kind: 'TimeBasedLinear', percentage: 40, minutes: 10 });
  standIn.account.cloudWatch.addAlarm('errors', {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    Dimensions: [{ Name: 'Resource', Value: 'orders:live' }],
  });
  group();
});

afterEach(() => standIn.stop());

function group(
  options: Partial<DeploymentGroup> = {},
  statements = [allow(['lambda:*', 'cloudwatch:DescribeAlarms'])],
): void {
  standIn.account.codeDeploy.addGroup({
    ApplicationName: 'orders-app',
    DeploymentGroupName: 'orders-group',
    ServiceRoleArn: standIn.role('shift', 'codedeploy.amazonaws.com', statements),
    DeploymentConfigName: 'linear',
    AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'errors' }] },
    AutoRollbackConfiguration: {
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    },
    ...options,
  });
}

function client(statements: Statement[] = [allow('codedeploy:*')]): CodeDeployClient {
  return new CodeDeployClient(standIn.config(standIn.caller(statements)));
}

function appSpec(properties: Record<string, string> = {}, hooks: Record<string, string>[] = []): string {
  const target = { Name: 'orders', Alias: 'live', CurrentVersion: '1', TargetVersion: '2', ...properties };
  return JSON.stringify({
    version: 0.0,
    Resources: [{ orders: { Type: 'AWS::Lambda::Function', Properties: target } }],
    Hooks: hooks,
  });
}

function deployment(content = appSpec(), options: Partial<CreateDeploymentCommandInput> = {}): CreateDeploymentCommand {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return new CreateDeploymentCommand({
    ...GROUP,
    revision: { revisionType: 'AppSpecContent', appSpecContent: { content, sha256 } },
    ...options,
  });
}

/** Creates a deployment, calls `meanwhile`, and waits until the deployment and its rollback have ended. */
async function deploy(command = deployment(), meanwhile: (id: string) => Promise<void> = async () => undefined) {
  const codeDeploy = client();
  return standIn.account.clock.run(async () => {
    const start = standIn.account.clock.now();
    const { deploymentId } = await codeDeploy.send(command);
    await meanwhile(deploymentId!);
    await standIn.account.codeDeploy.settle();
    const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
    const shifts = Object.values(standIn.account.state.deployments).flatMap((created) => created.shifts);
    return {
      info: deploymentInfo!,
      shifts: shifts.map(({ time, version, weights }) => [Math.floor((time - start) / MINUTE), version, weights]),
    };
  });
}

function alias() {
  return standIn.account.lambda.get('orders').aliases.live;
}

function fail(): void {
  const time = standIn.account.clock.now();
  standIn.account.state.samples.push({
    time,
    functionName: 'orders',
    resource: 'orders:live',
    version: '2',
    durationMs: 1,
    error: true,
  });
}

describe('the traffic shift', () => {
  test('has equal steps if it is linear', async () => {
    const { info, shifts } = await deploy();

    expect(info.status).toBe('Succeeded');
    expect(shifts).toEqual([
      [0, '1', { 2: 0.4 }],
      [10, '1', { 2: 0.8 }],
      [20, '2', {}],
    ]);
    expect(alias()).toMatchObject({ version: '2', weights: {} });
  });

  test('has two steps if it is a canary', async () => {
    const { shifts } = await deploy(
      deployment(appSpec(), { deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes' }),
    );

    expect(shifts).toEqual([
      [0, '1', { 2: 0.1 }],
      [5, '2', {}],
    ]);
  });

  test('has one step if it is all at once', async () => {
    const { shifts } = await deploy(
      deployment(appSpec(), { deploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce' }),
    );

    expect(shifts).toEqual([[0, '2', {}]]);
  });

  test('fails if the alias points to another version than CurrentVersion', async () => {
    const { info } = await deploy(deployment(appSpec({ CurrentVersion: '2', TargetVersion: '1' })));

    expect(info).toMatchObject({ status: 'Failed', errorInformation: { code: 'INVALID_LAMBDA_CONFIGURATION' } });
  });

  test('fails if it goes from a version to itself', async () => {
    const { info } = await deploy(deployment(appSpec({ TargetVersion: '1' })));

    expect(info).toMatchObject({ status: 'Failed', errorInformation: { code: 'INVALID_REVISION' } });
  });

  test('fails if the alias already has weights', async () => {
    standIn.account.lambda.get('orders').aliases.live = { ...alias(), weights: { 2: 0.5 } };

    expect((await deploy()).info.errorInformation!.message).toBe('The alias live routes to more than one version');
  });

  test('fails if the service role may not update the alias', async () => {
    group({}, [allow(['lambda:GetAlias', 'cloudwatch:DescribeAlarms'])]);

    const { info } = await deploy();

    expect(info).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'IAM_ROLE_PERMISSIONS', message: expect.stringContaining('lambda:UpdateAlias') },
    });
  });
});

describe('an alarm', () => {
  const redAfter = (minutes: number) => async () => {
    await standIn.account.clock.sleep(minutes * MINUTE);
    fail();
  };

  test('stops the deployment, and starts another deployment that rolls back', async () => {
    const { info, shifts } = await deploy(deployment(), redAfter(12));

    expect(info).toMatchObject({
      status: 'Stopped',
      errorInformation: { code: 'ALARM_ACTIVE', message: expect.stringContaining('Activated alarms: <errors>') },
    });
    expect(shifts).toEqual([
      [0, '1', { 2: 0.4 }],
      [10, '1', { 2: 0.8 }],
      [13, '1', {}],
    ]);
    const { deploymentInfo: rollback } = await client().send(
      new GetDeploymentCommand({ deploymentId: info.rollbackInfo!.rollbackDeploymentId }),
    );
    expect(rollback).toMatchObject({
      status: 'Succeeded',
      creator: 'codeDeployRollback',
      rollbackInfo: { rollbackTriggeringDeploymentId: info.deploymentId },
    });
  });

  test('does not change the alias if the group does not roll back on alarms', async () => {
    group({ AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE'] } });

    const { info } = await deploy(deployment(), redAfter(2));

    expect(info.rollbackInfo).toBeUndefined();
    expect(alias()).toMatchObject({ version: '1', weights: { 2: 0.4 } });
  });

  test('that is red at the start stops the deployment before the traffic shifts', async () => {
    fail();
    await standIn.later(MINUTE);

    expect((await deploy()).shifts).toEqual([[0, '1', {}]]);
  });

  test('has no effect if the deployment disables alarms', async () => {
    fail();
    await standIn.later(MINUTE);

    const override = { overrideAlarmConfiguration: { enabled: false, alarms: [] } };
    expect((await deploy(deployment(appSpec(), override))).info.status).toBe('Succeeded');
  });

  test('cannot be disabled without a list of alarms', async () => {
    const override = { overrideAlarmConfiguration: { enabled: false } };
    await expect(client().send(deployment(appSpec(), override))).rejects.toMatchObject({
      name: 'InvalidAlarmConfigException',
      message: 'Alarm list cannot be null',
    });
  });

  test('can be disabled only with a permission for UpdateDeploymentGroup', async () => {
    const override = { overrideAlarmConfiguration: { enabled: false, alarms: [] } };
    const actions = ['CreateDeployment', 'GetDeploymentConfig', 'RegisterApplicationRevision'];
    const narrow = client([allow(actions.map((action) => `codedeploy:${action}`))]);
    await expect(narrow.send(deployment(appSpec(), override))).rejects.toThrow('codedeploy:UpdateDeploymentGroup');
  });

  test('is rolled back by a deployment that appears a moment after the end', async () => {
    fail();
    await standIn.later(MINUTE);
    const { info } = await deploy();
    const rollbackId = info.rollbackInfo!.rollbackDeploymentId!;
    const command = new GetDeploymentCommand({ deploymentId: rollbackId });
    const { deploymentInfo: rollback } = await client().send(command);

    expect(rollback!.createTime!.getTime() - info.completeTime!.getTime()).toBe(600);
    expect(info.rollbackInfo!.rollbackMessage).toBe(
      `Deployment ${info.deploymentId} terminated. ` +
        `Automatic rollback is triggered with a DeploymentId ${rollbackId}.`,
    );
    expect(rollback!.rollbackInfo).toEqual({
      rollbackTriggeringDeploymentId: info.deploymentId,
      rollbackMessage: `Deployment ${rollbackId} is triggered to roll back deployment ${info.deploymentId}.`,
    });
    const targets = new BatchGetDeploymentTargetsCommand({ deploymentId: rollbackId, targetIds: ['orders:live'] });
    const { deploymentTargets } = await client().send(targets);
    expect(deploymentTargets![0].deploymentTargetType).toBe('LambdaTarget');
    expect(deploymentTargets![0].lambdaTarget!.lifecycleEvents!.map(({ status }) => status)).toEqual([
      'Succeeded',
      'Succeeded',
      'Succeeded',
    ]);
  });

  test('is named in the reason, beside the other red alarms', async () => {
    fail();
    await standIn.later(MINUTE);
    standIn.account.cloudWatch.addCompositeAlarm('all', 'ALARM(errors)');
    group({ AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'errors' }, { Name: 'all' }] } });
    const { info } = await deploy();
    expect(info.errorInformation!.message).toMatch(/Activated alarms: <errors> <all>$/);
  });

  test('stops the deployment if it is unreadable', async () => {
    group({}, [allow('lambda:*')]);

    expect((await deploy()).info).toMatchObject({
      status: 'Stopped',
      errorInformation: { message: expect.stringContaining('cloudwatch:DescribeAlarms') },
    });
  });
});

describe('a hook', () => {
  const hooked = () => deployment(appSpec({}, [{ BeforeAllowTraffic: 'check' }]));

  /** Lets the function `check` report a status. */
  async function reporting(status?: 'Succeeded' | 'Failed', ids: string[] = []): Promise<void> {
    await standIn.functionWithTwoVersions('check');
    standIn.account.invocations.invoke = async ({ Payload }) => {
      const { DeploymentId, LifecycleEventHookExecutionId } = JSON.parse(String(Payload));
      ids.push(LifecycleEventHookExecutionId);
      const hook = { deploymentId: DeploymentId, lifecycleEventHookExecutionId: LifecycleEventHookExecutionId };
      const command = new PutLifecycleEventHookExecutionStatusCommand({ ...hook, status });
      if (status) {
        setImmediate(
          () =>
            void standIn.account.clock.run(async () => {
              await client().send(command);
            }),
        );
      }
      return { StatusCode: 202 };
    };
  }

  test('that succeeds starts the traffic shift', async () => {
    await reporting('Succeeded');
    expect((await deploy(hooked())).info.status).toBe('Succeeded');
  });

  test('has an id of several hundred characters, which says nothing', async () => {
    const ids: string[] = [];
    await reporting('Succeeded', ids);
    await deploy(hooked());
    expect(ids).toEqual([expect.stringMatching(/^eyJlbmNyeXB0ZWREYXRhIjoi[\w+/=]{200,}$/)]);
  });

  test('that fails ends the deployment before the traffic shifts', async () => {
    await reporting('Failed');

    const { info, shifts } = await deploy(hooked());

    expect(info).toMatchObject({ status: 'Failed', errorInformation: { code: 'HOOK_EXECUTION_FAILURE' } });
    expect(shifts).toEqual([[0, '1', {}]]);
  });

  test('without a status within an hour ends the deployment', async () => {
    await reporting();
    expect((await deploy(hooked())).info.errorInformation!.message).toContain('reported no status within an hour');
  });

  test('appears in the lifecycle events of the target', async () => {
    await reporting('Failed');
    const {
      info: { deploymentId },
    } = await deploy(hooked());
    const codeDeploy = client();

    const { targetIds } = await codeDeploy.send(new ListDeploymentTargetsCommand({ deploymentId }));
    const { deploymentTargets } = await codeDeploy.send(
      new BatchGetDeploymentTargetsCommand({ deploymentId, targetIds }),
    );

    expect(
      deploymentTargets![0].lambdaTarget!.lifecycleEvents!.map(
        ({ lifecycleEventName, status }) => `${lifecycleEventName} ${status}`,
      ),
    ).toEqual(['BeforeAllowTraffic Failed', 'AllowTraffic Skipped', 'AfterAllowTraffic Skipped']);
  });

  test('rejects a status after its end', async () => {
    const {
      info: { deploymentId },
    } = await deploy();
    const late = new PutLifecycleEventHookExecutionStatusCommand({
      deploymentId,
      lifecycleEventHookExecutionId: 'old',
      status: 'Succeeded',
    });
    await expect(client().send(late)).rejects.toMatchObject({ name: 'InvalidLifecycleEventHookExecutionIdException' });
  });
});

describe('a deployment', () => {
  test('that is stopped is rolled back', async () => {
    const { info } = await deploy(deployment(), async (deploymentId) => {
      await standIn.account.clock.sleep(MINUTE);
      await client().send(new StopDeploymentCommand({ deploymentId }));
    });

    expect(info).toMatchObject({ status: 'Stopped', errorInformation: { code: 'MANUAL_STOP' } });
    expect(alias()).toMatchObject({ version: '1', weights: {} });
  });

  test('fails while another one of the group is running', async () => {
    await deploy(deployment(), async (id) => {
      await expect(client().send(deployment())).rejects.toMatchObject({
        name: 'DeploymentLimitExceededException',
        message: expect.stringContaining(id),
      });
    });
  });

  test('is listed by status and time', async () => {
    const codeDeploy = client();
    await deploy(deployment(appSpec(), { description: 'job 1' }), async (id) => {
      const now = new Date(standIn.account.clock.now());
      const running = new ListDeploymentsCommand({
        ...GROUP,
        includeOnlyStatuses: ['Created', 'InProgress'],
        createTimeRange: { start: now },
      });
      expect((await codeDeploy.send(running)).deployments).toEqual([id]);
      expect(
        (await codeDeploy.send(new ListDeploymentsCommand({ ...GROUP, createTimeRange: { end: new Date(0) } })))
          .deployments,
      ).toEqual([]);
      expect(
        (await codeDeploy.send(new BatchGetDeploymentsCommand({ deploymentIds: [id] }))).deploymentsInfo![0]
          .description,
      ).toBe('job 1');
    });
  });

  test.each<[string, string, Partial<CreateDeploymentCommandInput>, string]>([
    ['of $LATEST', appSpec({ TargetVersion: '$LATEST' }), {}, 'must be a positive integer, got $LATEST'],
    ['without an alias', appSpec({ Alias: '' }), {}, 'the property Alias of the AppSpec must be a string'],
    [
      'with a hook of another platform',
      appSpec({}, [{ AfterInstall: 'check' }]),
      {},
      'the hooks of the AppSpec must be BeforeAllowTraffic or AfterAllowTraffic',
    ],
    ['with an AppSpec that is not YAML', '{[', {}, 'neither YAML nor JSON'],
    [
      'with another sha256',
      appSpec(),
      { revision: { revisionType: 'AppSpecContent', appSpecContent: { content: appSpec(), sha256: 'x' } } },
      'the SHA-256 of the AppSpec content',
    ],
    ['with fileExistsBehavior', appSpec(), { fileExistsBehavior: 'OVERWRITE' }, 'fileExistsBehavior'],
    [
      'with a configuration that does not exist',
      appSpec(),
      { deploymentConfigName: 'other' },
      'No deployment configuration found',
    ],
    ['of an application that does not exist', appSpec(), { applicationName: 'other' }, 'Applications not found'],
    [
      'from S3',
      appSpec(),
      { revision: { revisionType: 'S3', s3Location: { bucket: 'a', key: 'b', bundleType: 'zip' } } },
      'not rehearsed: a revision of type S3',
    ],
  ])('%s is rejected', async (_, content, options, message) => {
    await expect(client().send(deployment(content, options))).rejects.toThrow(message);
  });

  test('requires permissions for the group, the configuration and the application', async () => {
    const codeDeploy = (...actions: string[]) =>
      client([
        allow(
          actions.map((action) => `codedeploy:${action}`),
          'arn:aws:codedeploy:us-east-1:123456789012:*',
        ),
      ]);
    await expect(codeDeploy().send(deployment())).rejects.toThrow('deploymentgroup:orders-app/orders-group');
    await expect(codeDeploy('CreateDeployment').send(deployment())).rejects.toThrow('deploymentconfig:linear');
    await expect(codeDeploy('CreateDeployment', 'GetDeploymentConfig').send(deployment())).rejects.toThrow(
      'application:orders-app',
    );
  });

  test('requires a permission for * to read its targets, for which IAM has no resources', async () => {
    const {
      info: { deploymentId },
    } = await deploy();
    const narrow = client([
      allow('codedeploy:*', 'arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:orders-app/orders-group'),
    ]);
    await expect(narrow.send(new ListDeploymentTargetsCommand({ deploymentId }))).rejects.toThrow('on resource: *');
  });
});

test('describes a group', async () => {
  const { deploymentGroupInfo } = await client().send(new GetDeploymentGroupCommand(GROUP));
  expect(deploymentGroupInfo).toMatchObject({
    deploymentConfigName: 'linear',
    alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] },
  });
});

test('describes a configuration', async () => {
  const { deploymentConfigInfo } = await client().send(
    new GetDeploymentConfigCommand({ deploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery2Minutes' }),
  );
  expect(deploymentConfigInfo!.trafficRoutingConfig).toEqual({
    type: 'TimeBasedLinear',
    timeBasedLinear: { linearPercentage: 10, linearInterval: 2 },
  });
});
