import { CloudFormationClient, DescribeStacksCommand, StackStatus } from '@aws-sdk/client-cloudformation';
import { CodePipelineClient, StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { GetAliasCommand, GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { releaseConfigurationChange } from '../../../../src/handlers/release/change/start-run';
import { awsError, ENVIRONMENT_VARIABLES, inputsOf, PLACEHOLDER_DESCRIPTION } from '../fixtures';
import { secondsPassed, startVirtualTime } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const cloudFormation = mockClient(CloudFormationClient);
const codePipeline = mockClient(CodePipelineClient);
const lambda = mockClient(LambdaClient);
const sns = mockClient(SNSClient);
const ssm = mockClient(SSMClient);
const environment = process.env;

const NAME = '/lambda-ci-cd-pipeline/inventory/function-configuration';
const WANTED = { Runtime: 'python3.13' as const, Handler: 'app.handler', Role: 'arn:role', MemorySize: 256 };
const LIVE = { ...WANTED, MemorySize: 128, Version: '7', Description: 'commit 1a2b3c' };

beforeEach(() => {
  startVirtualTime();
  jest.spyOn(console, 'log').mockImplementation();
  [cloudFormation, codePipeline, lambda, sns, ssm].forEach((mock) => mock.reset());
  process.env = {
    ...ENVIRONMENT_VARIABLES,
    CONFIGURATION_PARAMETER: NAME,
    CONFIGURATION_STACK: 'Release',
    NOTIFICATION_TOPIC: 'arn:topic',
    NOTIFICATION_EVENTS: 'CONFIGURATION_PENDING',
  };
  stackIs('UPDATE_COMPLETE');
  parameterIs(WANTED, { ...WANTED, MemorySize: 128 });
  liveIs(LIVE);
  sns.on(PublishCommand).resolves({});
  codePipeline.on(StartPipelineExecutionCommand).resolves({ pipelineExecutionId: 'e1' });
});

afterAll(() => {
  process.env = environment;
});

function stackIs(...statuses: StackStatus[]): void {
  const states = statuses.map((status) => ({
    Stacks: [{ StackName: 'Release', StackStatus: status, CreationTime: new Date() }],
  }));
  const [last] = states.slice(-1);
  states.reduce((stub, state) => stub.resolvesOnce(state), cloudFormation.on(DescribeStacksCommand)).resolves(last);
}

function parameterIs(value: object, before: object): void {
  const LastModifiedDate = new Date(1000);
  ssm.on(GetParameterCommand, { Name: NAME }).resolves({
    Parameter: { Version: 3, Value: JSON.stringify(value), LastModifiedDate },
  });
  ssm
    .on(GetParameterCommand, { Name: `${NAME}:2` })
    .resolves({ Parameter: { Version: 2, Value: JSON.stringify(before) } });
}

function liveIs(live: object): void {
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '7' });
  lambda.on(GetFunctionConfigurationCommand, { Qualifier: '7' }).resolves(live);
}

const change = (name = NAME) =>
  releaseConfigurationChange({ detail: { name, operation: 'Update' } }, Date.now() + 840_000);

const starts = () => inputsOf(codePipeline, StartPipelineExecutionCommand);
const notices = () => inputsOf(sns, PublishCommand).map(({ Message }) => JSON.parse(Message).default as string);

test('starts a run with the commit that is live', async () => {
  await change();
  expect(starts()).toEqual([
    {
      name: 'inventory-pipeline',
      sourceRevisions: [{ actionName: 'SourceAction', revisionType: 'COMMIT_ID', revisionValue: '1a2b3c' }],
      variables: [{ name: 'ConfigurationOnly', value: 'true' }],
      clientRequestToken: 'configuration-3-1000',
    },
  ]);
});

