import { ActionExecutionDetail } from '@aws-sdk/client-codepipeline';
import {
  describeApproval,
  describeFailedRun,
  describeSucceededRun,
  Notice,
} from '../../../../src/handlers/release/notice/notice';
import { Run } from '../../../../src/handlers/release/notice/run';
import { NotificationEvent } from '../../../../src/notification';

const SOURCE: ActionExecutionDetail = {
  stageName: 'Source',
  actionName: 'SourceAction',
  status: 'Succeeded',
  input: { actionTypeId: { category: 'Source', owner: 'AWS', provider: 'CodeStarSourceConnection', version: '1' } },
  output: {
    outputVariables: {
      CommitId: '1a2b3c4d5e6f',
      CommitMessage: 'Fix rounding\n\nlong text',
      BranchName: 'main',
      FullRepositoryName: 'acme/inventory',
    },
  },
};

function run(rest: Partial<Run> = {}): Run {
  return {
    pipeline: 'inventory-pipeline',
    executionId: 'e-1',
    region: 'eu-west-1',
    actions: [SOURCE],
    missing: [],
    ...rest,
  };
}

function failed(
  stageName: string,
  actionName: string,
  message: string,
  category: 'Build' | 'Invoke' | 'Approval' = 'Invoke',
): ActionExecutionDetail {
  return {
    stageName,
    actionName,
    status: 'Failed',
    input: { actionTypeId: { category, owner: 'AWS', provider: 'any', version: '1' } },
    output: { executionResult: { errorDetails: { code: 'JobFailed', message } } },
  };
}

const RUN_LINK =
  'Run: https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/inventory-pipeline/' +
  'executions/e-1/timeline?region=eu-west-1';

test('names the command, the tests and the commit of a failed build, with links', () => {
  const build = {
    phases: ['PRE_BUILD: Error while executing command: pytest tests. Reason: exit status 1'],
    tests: ['test_app.test_allocate: assert 3 == 4'],
    log: 'https://log',
  };
  expect(
    describeFailedRun(
      run({ actions: [failed('Build', 'BuildAction', 'Build terminated with state: FAILED', 'Build'), SOURCE], build }),
    ),
  ).toEqual({
    event: 'BUILD_FAILED',
    title: 'inventory-pipeline: BuildAction failed',
    lines: [
      'Failed: action BuildAction of the stage Build',
      'Cause: PRE_BUILD: Error while executing command: pytest tests. Reason: exit status 1',
      'Failed tests (1):',
      '- test_app.test_allocate: assert 3 == 4',
      'Source: commit 1a2b3c4d of acme/inventory, branch main: Fix rounding',
      'Log: https://log',
      RUN_LINK,
    ],
    nextStep: 'Nothing was deployed. Fix the cause and push. If the code is not the cause, retry the stage Build.',
  });
});

test('lists at most ten tests', () => {
  const tests = Array.from({ length: 12 }, (_, index) => `test ${index}`);
  const { lines } = describeFailedRun(
    run({ actions: [failed('Build', 'BuildAction', 'x', 'Build')], build: { phases: [], tests } }),
  );
  expect(lines).toContain('Failed tests (12):');
  expect(lines.filter((line) => line.startsWith('- test'))).toHaveLength(10);
  expect(lines).toContain('- and 2 more');
});

test('says how to migrate a build specification that updates the function itself', () => {
  const phases = [
    'POST_BUILD: Error while executing command: aws lambda update-function-code --function-name inventory. ' +
      'Reason: exit status 254',
  ];
  expect(
    describeFailedRun(run({ actions: [failed('Build', 'BuildAction', 'x', 'Build')], build: { phases, tests: [] } }))
      .nextStep,
  ).toContain('Remove the line with aws lambda update-function-code from the build specification');
});

