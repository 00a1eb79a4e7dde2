import { Duration } from 'aws-cdk-lib';
import { Account } from '../../../rehearsal/account/account';
import { AwsError } from '../../../rehearsal/base/aws-error';
import { DeploymentConfig } from '../../../src';
import { before, FaultyAccount, FaultyRun } from '../support/faults';
import { handlerFile, pipelineApp } from '../support/run';

jest.setTimeout(120_000);

const CANARY = { deploymentConfig: DeploymentConfig.canary({ percentage: 10, interval: Duration.minutes(10) }) };
const assembly = pipelineApp(CANARY);
const withoutRollback = pipelineApp({ ...CANARY, autoRollback: { stoppedDeployment: false } });

/** Runs a release without faults, after which the alias points to version 2, and a release with faults. */
async function secondRelease(
  spoil: (account: Account) => void,
  app = assembly,
  account = new FaultyAccount(),
): Promise<FaultyRun> {
  const first = await account.push(app, { 'index.js': handlerFile(1) });
  expect(first.alias).toMatchObject({ version: '2' });
  return account.push(app, { 'index.js': handlerFile(2) }, spoil);
}

const summariesOf = ({ stages }: FaultyRun) => stages.flatMap(({ actions }) => actions).map(({ summary }) => summary);

function times(count: number, fault: () => void): () => void {
  let left = count;
  return () => {
    if (left-- > 0) {
      fault();
    }
  };
}

const throttle = () => {
  throw new AwsError(429, 'TooManyRequestsException', 'Rate exceeded');
};

const deny = (): never => {
  throw new AwsError(403, 'AccessDeniedException', 'a policy of the organization denies this');
};

/** Stops each deployment five minutes after its start, as a person in the console would. */
function stopDeployments(account: Account): void {
  account.codeDeploy.onStart = ({ id, rollbackOf }) => {
    if (rollbackOf) {
      return;
    }
    void account.clock.run(async () => {
      await account.clock.sleep(5 * 60_000);
      account.codeDeploy.stop({ deploymentId: id });
    });
  };
}

describe('a throttled call', () => {
  test('does not fail the run', async () => {
    const run = await secondRelease(({ lambda }) => before(lambda, 'GetFunctionConfiguration', times(4, throttle)));
    expect(run).toMatchObject({ cause: undefined, alias: { version: '3', weights: {} } });
  });

  test('that never succeeds fails the run and does not change the alias', async () => {
    const run = await secondRelease(({ lambda }) =>
      before(lambda, 'PublishVersion', () => {
        throw new AwsError(400, 'ServiceQuotaExceededException', 'too many versions');
      }),
    );

    expect(run.cause).toMatch(/^Deploy\/CreateAppSpecFile: .*too many versions/);
    expect(run).toMatchObject({ alias: { version: '2', weights: {} }, versions: ['1', '2'] });
  });
});

/** Delivers the first job of a step twice. */
function deliverTwice(step: string) {
  const delivered = {
    repeated: 0,
    spoil: (account: Account) => {
      const { invoke } = account.invocations;
      account.invocations.invoke = async (input) => {
        const { 'CodePipeline.job': job } = JSON.parse(String(input.Payload));
        const isFirst =
          job &&
          !job.data.continuationToken &&
          JSON.parse(job.data.actionConfiguration.configuration.UserParameters).step === step;
        if (isFirst) {
          delivered.repeated++;
          await invoke.call(account.invocations, input);
        }
        return invoke.call(account.invocations, input);
      };
    },
  };
  return delivered;
}

describe('a read that fails while the deployment runs', () => {
  test('does not fail the run', async () => {
    const run = await secondRelease(({ codeDeploy }) => before(codeDeploy, 'GetDeployment', times(3, deny)));
    expect(run).toMatchObject({ cause: undefined, alias: { version: '3', weights: {} } });
    expect(run.deployments).toHaveLength(1);
  });
});

describe('a status of the bake that does not get through', () => {
  test('is sent again, and the release stays', async () => {
    const run = await secondRelease(({ codeDeploy }) =>
      before(codeDeploy, 'PutLifecycleEventHookExecutionStatus', times(2, deny)),
    );
    expect(run).toMatchObject({ cause: undefined, alias: { version: '3', weights: {} } });
  });
});

describe('a rollback after a verification', () => {
  const app = pipelineApp({ verification: { commands: ['grep -q 1 index.js'] } });

  test('says that the alias is back when the job is delivered twice', async () => {
    const delivered = deliverTwice('rollback');
    const run = await secondRelease(delivered.spoil, app);

    expect(delivered.repeated).toBe(1);
    expect(run.alias).toMatchObject({ version: '2', weights: {} });
    expect(summariesOf(run)).toContainEqual(expect.stringContaining('all traffic of live goes to version 2 again'));
  });

  test('says where the alias is when Lambda refuses to move it', async () => {
    const run = await secondRelease(({ lambda, codePipeline }) => {
      const isVerifying = () => codePipeline.actions.some(({ actionName }) => actionName === 'VerifyAction');
      before(lambda, 'UpdateAlias', () => (isVerifying() ? deny() : undefined));
    }, app);

    expect(run.cause).toMatch(/could not move the alias live back: .* All traffic of live goes to version 3\./);
  });
});

describe('a job that is delivered twice', () => {
  test.each(['check', 'publish', 'deploy'])('has no effect in the step %s', async (step) => {
    const delivered = deliverTwice(step);
    const run = await secondRelease(delivered.spoil);

    expect(delivered.repeated).toBe(1);
    expect(run).toMatchObject({ cause: undefined, alias: { version: '3', weights: {} }, versions: ['1', '2', '3'] });
    expect(run.deployments).toHaveLength(1);
  });
});

describe('another person', () => {
  test('who changes the function during the publication fails the run, and the alias does not change', async () => {
    const run = await secondRelease((account) =>
      before(
        account.lambda,
        'PublishVersion',
        times(1, () => {
          account.lambda.updateConfiguration({ FunctionName: 'orders', MemorySize: 1024 });
        }),
      ),
    );

    expect(run.cause).toContain(
      'Somebody else changed the function orders while the pipeline was publishing this release',
    );
    expect(run).toMatchObject({ alias: { version: '2', weights: {} }, versions: ['1', '2'] });
  });

  test('who stops the deployment triggers a rollback', async () => {
    const run = await secondRelease(stopDeployments);

    expect(run.cause).toMatch(/^Deploy\/DeployAction: .*stopped/);
    expect(run).toMatchObject({ alias: { version: '2', weights: {} } });
  });

  test('who stops the deployment without a rollback leaves a split alias, which the next run corrects', async () => {
    const account = new FaultyAccount();
    const stopped = await secondRelease(stopDeployments, withoutRollback, account);
    const next = await account.push(withoutRollback, { 'index.js': handlerFile(3) });

    expect(stopped).toMatchObject({ alias: { version: '2', weights: { 3: 0.1 } } });
    expect(next).toMatchObject({ cause: undefined, alias: { version: '4', weights: {} } });
    expect(next.stages.at(-1)!.actions.at(-1)!.summary).toContain('a stopped deployment had left the traffic split');
  });

  test('who deploys at the same time delays the run', async () => {
    const run = await secondRelease((account) =>
      before(
        account.codeDeploy,
        'CreateDeployment',
        times(1, () => {
          throw new AwsError(
            400,
            'DeploymentLimitExceededException',
            "The Deployment Group 'orders-group' already has an active Deployment 'd-OTHER'",
          );
        }),
      ),
    );

    expect(run).toMatchObject({ cause: undefined, alias: { version: '3' } });
  });
});
