import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CodeDeployClient, GetDeploymentGroupCommand, ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import { GetAliasCommand, GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { CHECK_VARIABLES } from '../../../../src/handlers/release/contract';
import { checkFunction } from '../../../../src/handlers/release/steps/check-function';
import { awsError, inputsOf, stepInput } from '../fixtures';

const lambda = mockClient(LambdaClient);
const codeDeploy = mockClient(CodeDeployClient);
const cloudWatch = mockClient(CloudWatchClient);

beforeEach(() => {
  lambda.reset();
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

const check = () => checkFunction(stepInput({ step: 'check' }));

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

test('accepts a function that Lambda is still creating', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Pending' });
  expect((await check()).summary).toContain('the state is Pending');
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
