import { App, CfnParameter, CfnResource, Stack, Tags } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { LambdaCiCdPipeline, LambdaCiCdPipelineProps, Source, TargetFunction } from '../../../src';
import { actionsOf, handlerFile, pipelineApp, QUICK, Rehearsed, Run, summaryOf, synthesized } from '../support/run';

jest.setTimeout(180_000);

const FILES = { 'index.js': handlerFile(1) };
const NEWER = { 'index.js': handlerFile(2) };

function target(options: Partial<lambda.FunctionOptions>): TargetFunction {
  return TargetFunction.create({ runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', ...options });
}

/** An app whose function has this memory. */
const withMemory = (memorySize: number, props: Partial<LambdaCiCdPipelineProps> = {}) =>
  pipelineApp({ ...props, targetFunction: target({ memorySize }) });

/** An account with a released version 2. */
async function released(assembly: string): Promise<Rehearsed> {
  const account = new Rehearsed();
  const run = await push(account, assembly, FILES);
  expect(run).toMatchObject({ status: 'Succeeded', alias: { version: '2' } });
  return account;
}

const push = (account: Rehearsed, assembly: string, files: Record<string, string>, variables = {}): Promise<Run> =>
  account.push(assembly, files, { withoutInvocations: true, variables });

const summaryOfEarlier = (run: Run, action: string) => summaryOf({ ...run, ...run.earlier[0] }, action);

const commitOf = ({ stages }: Pick<Run, 'stages'>) => stages[0].actions[0].variables.CommitId;

/** The hash of the package of a version. */
function packageOf(account: Rehearsed, version: string): string | undefined {
  let hash: string | undefined;
  account.change(({ functions }) => {
    hash = functions.orders.versions.find((each) => each.version === version)?.packageHash;
  });
  return hash;
}

test('a changed memory is released by a run of its own, with the live code, before the next push', async () => {
  const account = await released(withMemory(128));
  const run = await push(account, withMemory(256), NEWER);

  expect(run.earlier).toMatchObject([
    { trigger: 'configuration change', status: 'Succeeded', alias: { version: '3' }, shifts: [{ version: '3' }] },
  ]);
  expect(summaryOfEarlier(run, 'CreateAppSpecFile')).toBe(
    'published version 3; the alias live points to version 2; ' +
      'it has the code of version 2 with another configuration: MemorySize',
  );
  expect(commitOf(run.earlier[0])).not.toBe(commitOf(run));
  expect(packageOf(account, '3')).toBe(packageOf(account, '2'));
  expect(run).toMatchObject({ trigger: 'push', status: 'Succeeded', alias: { version: '4' } });
});

test('two changes, one after the other, are two releases', async () => {
  const account = await released(withMemory(128));
  const first = await push(account, withMemory(256), FILES);
  const second = await push(account, withMemory(512), FILES);

  expect([first, second].map(({ earlier }) => earlier[0].alias?.version)).toEqual(['3', '4']);
  expect(second).toMatchObject({ status: 'Succeeded', alias: { version: '4' }, shifts: [] });
});

test('a changed value of a token is released', async () => {
  const withQueue = (id: string) =>
    pipelineApp((stack) => {
      const queue = new sqs.Queue(stack, id);
      return { targetFunction: target({ environment: { QUEUE: queue.queueName } }) };
    });
  const account = await released(withQueue('First'));
  const run = await push(account, withQueue('Second'), FILES);

  expect(run.earlier).toMatchObject([{ status: 'Succeeded', alias: { version: '3' } }]);
  expect(summaryOfEarlier(run, 'CreateAppSpecFile')).toContain('another configuration: Environment');
});

test('another value of a parameter of the stack is released, although the template is the same', async () => {
  const assembly = pipelineApp((stack) => {
    const level = new CfnParameter(stack, 'Level', { default: 'info' });
    return { targetFunction: target({ environment: { LEVEL: level.valueAsString } }) };
  });
  const account = await released(assembly);
  const run = await account.push(assembly, FILES, { withoutInvocations: true, parameters: { Level: 'debug' } });

  expect(run.earlier).toMatchObject([{ status: 'Succeeded', alias: { version: '3' } }]);
});

test('an update that changes only tags starts no run', async () => {
  const tagged = (value: string) =>
    synthesized((app) => {
      const stack = new Stack(app, 'Release');
      new LambdaCiCdPipeline(stack, 'Pipeline', { ...QUICK, targetFunction: target({}) });
      Tags.of(stack).add('team', value);
    });
  const account = await released(tagged('one'));
  const run = await push(account, tagged('two'), FILES);

  expect(run.earlier).toEqual([]);
  expect(run).toMatchObject({ status: 'Succeeded', alias: { version: '2' } });
});

test('an update that does not change the function starts no run', async () => {
  const account = await released(withMemory(128));
  const run = await push(account, withMemory(128, { projectDescription: 'another description' }), NEWER);

  expect(run.earlier).toEqual([]);
});

test('a change passes the tag filter with the commit that is live', async () => {
  const tagFiltered = {
    source: Source.connection('acme/orders', {
      connectionArn: 'arn:aws:codeconnections:us-east-1:123456789012:connection/1',
      pushFilter: [{ tagsIncludes: ['v*'] }] as codepipeline.GitPushFilter[],
    }),
  };
  const account = await released(withMemory(128, tagFiltered));
  const run = await push(account, withMemory(256, tagFiltered), NEWER);

  expect(run.earlier).toMatchObject([{ status: 'Succeeded', alias: { version: '3' } }]);
  expect(packageOf(account, '3')).toBe(packageOf(account, '2'));
});

test('a change of a pipeline with a source in S3 starts with the version of the object that is live', async () => {
  const fromBucket = (memorySize: number) =>
    pipelineApp((stack) => ({
      source: Source.s3(new s3.Bucket(stack, 'Uploads', { versioned: true }), 'source.zip', { triggerOnUpload: false }),
      targetFunction: target({ memorySize }),
    }));
  const account = await released(fromBucket(128));
  const run = await push(account, fromBucket(256), NEWER);

  expect(run.earlier).toMatchObject([{ status: 'Succeeded', alias: { version: '3' } }]);
  expect(packageOf(account, '3')).toBe(packageOf(account, '2'));
});

describe('after a return to an older version by hand', () => {
  async function returned(): Promise<Rehearsed> {
    const account = await released(withMemory(128));
    await push(account, withMemory(128), NEWER);
    account.change(({ functions }) => {
      functions.orders.aliases.live = { ...functions.orders.aliases.live, version: '2' };
    });
    return account;
  }

  test('an update of the stack does not put the newer version back', async () => {
    const account = await returned();
    const run = await push(account, withMemory(128, { projectDescription: 'another' }), { ...NEWER, broken: '' });

    expect(run.earlier).toEqual([]);
    expect(run.alias).toMatchObject({ version: '2' });
  });

  test('a configuration change is released with the older code', async () => {
    const account = await returned();
    const run = await push(account, withMemory(256), { ...NEWER, broken: '' });

    expect(run.earlier).toMatchObject([{ status: 'Succeeded', alias: { version: '4' } }]);
    expect(packageOf(account, '4')).toBe(packageOf(account, '2'));
  });
});

describe('a change whose event was lost', () => {
  const deaf = (memorySize: number) =>
    synthesized((app) => {
      const pipeline = new LambdaCiCdPipeline(new Stack(app, 'Release'), 'Pipeline', {
        ...QUICK,
        targetFunction: target({ memorySize }),
      });
      const rule = pipeline.node.findChild('ConfigurationChangeRule').node.defaultChild as CfnResource;
      rule.addPropertyOverride('State', 'DISABLED');
    });

  test('is released by the next push, which says so; a run for the change then finds nothing to do', async () => {
    const account = await released(deaf(128));
    const run = await push(account, deaf(256), NEWER);

    expect(run).toMatchObject({ earlier: [], status: 'Succeeded', alias: { version: '3' } });
    expect(summaryOf(run, 'CreateAppSpecFile')).toContain(
      'the release includes a configuration change that no earlier run released: MemorySize',
    );

    const late = await push(account, deaf(256), FILES, { ConfigurationOnly: 'true' });
    expect(late).toMatchObject({ status: 'Succeeded', alias: { version: '3' }, shifts: [] });
    expect(summaryOf(late, 'CreateAppSpecFile')).toBe(
      'nothing has changed since version 3, to which the alias live points; ' +
        'it already has the configuration of the stack',
    );
  });
});

describe('a function of another stack', () => {
  const owned = (memorySize: number) =>
    synthesized((app: App) => {
      const fn = new lambda.Function(new Stack(app, 'Owner'), 'Orders', {
        functionName: 'orders',
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        memorySize,
        code: lambda.Code.fromInline('exports.handler = async () => "made by the stack";'),
      });
      new LambdaCiCdPipeline(new Stack(app, 'Release'), 'Pipeline', {
        ...QUICK,
        targetFunction: TargetFunction.fromFunction(fn),
      });
    });

  test('gets a version with its new memory and the live code', async () => {
    const account = await released(owned(128));
    const run = await push(account, owned(256), NEWER);

    expect(run.earlier).toMatchObject([{ status: 'Succeeded', alias: { version: '3' }, shifts: [{ version: '3' }] }]);
    expect(summaryOfEarlier(run, 'CreateAppSpecFile')).toContain('another configuration: MemorySize');
    expect(packageOf(account, '3')).toBe(packageOf(account, '2'));
    expect(run).toMatchObject({ status: 'Succeeded', alias: { version: '4' } });
  });
});

test('a configuration change needs the approvals of a release', async () => {
  const approvals = [{}];
  const account = await released(withMemory(128, { approvals }));
  const run = await account.push(withMemory(256, { approvals }), FILES, {
    withoutInvocations: true,
    rejected: ['Approval'],
  });

  expect(actionsOf({ ...run, ...run.earlier[0] })).toContain('Approve/Approval Failed');
  expect(run.earlier[0].alias).toMatchObject({ version: '2' });
});

test('a source without a revision starts no run, and a notice names the command', async () => {
  class WithoutRevision extends Source {
    public bind(...parameters: Parameters<Source['bind']>) {
      const source = Source.connection('acme/orders', {
        connectionArn: 'arn:aws:codeconnections:us-east-1:123456789012:connection/1',
      });
      return { ...source.bind(...parameters), revision: undefined };
    }
  }
  const props = { source: new WithoutRevision(), notifications: { emails: ['team@example.com'] } };
  const account = await released(withMemory(128, props));
  const run = await push(account, withMemory(256, props), FILES);

  expect(run.earlier).toEqual([]);
  expect(run.lines.join('\n')).toContain('orders-pipeline: a configuration change is not released yet');
});