test.each([
  ['object version abc.DEF_1', { revisionType: 'S3_OBJECT_VERSION_ID', revisionValue: 'abc.DEF_1' }],
  ['image sha256:12ab', { revisionType: 'IMAGE_DIGEST', revisionValue: 'sha256:12ab' }],
])('starts a run with the live %s', async (Description, revision) => {
  liveIs({ ...LIVE, Description });
  await change();
  expect(starts()).toMatchObject([{ sourceRevisions: [revision] }]);
});

test('waits until the stack has settled, and reads the value after that', async () => {
  stackIs('UPDATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  await change();
  expect(secondsPassed()).toBe(20);
  expect(starts()).toHaveLength(1);
});

test('starts nothing after a rollback of the stack, which brings the old value back', async () => {
  stackIs('UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE');
  parameterIs({ ...WANTED, MemorySize: 128 }, WANTED);
  await change();
  expect(starts()).toEqual([]);
});

test('starts the run at the deadline if the stack has not settled', async () => {
  stackIs('UPDATE_IN_PROGRESS');
  await change();
  expect(secondsPassed()).toBe(840);
  expect(starts()).toHaveLength(1);
});

test('starts nothing for an update that left the value as it was', async () => {
  parameterIs(WANTED, WANTED);
  await change();
  expect(starts()).toEqual([]);
});

test('starts nothing if the live version has the configuration already', async () => {
  liveIs({ ...LIVE, MemorySize: 256 });
  await change();
  expect(starts()).toEqual([]);
});

test('starts nothing before the first release', async () => {
  liveIs({ ...LIVE, Description: PLACEHOLDER_DESCRIPTION });
  await change();
  expect(starts()).toEqual([]);
});

test('starts nothing for a deleted stack', async () => {
  stackIs('DELETE_IN_PROGRESS', 'DELETE_COMPLETE');
  await change();
  expect(starts()).toEqual([]);
});

test('ignores an event about another parameter', async () => {
  await change('/other');
  expect(starts()).toEqual([]);
});

test('compares $LATEST with the live version if a stack applies the configuration', async () => {
  delete process.env.CONFIGURATION_PARAMETER;
  lambda.on(GetFunctionConfigurationCommand, { Qualifier: undefined }).resolves({ ...LIVE, MemorySize: 512 });
  await change();
  expect(starts()).toHaveLength(1);
});

test('notifies people of a change whose revision is unknown, and names the command', async () => {
  liveIs({ ...LIVE, Description: 'made by hand' });
  await change();
  expect(starts()).toEqual([]);
  expect(notices()).toEqual([
    [
      'inventory-pipeline: a configuration change is not released yet',
      '',
      'Changed: MemorySize',
      'Cause: The description of the live version 7 names no revision of the source (made by hand), ' +
        'so the pipeline cannot start with this revision.',
      '',
      'Next: The next run applies the change. To start a run that releases the live code with the new ' +
        'configuration: aws codepipeline start-pipeline-execution --name inventory-pipeline ' +
        '--variables name=ConfigurationOnly,value=true',
    ].join('\n'),
  ]);
});

test('tries again while the pipeline is busy', async () => {
  codePipeline
    .on(StartPipelineExecutionCommand)
    .rejectsOnce(awsError('ConflictException'))
    .resolves({ pipelineExecutionId: 'e1' });
  await change();
  expect(starts()).toHaveLength(2);
});

test('leaves the change to a waiting run if another run cannot wait', async () => {
  codePipeline
    .on(StartPipelineExecutionCommand)
    .rejects(awsError('ConcurrentPipelineExecutionsLimitExceededException'));
  await expect(change()).resolves.toBeUndefined();
});

test('notifies people when the run cannot be started, and fails', async () => {
  codePipeline.on(StartPipelineExecutionCommand).rejects(awsError('PipelineNotFoundException', 'no pipeline'));
  await expect(change()).rejects.toThrow('no pipeline');
  expect(notices()[0]).toContain(
    'Cause: The run could not be started: AWS rejected a request: PipelineNotFoundException',
  );
});
