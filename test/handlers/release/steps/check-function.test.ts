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

test('tells of a function in good order', async () => {
  expect(await check()).toEqual({
    summary: 'the function inventory-allocation exists: alias live at version 4',
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

test('tells of a function without an alias', async () => {
  lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException'));
  expect(await check()).toMatchObject({
    summary: expect.stringContaining('no alias live yet'),
    variables: { FunctionExists: 'true', AliasExists: 'false' },
  });
});

test.each([
  ['a denial', 'AccessDeniedException'],
  ['a throttle', 'TooManyRequestsException'],
  ['an internal error', 'ServiceException'],
])('takes %s for an error, not for a missing function', async (_, name) => {
  lambda.on(GetFunctionConfigurationCommand).rejects(awsError(name));
  await expect(check()).rejects.toMatchObject({ name });
});

test('takes a denial of the alias for an error, not for a missing alias', async () => {
  lambda.on(GetAliasCommand).rejects(awsError('AccessDeniedException'));
  await expect(check()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('tells of weights, a running deployment and red alarms', async () => {
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
      'the function inventory-allocation exists: alias live at version 4, traffic split 4=90% 5=10%, deployment d-7 is running, in alarm: errors, all',
    variables: expect.objectContaining({
      RoutingWeights: '4=90% 5=10%',
      RunningDeployment: 'd-7',
      AlarmsInAlarm: 'errors, all',
    }),
  });
});

test('looks at the alarms of the deployment group, and at no others', async () => {
  await check();
  expect(inputsOf(cloudWatch, DescribeAlarmsCommand)).toMatchObject([{ AlarmNames: ['errors', 'throttles'] }]);
});

test('asks for no alarms when the deployment group has none', async () => {
  codeDeploy
    .on(GetDeploymentGroupCommand)
    .resolves({ deploymentGroupInfo: { alarmConfiguration: { enabled: false } } });
  await check();
  expect(inputsOf(cloudWatch, DescribeAlarmsCommand)).toEqual([]);
});

test('lets a function pass that is still being made', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Pending' });
  expect((await check()).summary).toContain('state Pending');
});

test('tells of a failed update', async () => {
  lambda
    .on(GetFunctionConfigurationCommand)
    .resolves({ State: 'Active', LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no subnet' });
  expect((await check()).summary).toContain('last update failed: no subnet');
});

test('fails when the function is in the state Failed, and says why', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolves({
    FunctionName: 'inventory-allocation',
    State: 'Failed',
    StateReason: 'the image is gone',
    StateReasonCode: 'ImageDeleted',
  });
  await expect(check()).rejects.toThrow('is in the state Failed: the image is gone (ImageDeleted)');
});
