import { AwsError } from '../../base/aws-error';
import type { Account } from '../account';
import { alarmProblem } from './alarms';
import { Interruption, interruptionBy, invalidAlias } from './interruption';
import { Deployment, LifecycleEvent, stepsOf } from './state';
import { Caller } from '../iam/iam';

const START_DELAY = 2000;
const POLL = 15_000;
const HOOK_LIMIT = 3_600_000;
/** A rollback appears that long after the deployment that it rolls back has ended. */
const ROLLBACK_DELAY = 600;

interface Hook {
  readonly id: string;
  readonly resolve: (status: string) => void;
}

interface AliasOutput {
  readonly FunctionVersion: string;
  readonly RoutingConfig?: object;
}

/**
 * A running deployment: hook, traffic shift, hook. It polls the alarms all the time. A failure starts a deployment that
 * rolls back. Every call uses the service role of the group.
 */
export class DeploymentRun {
  ended: Promise<void> = Promise.resolve();
  private hook?: Hook;
  private stopRequest?: { readonly rollback: boolean };

  constructor(
    private readonly account: Account,
    readonly deployment: Deployment,
  ) {}

  start(): void {
    this.ended = this.account.clock.run(() => (this.deployment.rollbackOf ? this.runRollback() : this.runAll()));
  }

  stop(rollback: boolean): void {
    this.stopRequest = { rollback };
  }

  /** Ends a hook with the status that its function reports. */
  endHook(id: string, status: string): void {
    if (!this.hook || this.hook.id !== id) {
      throw new AwsError(
        400,
        'InvalidLifecycleEventHookExecutionIdException',
        'The lifecycle event hook execution is not pending',
      );
    }
    if (status !== 'Succeeded' && status !== 'Failed') {
      throw new AwsError(
        400,
        'InvalidLifecycleEventHookExecutionStatusException',
        `The status must be Succeeded or Failed, got ${status}`,
      );
    }
    this.hook.resolve(status);
    this.hook = undefined;
  }

  private async runAll(): Promise<void> {
    try {
      await this.account.clock.sleep(START_DELAY);
      this.deployment.status = 'InProgress';
      await this.check();
      await this.event('BeforeAllowTraffic', (event) => this.invokeHook(event));
      await this.event('AllowTraffic', () => this.shift());
      await this.event('AfterAllowTraffic', (event) => this.invokeHook(event));
      this.end('Succeeded');
    } catch (error) {
      await this.interrupt(error instanceof Interruption ? error : interruptionBy(error));
    }
  }

  private async interrupt(interruption: Interruption): Promise<void> {
    this.hook = undefined;
    for (const event of this.deployment.events) {
      if (event.status === 'Pending') {
        event.status = 'Skipped';
      }
      if (event.status === 'InProgress') {
        this.endEvent(event, 'Failed', interruption.message);
      }
    }
    this.deployment.error = { code: interruption.code, message: interruption.message };
    const { Enabled, Events = [] } = this.account.codeDeploy.group(this.deployment).AutoRollbackConfiguration ?? {};
    const wanted = this.stopRequest?.rollback || (Enabled && Events.includes(interruption.rollbackEvent));
    this.end(interruption.status);
    if (wanted) {
      await this.account.clock.sleep(ROLLBACK_DELAY);
      this.startRollback();
    }
  }

  private startRollback(): void {
    const { id, application, group, config, revision, appSpec } = this.deployment;
    const reversed = {
      ...appSpec,
      currentVersion: appSpec.targetVersion,
      targetVersion: appSpec.currentVersion,
      hooks: {},
    };
    const run = this.account.codeDeploy.start(application, group, {
      config,
      revision,
      appSpec: reversed,
      description: `Rollback of ${id}`,
      creator: 'codeDeployRollback',
      rollbackOf: id,
      alarms: [],
    });
    this.deployment.rollbackId = run.deployment.id;
  }

  private async runRollback(): Promise<void> {
    try {
      await this.account.clock.sleep(START_DELAY);
      this.deployment.status = 'InProgress';
      // It invokes no hooks, and yet every event of it succeeds
      await this.event('BeforeAllowTraffic', async () => undefined);
      await this.event('AllowTraffic', () => this.setAlias(this.deployment.appSpec.targetVersion, {}));
      await this.event('AfterAllowTraffic', async () => undefined);
      this.end('Succeeded');
    } catch (error) {
      const { code, message } = interruptionBy(error);
      this.deployment.error = { code, message };
      this.end('Failed');
    }
  }

  private async shift(): Promise<void> {
    const { currentVersion, targetVersion, aliasName, functionName } = this.deployment.appSpec;
    const routing = this.account.codeDeploy.routing(this.deployment.config);
    if (currentVersion === targetVersion && routing.kind !== 'AllAtOnce') {
      throw new Interruption(
        'Failed',
        'INVALID_REVISION',
        'The AppSpec file is missing or has an invalid configuration: CurrentVersion and TargetVersion are equal',
        'DEPLOYMENT_FAILURE',
      );
    }
    const alias = await this.call<AliasOutput>('lambda', 'GetAlias', {
      FunctionName: functionName,
      Name: aliasName,
    });
    if (alias.RoutingConfig) {
      throw invalidAlias('INVALID_LAMBDA_FUNCTION', `The alias ${aliasName} routes to more than one version`);
    }
    if (alias.FunctionVersion !== currentVersion) {
      throw invalidAlias(
        'INVALID_LAMBDA_CONFIGURATION',
        'The Lambda function alias version does not match the current version in AppSpec file.',
      );
    }
    for (const percentage of stepsOf(routing)) {
      if (percentage === 100) {
        await this.setAlias(targetVersion, {});
      } else {
        await this.setAlias(currentVersion, { [targetVersion]: percentage / 100 });
      }
      if (percentage < 100) {
        await this.wait(routing.minutes * 60_000);
      }
    }
  }