test.each<[string, ActionExecutionDetail, Partial<Notice>]>([
  [
    'a step before the build',
    failed('CreateLambdaFunction', 'CreateLambdaFunction', 'no role'),
    { event: 'BUILD_FAILED', title: 'inventory-pipeline: CreateLambdaFunction failed' },
  ],
  [
    'an approval',
    failed('Approve', 'Approval', 'not before Monday', 'Approval'),
    { event: 'BUILD_FAILED', title: 'inventory-pipeline: the release was not approved' },
  ],
  [
    'a deployment',
    failed('Deploy', 'DeployAction', 'The pipeline started no deployment'),
    { event: 'DEPLOYMENT_FAILED', title: 'inventory-pipeline: the deployment failed in DeployAction' },
  ],
  [
    'a deployment that was rolled back',
    failed('Deploy', 'DeployAction', '[rolled-back] The deployment d-1 failed.'),
    { event: 'ROLLED_BACK', title: 'inventory-pipeline: the release was rolled back' },
  ],
  [
    'a rollback that failed',
    failed('Deploy', 'DeployAction', 'The rollback d-2 did not succeed either'),
    { event: 'DEPLOYMENT_FAILED' },
  ],
  [
    'a verification that was rolled back',
    failed('Verify', 'RollbackAction', '[rolled-back] The verification failed.'),
    { event: 'ROLLED_BACK' },
  ],
  [
    'a verification that could not be rolled back',
    failed('Verify', 'RollbackAction', 'The verification failed, but the pipeline did not move the alias live'),
    { event: 'DEPLOYMENT_FAILED' },
  ],
])('describes %s with its cause', (_, action, expected) => {
  const notice = describeFailedRun(run({ actions: [action] }));
  expect(notice).toMatchObject(expected);
  expect(Object.values(NotificationEvent)).toContain(notice.event);
  const message = action.output!.executionResult!.errorDetails!.message!;
  expect(notice.lines).toContain(`Cause: ${message.replace('[rolled-back] ', '')}`);
});

test('describes a run in which no action failed, and lists missing details', () => {
  const { lines, title } = describeFailedRun(
    run({ actions: [], missing: ['Could not read the actions of the run: denied'] }),
  );
  expect(title).toBe('inventory-pipeline: the run failed');
  expect(lines).toEqual(
    expect.arrayContaining([
      'No action failed: the condition of a stage ended the run.',
      'Could not read the actions of the run: denied',
    ]),
  );
});

const DEPLOYED: ActionExecutionDetail = {
  stageName: 'Deploy',
  actionName: 'DeployAction',
  status: 'Succeeded',
  output: {
    outputVariables: { DeploymentId: 'd-1', CurrentVersion: '7' },
    executionResult: { externalExecutionSummary: 'all traffic of live goes to version 7' },
  },
};

test('says which version is live after a successful run', () => {
  expect(describeSucceededRun(run({ actions: [DEPLOYED, SOURCE] }))).toMatchObject({
    event: 'SUCCEEDED',
    title: 'inventory-pipeline: version 7 is live',
    lines: expect.arrayContaining(['Result: all traffic of live goes to version 7']),
  });
});

test('says which version is live when a stage after the deployment failed', () => {
  const { nextStep } = describeFailedRun(run({ actions: [failed('Announce', 'Tell', 'no topic'), DEPLOYED, SOURCE] }));
  expect(nextStep).toBe(
    'Version 7 is live. Fix the cause and push. If the code is not the cause, retry the stage Announce.',
  );
});

test('describes a pending approval with its comment and its link, and links to the decision', () => {
  const approval: ActionExecutionDetail = {
    stageName: 'Approve',
    actionName: 'Approval',
    input: { configuration: { CustomData: 'Look at the figures', ExternalEntityLink: 'https://figures' } },
  };
  expect(describeApproval(run({ actions: [approval, SOURCE] }), 'Approve', 'Approval')).toMatchObject({
    event: 'APPROVAL_NEEDED',
    title: 'inventory-pipeline: waiting for approval of Approval',
    lines: expect.arrayContaining([
      'Comment: Look at the figures',
      'To review: https://figures',
      'Source: commit 1a2b3c4d of acme/inventory, branch main: Fix rounding',
    ]),
    nextStep:
      'Approve or reject Approval in the pipeline: https://eu-west-1.console.aws.amazon.com/' +
      'codesuite/codepipeline/pipelines/inventory-pipeline/view?region=eu-west-1',
  });
});

test.each([
  [{ RepositoryName: 'inventory', ImageDigest: 'sha256:abc' }, 'Source: image inventory@sha256:abc'],
  [{ VersionId: 'v1', ETag: 'x' }, 'Source: object version v1'],
])('describes the source %j', (outputVariables, line) => {
  expect(describeFailedRun(run({ actions: [{ ...SOURCE, output: { outputVariables } }] })).lines).toContain(line);
});

test.each([
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
  ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
])('links to the console of %s', (region, start) => {
  expect(describeFailedRun(run({ region })).lines.join()).toContain(start);
});
