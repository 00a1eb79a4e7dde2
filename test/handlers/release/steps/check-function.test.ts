import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CodeDeployClient, GetDeploymentGroupCommand, ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListTagsCommand,
  StateReasonCode,
} from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { CHECK_VARIABLES, PROJECT_TAG } from '../../../../src/handlers/release/contract';
import { checkFunction } from '../../../../src/handlers/release/steps/check-function';
import { awsError, inputsOf, stepInput } from '../fixtures';
import { secondsPassed, startVirtualTime } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const lambda = mockClient(LambdaClient);
const codeDeploy = mockClient(CodeDeployClient);
const ssm = mockClient(SSMClient);
const cloudWatch = mockClient(CloudWatchClient);

beforeEach(() => {
  startVirtualTime();
  lambda.reset();
  ssm.reset();
  codeDeploy.reset();
  cloudWatch.reset();
  lambda
    .on(GetFunctionConfigurationCommand)
    .resolves({ FunctionName: 'inventory-allocation', State: 'Active', LastUpdateStatus: 'Successful' });
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '4' });
  codeDeploy.on(ListDeploymentsCommand).resolves({ deployments: [] });
  codeDeploy.on(GetDeploymentGroupCommand).resolves({
    deploymentGroupInfo: {
      alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }, { name: 'throttles' }] },
    },
  });
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'errors', StateValue: 'OK' }] });
});

const check = (variables = {}) => checkFunction(stepInput({ step: 'check' }, {}, variables));

const tagged = (Tags: Record<string, string>) => lambda.on(ListTagsCommand).resolves({ Tags });

/** The stack wants this configuration. Returns the variables of the release function. */
function configured(fields: object = {}, namedFields = ''): Record<string, string> {
  const configuration = {
    Runtime: 'python3.13',
    Handler: 'app.handler',
    Role: 'arn:role',
    MemorySize: 128,
    Environment: { Variables: {} },
    ...fields,
  };
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: JSON.stringify(configuration) } });
  return {
    CONFIGURATION_PARAMETER: '/inventory/function-configuration',
    NAMED_FIELDS: `Runtime,Handler,${namedFields}`,
  };
}

test('reports a healthy function', async () => {
  expect(await check()).toEqual({
    summary: 'the function inventory-allocation exists: the alias live points to version 4',
    variables: {
      FunctionExists: 'true',
      AliasExists: 'true',
      CurrentVersion: '4',
      RoutingWeights: 'none',
      RunningDeployment: 'none',
      AlarmsInAlarm: 'none',
    },
  });
});

test('sets all variables when the function is missing', async () => {
  lambda.on(GetFunctionConfigurationCommand).rejects(awsError('ResourceNotFoundException'));
  lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException'));
  const { summary, variables } = await check();
  expect(summary).toBe('the function inventory-allocation does not exist yet');
  expect(Object.keys(variables!).sort()).toEqual(Object.values(CHECK_VARIABLES).sort());
  expect(variables).toMatchObject({ FunctionExists: 'false', AliasExists: 'false', CurrentVersion: 'none' });
});

test('reports a function without an alias', async () => {
  lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException'));
  expect(await check()).toMatchObject({
    summary: expect.stringContaining('there is no alias live yet'),
    variables: { FunctionExists: 'true', AliasExists: 'false' },
  });
});

test.each([
  ['a denial', 'AccessDeniedException'],
  ['a throttle', 'TooManyRequestsException'],
  ['an internal error', 'ServiceException'],
])('treats %s as an error, not as a missing function', async (_, name) => {
  lambda.on(GetFunctionConfigurationCommand).rejects(awsError(name));
  await expect(check()).rejects.toMatchObject({ name });
});

