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
  'Run: https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/inventory-pipeline/executions/e-1/timeline?region=eu-west-1';

test('says which command and which tests failed a build, of which commit, and where to look', () => {
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
      'Failed: Build, BuildAction',
      'Cause: PRE_BUILD: Error while executing command: pytest tests. Reason: exit status 1',
      'Failed tests (1):',
      '- test_app.test_allocate: assert 3 == 4',
      'Source: commit 1a2b3c4d of acme/inventory, branch main: Fix rounding',
      'Log: https://log',
      RUN_LINK,
    ],
    nextStep: "Nothing was deployed. Correct the cause and push; if it was none of the code's, retry the stage Build.",
  });
});

test('names ten tests at most', () => {
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
    'POST_BUILD: Error while executing command: aws lambda update-function-code --function-name inventory. Reason: exit status 254',
  ];
  expect(
    describeFailedRun(run({ actions: [failed('Build', 'BuildAction', 'x', 'Build')], build: { phases, tests: [] } }))
      .nextStep,
  ).toContain('Take the line with aws lambda update-function-code out of the build specification');
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
    failed('Deploy', 'DeployAction', 'no deployment was started'),
    { event: 'DEPLOYMENT_FAILED', title: 'inventory-pipeline: the deployment failed in DeployAction' },
  ],
  [
    'a deployment that was rolled back',
    failed('Deploy', 'DeployAction', 'The deployment d-1 failed. CodeDeploy rolled it back (deployment d-2).'),
    { event: 'ROLLED_BACK', title: 'inventory-pipeline: the release was rolled back' },
  ],
  [
    'a rollback that failed',
    failed('Deploy', 'DeployAction', 'The rollback d-2 did not come through either'),
    { event: 'DEPLOYMENT_FAILED' },
  ],
  [
    'a verification that was rolled back',
    failed('Verify', 'RollbackAction', 'The verification failed, so all traffic of live goes to version 2 again'),
    { event: 'ROLLED_BACK' },
  ],
  [
    'a verification that could not be rolled back',
    failed('Verify', 'RollbackAction', 'The verification failed, and the alias live was left as it is'),
    { event: 'DEPLOYMENT_FAILED' },
  ],
])('tells of %s with its cause', (_, action, expected) => {
  const notice = describeFailedRun(run({ actions: [action] }));
  expect(notice).toMatchObject(expected);
  expect(Object.values(NotificationEvent)).toContain(notice.event);
  expect(notice.lines).toContain(`Cause: ${action.output!.executionResult!.errorDetails!.message}`);
});

test('tells of a run in which no action failed, and of what could not be read', () => {
  const { lines, title } = describeFailedRun(
    run({ actions: [], missing: ['The actions of the run could not be read: denied'] }),
  );
  expect(title).toBe('inventory-pipeline: the run failed');
  expect(lines).toEqual(
    expect.arrayContaining([
      'No action failed: a condition of a stage ended the run.',
      'The actions of the run could not be read: denied',
    ]),
  );
});

test('says which version is live after a run that went through', () => {
  const deployed: ActionExecutionDetail = {
    stageName: 'Deploy',
    actionName: 'DeployAction',
    status: 'Succeeded',
    output: {
      outputVariables: { DeploymentId: 'd-1', CurrentVersion: '7' },
      executionResult: { externalExecutionSummary: 'all traffic of live goes to version 7' },
    },
  };
  expect(describeSucceededRun(run({ actions: [deployed, SOURCE] }))).toMatchObject({
    event: 'SUCCEEDED',
    title: 'inventory-pipeline: version 7 is live',
    lines: expect.arrayContaining(['Result: all traffic of live goes to version 7']),
  });
});

test('hands the comment and the link of an approval on, and says where to answer', () => {
  const approval: ActionExecutionDetail = {
    stageName: 'Approve',
    actionName: 'Approval',
    input: { configuration: { CustomData: 'Look at the figures', ExternalEntityLink: 'https://figures' } },
  };
  expect(describeApproval(run({ actions: [approval, SOURCE] }), 'Approve', 'Approval')).toMatchObject({
    event: 'APPROVAL_NEEDED',
    title: 'inventory-pipeline: Approval is waited for',
    lines: expect.arrayContaining([
      'Comment: Look at the figures',
      'To review: https://figures',
      'Source: commit 1a2b3c4d of acme/inventory, branch main: Fix rounding',
    ]),
    nextStep:
      'Approve or reject Approval in the pipeline: https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/inventory-pipeline/view?region=eu-west-1',
  });
});

test.each([
  [{ RepositoryName: 'inventory', ImageDigest: 'sha256:abc' }, 'Source: image inventory@sha256:abc'],
  [{ VersionId: 'v1', ETag: 'x' }, 'Source: object version v1'],
])('says what the source %j was', (outputVariables, line) => {
  expect(describeFailedRun(run({ actions: [{ ...SOURCE, output: { outputVariables } }] })).lines).toContain(line);
});

test.each([
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
  ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
])('links to the console of %s', (region, start) => {
  expect(describeFailedRun(run({ region })).lines.join()).toContain(start);
});
