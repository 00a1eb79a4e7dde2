import { App, Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Account } from '../../../rehearsal/account/account';
import { AwsError } from '../../../rehearsal/base/aws-error';
import { deployStacks } from '../../../rehearsal/stack/stack';
import { loadAssembly } from '../../../rehearsal/template/template';
import { DeploymentConfig, LambdaCiCdPipeline, LambdaCiCdPipelineProps, TargetFunction } from '../../../src';
import { before, FaultyAccount } from '../support/faults';
import { actionsOf, handlerFile, QUICK, Rehearsed, summaryOf, synthesized } from '../support/run';

jest.setTimeout(120_000);

interface Connected extends Partial<LambdaCiCdPipelineProps> {
  readonly timeout?: Duration;
  /** The id of an execution role; omitted for the role of the pipeline. */
  readonly roleId?: string;
}

/** Synthesizes an app whose API, queue, schedule, URL and scaling use the alias, and whose function uses the API. */
function connectedApp({ timeout, roleId, ...props }: Connected = {}): string {
  return synthesized((app: App) => {
    const stack = new Stack(app, 'Shop');
    const api = new apigateway.RestApi(stack, 'Api');
    const { alias } = new LambdaCiCdPipeline(stack, 'Pipeline', {
      ...QUICK,
      targetFunction: TargetFunction.create({
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        timeout,
        environment: { API_URL: api.url },
        role: roleId
          ? new iam.Role(stack, roleId, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') })
          : undefined,
      }),
      ...props,
    });
    api.root.addMethod('GET', new apigateway.LambdaIntegration(alias));
    alias.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Queue')));
    new events.Rule(stack, 'Schedule', {
      schedule: events.Schedule.rate(Duration.hours(1)),
      targets: [new targets.LambdaFunction(alias)],
    });
    alias.addFunctionUrl();
    alias.configureAsyncInvoke({ retryAttempts: 1 });
    alias.addAutoScaling({ maxCapacity: 5 }).scaleOnUtilization({ utilizationTarget: 0.7 });
  });
}

describe('an app that uses the alias', () => {
  test('is deployed to an empty account, and again', async () => {
    const account = new Rehearsed();
    const first = await account.push(connectedApp(), { 'index.js': handlerFile(1) });
    const second = await account.push(connectedApp(), { 'index.js': handlerFile(2) });

    expect(first.cause).toBeUndefined();
    expect(actionsOf(first)).toContain('CreateLambdaFunction Skipped');
    expect(summaryOf(first, 'CheckLambdaFunction')).toContain('the alias live points to version 1');
    expect(first.alias).toMatchObject({ aliasName: 'live', version: '2' });
    expect(second).toMatchObject({ status: 'Succeeded', alias: { version: '3' } });
  });

  test('gets its function back from the pipeline after somebody deleted it', async () => {
    const account = new Rehearsed();
    await account.push(connectedApp(), { 'index.js': handlerFile(1) });
    account.change((state) => delete state.functions.orders);
    const again = await account.push(connectedApp({ approvals: undefined }), { 'index.js': handlerFile(2) });

    expect(again.cause).toBeUndefined();
    expect(actionsOf(again)).toContain('CreateLambdaFunction/CreateLambdaFunction Succeeded');
    expect(again.alias).toMatchObject({ version: '2' });
  });

  test('keeps its alias when the stack is updated in the middle of a canary', async () => {
    const account = new FaultyAccount();
    const canary = { deploymentConfig: DeploymentConfig.canary({ percentage: 10, interval: Duration.minutes(10) }) };
    await account.push(connectedApp(canary), { 'index.js': handlerFile(1) });
    const aliases: unknown[] = [];
    const update = connectedApp({ ...canary, timeout: Duration.seconds(20), projectDescription: 'updated' });
    const second = await account.push(connectedApp(canary), { 'index.js': handlerFile(2) }, (spoiled) => {
      spoiled.codeDeploy.onStart = () =>
        void spoiled.clock.run(async () => {
          await spoiled.clock.sleep(300_000);
          aliases.push({ ...spoiled.lambda.get('orders').aliases.live });
          await deployStacks(spoiled, loadAssembly(update));
          aliases.push({ ...spoiled.lambda.get('orders').aliases.live });
        });
    });

    expect(aliases).toHaveLength(2);
    expect(aliases[0]).toMatchObject({ version: '2', weights: { 3: 0.1 } });
    expect(aliases[1]).toEqual(aliases[0]);
    expect(second).toMatchObject({ cause: undefined, alias: { version: '3', weights: {} } });
  });
});

describe('a first deployment that fails', () => {
  const tooSlow = { timeout: Duration.minutes(5), roleId: 'First' };

  test('is repeated with another execution role: the stack repairs the placeholder of the first attempt', async () => {
    const account = new FaultyAccount();
    const deployed: Account[] = [];
    await expect(account.push(connectedApp(tooSlow), {})).rejects.toThrow(
      'Queue visibility timeout: 30 seconds is less than Function timeout: 300 seconds',
    );
    const second = await account.push(connectedApp({ roleId: 'Second' }), { 'index.js': handlerFile(1) }, (spoiled) => {
      deployed.push(spoiled);
      const { aliases, latest, versions } = spoiled.lambda.get('orders');
      expect(aliases.live.version).toBe('2');
      expect(versions[1].configuration.Role).toContain('Second');
      expect(latest.configuration.Timeout).toBe(3);
    });

    expect(deployed).toHaveLength(1);
    expect(second).toMatchObject({ cause: undefined, alias: { version: '3' } });
  });

  test('says why in words of this library', async () => {
    const account = new FaultyAccount();
    const denied = new AwsError(403, 'AccessDeniedException', 'not today');
    const fault = (faulty: Account) =>
      before(faulty.lambda, 'CreateFunction', () => {
        throw denied;
      });
    await expect(account.push(connectedApp(), {}, undefined, fault)).rejects.toThrow(
      /FAILED.*Could not create the function orders and its alias live\./,
    );
  });
});

describe('a function that already exists', () => {
  test('is left alone, and only gets the alias', async () => {
    const account = new Rehearsed();
    await account.push(connectedApp(), { 'index.js': handlerFile(1) });
    account.change((state) => {
      const { orders } = state.functions;
      Object.assign(orders, { aliases: {}, tags: {} });
      Object.keys(state.customResources).forEach((key) => delete state.customResources[key]);
    });
    const again = await account.push(connectedApp(), { 'index.js': handlerFile(1), broken: '' });

    expect(actionsOf(again)).toContain('Build/BuildAction Failed');
    expect(again.alias).toMatchObject({ version: '2', weights: {} });
    expect(again.versions).toEqual(['1', '2']);
  });
});

describe('a resource that needs a function which the first run creates', () => {
  test('fails at the deployment of the stack', async () => {
    const assembly = synthesized((app: App) => {
      const stack = new Stack(app, 'Shop');
      const targetFunction = TargetFunction.createFromTemplate({
        templatePath: 'template.yml',
        runtime: lambda.Runtime.NODEJS_24_X,
      });
      new LambdaCiCdPipeline(stack, 'Pipeline', { ...QUICK, targetFunction });
      new lambda.CfnPermission(stack, 'Permission', {
        functionName: 'orders:live',
        action: 'lambda:InvokeFunction',
        principal: 'apigateway.amazonaws.com',
      });
    });
    await expect(new Rehearsed().push(assembly, {})).rejects.toThrow('Function not found');
  });
});