  private async setAlias(version: string, weights: Record<string, number>): Promise<void> {
    const { functionName, aliasName } = this.deployment.appSpec;
    await this.call('lambda', 'UpdateAlias', {
      FunctionName: functionName,
      Name: aliasName,
      FunctionVersion: version,
      RoutingConfig: { AdditionalVersionWeights: weights },
    });
    this.deployment.shifts.push({ time: this.account.clock.now(), version, weights });
  }

  private async invokeHook(event: LifecycleEvent): Promise<void> {
    const hookFunction = this.deployment.appSpec.hooks[event.name as 'BeforeAllowTraffic'];
    if (!hookFunction) {
      return;
    }
    const id = this.hookId();
    const result = new Promise<string>((resolve) => {
      this.hook = { id, resolve };
    });
    const payload = JSON.stringify({ DeploymentId: this.deployment.id, LifecycleEventHookExecutionId: id });
    await this.call('lambda', 'Invoke', { FunctionName: hookFunction, InvocationType: 'Event', Payload: payload });
    const status = await this.waitFor(result, HOOK_LIMIT);
    if (status === 'Succeeded') {
      return;
    }
    const problem = status === undefined ? 'reported no status within an hour' : 'reported a failure';
    throw new Interruption(
      'Failed',
      'HOOK_EXECUTION_FAILURE',
      `The function ${hookFunction} of ${event.name} ${problem}`,
      'DEPLOYMENT_FAILURE',
    );
  }

  /** The id of a hook is an encrypted text of several hundred characters. */
  private hookId(): string {
    const part = () => this.account.nextId('hook', 43);
    const encryptedData = Array.from({ length: 6 }, part).join('');
    return Buffer.from(JSON.stringify({ encryptedData, ivParameterSpec: part(), materialSetSerial: 1 })).toString(
      'base64',
    );
  }

  private async wait(ms: number): Promise<void> {
    await this.waitFor(new Promise(() => undefined), ms);
  }

  /** Waits for at most `limit` milliseconds, and polls the alarms meanwhile. */
  private async waitFor<T>(result: Promise<T>, limit: number): Promise<T | undefined> {
    const end = this.account.clock.now() + limit;
    for (let left = limit; left > 0; left = end - this.account.clock.now()) {
      const value = await this.account.clock.within(Math.min(POLL, left), result);
      await this.check();
      if (value !== undefined) {
        return value;
      }
    }
    return undefined;
  }

  /** Throws if somebody stopped the deployment, or an alarm is red. */
  private async check(): Promise<void> {
    if (this.stopRequest) {
      throw new Interruption(
        'Stopped',
        'MANUAL_STOP',
        'The deployment was stopped on request',
        'DEPLOYMENT_STOP_ON_REQUEST',
      );
    }
    if (this.deployment.alarms.length === 0) {
      return;
    }
    const { IgnorePollAlarmFailure } = this.account.codeDeploy.group(this.deployment).AlarmConfiguration ?? {};
    const problem = await alarmProblem(
      (input) => this.call('monitoring', 'DescribeAlarms', input),
      this.deployment.alarms,
      IgnorePollAlarmFailure,
    );
    if (problem) {
      throw new Interruption('Stopped', 'ALARM_ACTIVE', problem, 'DEPLOYMENT_STOP_ON_ALARM');
    }
  }

  private call<Output>(service: string, operation: string, input: object): Promise<Output> {
    return this.account.perform(this.role(), service, operation, input);
  }

  private role(): Caller {
    const { ServiceRoleArn } = this.account.codeDeploy.group(this.deployment);
    const { application, group } = this.deployment;
    const groupArn = this.account.codeDeploy.groupArn({ applicationName: application, deploymentGroupName: group });
    return this.account.iam.assume(ServiceRoleArn, 'codedeploy.amazonaws.com', groupArn, this.deployment.id);
  }

  private async event(name: LifecycleEvent['name'], work: (event: LifecycleEvent) => Promise<void>): Promise<void> {
    const event = this.deployment.events.find((candidate) => candidate.name === name)!;
    event.status = 'InProgress';
    event.startTime = this.account.clock.now();
    await work(event);
    this.endEvent(event, 'Succeeded');
  }

  private endEvent(event: LifecycleEvent, status: 'Succeeded' | 'Failed', message?: string): void {
    event.status = status;
    event.endTime = this.account.clock.now();
    event.message = message;
  }

  private end(status: 'Succeeded' | 'Failed' | 'Stopped'): void {
    this.deployment.status = status;
    this.deployment.completeTime = this.account.clock.now();
  }
}
