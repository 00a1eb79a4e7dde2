import * as fs from 'node:fs';
import { App } from 'aws-cdk-lib';
import { clientsWith } from './sdk';
import { DeployEnd, RunStart, Target } from './target';
import { Account } from '../../../rehearsal/account/account';
import { Server } from '../../../rehearsal/account/server';
import { Output } from '../../../rehearsal/pipeline/output';
import { PipelineRun } from '../../../rehearsal/pipeline/pipeline';
import { readSource } from '../../../rehearsal/pipeline/source-folder';
import { Deployment } from '../../../rehearsal/stack/context';
import { deployStacks, deployTemplate } from '../../../rehearsal/stack/stack';
import { loadAssembly } from '../../../rehearsal/template/template';
import { folderWith } from '../../rehearsal/support/run';

const ADMINISTRATOR = 'arn:aws:iam::123456789012:role/administrator';

/** The rehearsal: the stacks of an app in a stand-in account on this machine. */
export class RehearsalTarget extends Target {
  private readonly folder = folderWith();
  private readonly work = folderWith();
  private readonly ends = new Map<string, string>();
  private account?: Account;
  private server?: Server;
  private deployment?: Deployment;
  private source = folderWith();

  /** `build` makes the stacks of a variant of the app. */
  constructor(private readonly build: (app: App, variant: string) => void) {
    super('rehearsal');
  }

  async deploy(variant: string): Promise<DeployEnd> {
    const app = new App({ outdir: folderWith(), analyticsReporting: false });
    this.build(app, variant);
    const stacks = loadAssembly(app.synth().directory);
    await this.stop();
    const account = await this.begin(stacks[0].region);
    try {
      this.deployment = await account.clock.run(() => deployStacks(account, stacks));
      return { succeeded: true };
    } catch (error) {
      return { succeeded: false, reason: (error as Error).message };
    }
  }

  async start(pipelineName: string, { files, tags, variables = {} }: RunStart): Promise<string> {
    this.source = files ? folderWith({ ...files }) : this.source;
    const account = this.account!;
    const pipeline = this.deployment!.pipelines.find(({ name }) => name === pipelineName)!;
    const source = { ...(await readSource(this.source)), tags };
    const options = { source, workFolder: this.work, variables, rejected: [] };
    const run = new PipelineRun(account, this.deployment!, pipeline, options, new Output(() => undefined));
    const started = account.codePipeline.actions.length;
    void account.clock.run(async () => {
      const cause = await run.run();
      this.ends.set(idOf(account, started), cause === undefined ? 'Succeeded' : 'Failed');
    });
    return idOf(account, started);
  }

  async statusOf(_: string, executionId: string): Promise<string> {
    return this.ends.get(executionId) ?? 'InProgress';
  }

  async act<T>(part: () => Promise<T>): Promise<T> {
    const account = this.account!;
    const result = await account.clock.run(part);
    await account.clock.run(async () => {
      await account.codeDeploy.settle();
      await account.events.settle();
    });
    return result;
  }

  sleep(seconds: number): Promise<void> {
    return this.account!.clock.sleep(seconds * 1000);
  }

  async notices(): Promise<string[]> {
    return this.account!.notices.map(({ text, error }) => text ?? error ?? '');
  }

  async stop(): Promise<void> {
    if (!this.account) {
      return;
    }
    this.account.save();
    await this.account.invocations.stop();
    await this.server!.stop();
  }

  /** Removes what the target has written. */
  async remove(): Promise<void> {
    await this.stop();
    [this.folder, this.work].forEach((folder) => fs.rmSync(folder, { recursive: true, force: true }));
  }

  protected clients() {
    const { iam, endpoint, region } = this.account!;
    const { accessKeyId } = iam.assume(ADMINISTRATOR, 'lambda.amazonaws.com', ADMINISTRATOR, 'administrator');
    const credentials = { accessKeyId, secretAccessKey: 'rehearsal', sessionToken: 'rehearsal' };
    return clientsWith({ region, endpoint, credentials, maxAttempts: 1, forcePathStyle: true });
  }

  private async begin(region: string): Promise<Account> {
    this.account = new Account({ folder: this.folder, id: '123456789012', region, deployTemplate });
    this.server = new Server(this.account);
    await this.server.start();
    this.account.iam.addRole({
      arn: ADMINISTRATOR,
      name: 'administrator',
      logicalId: 'administrator',
      trust: {
        Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
      },
      policies: [{ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
    });
    return this.account;
  }
}

/** The ID of the execution whose first action follows the existing ones. */
function idOf(account: Account, started: number): string {
  return account.codePipeline.actions[started].pipelineExecutionId;
}