test('treats a denial of the alias as an error, not as a missing alias', async () => {
  lambda.on(GetAliasCommand).rejects(awsError('AccessDeniedException'));
  await expect(check()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('reports weights, a running deployment and alarms in ALARM', async () => {
  lambda
    .on(GetAliasCommand)
    .resolves({ FunctionVersion: '4', RoutingConfig: { AdditionalVersionWeights: { 5: 0.1 } } });
  codeDeploy.on(ListDeploymentsCommand).resolves({ deployments: ['d-7'] });
  cloudWatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [{ AlarmName: 'errors', StateValue: 'ALARM' }],
    CompositeAlarms: [{ AlarmName: 'all', StateValue: 'ALARM' }],
  });
  expect(await check()).toEqual({
    summary:
      'the function inventory-allocation exists: the alias live points to version 4, ' +
      'its traffic is split 4=90% 5=10%, the deployment d-7 is running, in ALARM: errors, all',
    variables: expect.objectContaining({
      RoutingWeights: '4=90% 5=10%',
      RunningDeployment: 'd-7',
      AlarmsInAlarm: 'errors, all',
    }),
  });
});

test('reads the alarms of the deployment group, and no others', async () => {
  await check();
  expect(inputsOf(cloudWatch, DescribeAlarmsCommand)).toMatchObject([{ AlarmNames: ['errors', 'throttles'] }]);
});

test('reads no alarms when the deployment group has none', async () => {
  codeDeploy
    .on(GetDeploymentGroupCommand)
    .resolves({ deploymentGroupInfo: { alarmConfiguration: { enabled: false } } });
  await check();
  expect(inputsOf(cloudWatch, DescribeAlarmsCommand)).toEqual([]);
});

describe('a function that Lambda is still creating', () => {
  const pending = { State: 'Pending', StateReason: 'the network is being set up' } as const;

  test('is awaited', async () => {
    lambda
      .on(GetFunctionConfigurationCommand)
      .resolvesOnce(pending)
      .resolves({ FunctionName: 'inventory-allocation', State: 'Active' });
    expect(await check()).toMatchObject({ variables: { FunctionExists: 'true' } });
    expect(secondsPassed()).toBe(10);
  });

  test('is awaited in a further invocation after a minute', async () => {
    lambda.on(GetFunctionConfigurationCommand).resolves(pending);
    const start = Date.now();
    expect(await check()).toEqual({
      summary: 'the function inventory-allocation is pending (the network is being set up)',
      continuation: { pendingSince: start },
    });
    expect(secondsPassed()).toBeLessThanOrEqual(60);
  });

  test('fails after ten minutes, with the reason and the remedy', async () => {
    lambda.on(GetFunctionConfigurationCommand).resolves(pending);
    const continuationToken = JSON.stringify({ pendingSince: Date.now() - 600_000 });
    await expect(checkFunction(stepInput({ step: 'check' }, { continuationToken }))).rejects.toMatchObject({
      type: 'SystemUnavailable',
      message: expect.stringMatching(/still pending \(the network is being set up\) after 10 minutes.*Retry the stage/),
    });
  });
});

describe('an inactive function', () => {
  const inactive = (code: StateReasonCode, more = {}) =>
    lambda.on(GetFunctionConfigurationCommand).resolves({
      FunctionName: 'inventory-allocation',
      FunctionArn: 'arn:function',
      State: 'Inactive',
      StateReason: 'the subnet has no free address',
      StateReasonCode: code,
      ...more,
    });

  test('that is only idle passes, with a note', async () => {
    inactive('Idle');
    expect((await check()).summary).toContain('is Inactive, because nobody has invoked it for a long time');
  });

  test('that Lambda could not wake fails, with the reason and the command', async () => {
    inactive('SubnetOutOfIPAddresses');
    await expect(check()).rejects.toThrow(
      /could not restore its resources: the subnet has no free address \(SubnetOutOfIPAddresses\).*aws lambda invoke --function-name inventory-allocation/,
    );
  });

  test('passes if the release changes its configuration', async () => {
    inactive('SubnetOutOfIPAddresses', { MemorySize: 512 });
    tagged({ [PROJECT_TAG]: 'inventory' });
    expect((await check(configured())).summary).toContain(
      'and this release changes Runtime, Handler, Role, MemorySize',
    );
  });

  test('passes if the release brings another image', async () => {
    inactive('ImageDeleted', { PackageType: 'Image' });
    expect((await check()).summary).toContain('and this release brings another image');
  });
});

describe('an existing function that this pipeline did not create', () => {
  beforeEach(() => {
    lambda.on(GetFunctionConfigurationCommand).resolves({
      FunctionName: 'inventory-allocation',
      FunctionArn: 'arn:function',
      State: 'Active',
      Role: 'arn:role',
      Environment: { Variables: { DB_PASSWORD: 'hunter2' } },
      MemorySize: 512,
    });
    tagged({});
  });

  test('fails if the release would remove something that no option names, with the list and both remedies', async () => {
    const failure = await check(configured()).catch((error) => error);
    expect(failure).toMatchObject({
      type: 'ConfigurationError',
      message: expect.stringMatching(
        /which this pipeline did not create.*has changed nothing.*set these options.*replaceExistingConfiguration to true/,
      ),
    });
    expect(failure.message).toContain(
      'it changes memorySize from 512 MB to 128 MB; it removes DB_PASSWORD (option environment)',
    );
    expect(failure.message).not.toContain('hunter2');
  });

  test('names the pipeline of another project', async () => {
    tagged({ [PROJECT_TAG]: 'stock' });
    await expect(check(configured())).rejects.toThrow('which the pipeline of stock created or took over');
  });

  test('passes if the options name all changes, with a note', async () => {
    const { summary } = await check(configured({ Environment: { Variables: { DB_PASSWORD: 'x' } } }, 'MemorySize'));
    expect(summary).toContain('the pipeline takes over the function, and changes only what the options name');
  });

  test('passes with replaceExistingConfiguration, and the note lists the changes', async () => {
    const { summary } = await check({ ...configured(), REPLACE_EXISTING_CONFIGURATION: 'true' });
    expect(summary).toContain('and replaces its configuration: it changes memorySize from 512 MB to 128 MB');
  });

  test('passes if the pipeline has taken it over before', async () => {
    tagged({ [PROJECT_TAG]: 'inventory' });
    expect((await check(configured())).summary).not.toContain('takes over');
  });

  test('fails before the build if it runs images and the stack wants packages', async () => {
    lambda
      .on(GetFunctionConfigurationCommand)
      .resolves({ FunctionName: 'inventory-allocation', State: 'Active', PackageType: 'Image' });
    await expect(check(configured())).rejects.toThrow('is of the package type Image, but the stack wants Zip');
  });
});

test('reports a failed update', async () => {
  lambda
    .on(GetFunctionConfigurationCommand)
    .resolves({ State: 'Active', LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no subnet' });
  expect((await check()).summary).toContain('the last update failed: no subnet');
});

test('fails when the function is in the state Failed, with the reason', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolves({
    FunctionName: 'inventory-allocation',
    State: 'Failed',
    StateReason: 'the image is gone',
    StateReasonCode: 'ImageDeleted',
  });
  await expect(check()).rejects.toThrow('is in the state Failed: the image is gone (ImageDeleted)');
});

test('fails before the build when the function has another runtime than the build', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolves({ FunctionName: 'inventory-allocation', Runtime: 'python3.11' });
  const parameters = { step: 'check', runtime: 'python3.13', architecture: 'x86_64' };
  await expect(checkFunction(stepInput(parameters))).rejects.toThrow(
    'but the function inventory-allocation has the runtime python3.11 on x86_64',
  );
});
