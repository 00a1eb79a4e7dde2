import { checkBuilds, checkRuntimes } from './check-builds';
import { NamedEvent } from './events';
import { RehearsalOptions } from './options';
import { PipelineReport, Report, reportPipeline, Trigger } from './report';
import { describePipeline } from './summary';
import { Account } from '../account/account';
import { StartedRun } from '../account/codepipeline';
import { keptSource } from '../pipeline/kept-source';
import { Output } from '../pipeline/output';
import { PipelineRun, PipelineRunOptions } from '../pipeline/pipeline';
import { SourceRevision } from '../pipeline/source-folder';
import { Traffic } from '../pipeline/traffic';
import { Deployment } from '../stack/context';
import { ownRoles } from '../stack/own-roles';
import { PipelineDefinition } from '../stack/pipeline-definition';
import { deployStacks } from '../stack/stack';
import { StackTemplate } from '../template/form';

/** What a rehearsal in one account and Region has. */
export interface RehearsalParts {
  readonly account: Account;
  readonly options: RehearsalOptions;
  readonly events: readonly NamedEvent[];
  readonly source: SourceRevision;
  /** A folder for the builds. */
  readonly work: string;
  readonly output: Output;
}

/** How a run starts. */
interface RunStart extends Pick<PipelineRunOptions, 'source' | 'variables' | 'executionId'> {
  readonly trigger: Trigger;
}

/** Deploys stacks into an account, and runs the chosen pipelines. */
export class Rehearsal {
  constructor(private readonly parts: RehearsalParts) {}

  async run(stacks: readonly StackTemplate[]): Promise<Report> {
    const { account } = this.parts;
    account.iam.setOwnRoles([]); // the deployment of the stacks checks nothing
    const deployment = await deployStacks(account, stacks);
    account.iam.setOwnRoles(ownRoles(account, deployment));
    await account.cloudFormation.restore();
    await account.events.settle();
    const pipelines: PipelineReport[] = [];
    const chosen = this.chosen(deployment);
    checkBuilds(deployment, chosen, this.parts.source.zip);
    if (!this.parts.options.withoutInvocations) {
      checkRuntimes(account, chosen);
    }
    for (const pipeline of chosen) {
      for (const started of account.codePipeline.started.filter((each) => each.pipeline === pipeline.name)) {
        pipelines.push(await this.runStarted(deployment, pipeline, started));
      }
      pipelines.push(await this.runPush(deployment, pipeline));
    }
    await account.invocations.settle();
    return {
      rehearsal: true,
      pipelines,
      calls: account.calls.made,
      notRehearsed: [...account.notRehearsed].sort(),
      refused: [...account.refused],
    };
  }

  private chosen({ pipelines }: Deployment): PipelineDefinition[] {
    const { options } = this.parts;
    const names = pipelines.map(({ name }) => name);
    const chosen = pipelines.filter(({ name }) => !options.pipeline || name === options.pipeline);
    if (chosen.length === 0) {
      throw new Error(`--pipeline must be one of ${names.join(', ')}, got ${options.pipeline}`);
    }
    this.checkApprovals(chosen);
    return chosen;
  }

  private checkApprovals(chosen: PipelineDefinition[]): void {
    const actions = chosen.flatMap(({ properties }) => properties.Stages).flatMap(({ Actions }) => Actions);
    const approvals = actions
      .filter(({ ActionTypeId }) => ActionTypeId.Category === 'Approval')
      .map(({ Name }) => Name);
    const unknown = this.parts.options.rejected.find((name) => !approvals.includes(name));
    if (unknown) {
      throw new Error(
        `--reject must name an approval (${approvals.join(', ') || 'the pipeline has none'}), got ${unknown}`,
      );
    }
  }

  private async runPush(deployment: Deployment, pipeline: PipelineDefinition): Promise<PipelineReport> {
    const { source, options } = this.parts;
    return this.runPipeline(deployment, pipeline, { trigger: 'push', source, variables: options.variables });
  }

  /** Runs what the release function has started when the stack changed the configuration. */
  private async runStarted(
    deployment: Deployment,
    pipeline: PipelineDefinition,
    { executionId, revisions, variables }: StartedRun,
  ): Promise<PipelineReport> {
    const [{ revisionValue }] = revisions;
    const source = keptSource(this.parts.account, revisionValue);
    return this.runPipeline(deployment, pipeline, { trigger: 'configuration change', source, variables, executionId });
  }

  private async runPipeline(
    deployment: Deployment,
    pipeline: PipelineDefinition,
    { trigger, ...start }: RunStart,
  ): Promise<PipelineReport> {
    const { account, work, options, events, output } = this.parts;
    const started = account.clock.now();
    const traffic = new Traffic(
      account,
      events.map(({ event }) => event),
    );
    account.codeDeploy.onStart = (created) =>
      options.withoutInvocations
        ? account.notRehearsed.add('traffic during the deployment (--without-invocations)')
        : traffic.follow(created);
    output.line(trigger === 'push' ? pipeline.name : `${pipeline.name} (${trigger})`, 'heading');
    const { rejected } = options;
    const run = new PipelineRun(account, deployment, pipeline, { ...start, workFolder: work, rejected }, output);
    const cause = await run.run();
    await account.codeDeploy.settle();
    await account.events.settle();
    const report = reportPipeline(account, { pipeline, trigger, stages: run.stages, traffic, started, cause, events });
    describePipeline(report, { output, folder: account.folder });
    return report;
  }
}
