import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { PipelineReport, Report, reportPipeline } from './report';
import { Account } from '../account/account';
import { Server } from '../account/server';
import { duration, Output } from '../pipeline/output';
import { PipelineRun } from '../pipeline/pipeline';
import { readSource, SourceRevision } from '../pipeline/source-folder';
import { Traffic } from '../pipeline/traffic';
import { Deployment } from '../stack/context';
import { PipelineDefinition } from '../stack/pipeline-definition';
import { deployStacks, deployTemplate } from '../stack/stack';
import { StackTemplate } from '../template/form';
import { DEFAULT_ENVIRONMENT, loadAssembly } from '../template/template';

/** Options of a rehearsal. */
export interface RehearsalOptions {
  /** A synthesized app (`cdk.out`). */
  readonly assembly: string;
  readonly source: string;
  readonly commit?: string;
  /** The events to invoke the function with while traffic shifts, in turn. */
  readonly events: readonly unknown[];
  /** The folder for the state of the account. Default: a temporary folder. */
  readonly state?: string;
  readonly report?: string;
  readonly variables: Record<string, string>;
  /** The values of secrets and parameters for the builds, by the names in the builds. */
  readonly secrets?: Record<string, string>;
  /** The name of the pipeline to run. Default: all pipelines. */
  readonly pipeline?: string;
  /** The tags of the object, for a source in S3. */
  readonly sourceTags?: Readonly<Record<string, string>>;
  /** The names of the approvals to reject. All others are approved. */
  readonly rejected: readonly string[];
}

/** Runs the pipelines of an assembly. Returns the report. */
export async function rehearse(options: RehearsalOptions, output: Output): Promise<Report> {
  const stacks = loadAssembly(options.assembly);
  const source = { ...(await readSource(options.source, options.commit)), tags: options.sourceTags };
  const folder = options.state ?? fs.mkdtempSync(path.join(tmpdir(), 'rehearsal-'));
  const work = fs.mkdtempSync(path.join(tmpdir(), 'rehearsal-work-'));
  const { account: id, region } = placeOf(stacks);
  const account = new Account({ folder, id, region, deployTemplate });
  account.secrets = options.secrets ?? {};
  const server = new Server(account);
  await server.start();
  try {
    const rehearsal = new Rehearsal(account, options, source, work, output);
    const report = await account.clock.run(() => rehearsal.run(stacks));
    account.save();
    if (options.report) {
      fs.writeFileSync(options.report, JSON.stringify(report, undefined, 2));
    }
    return report;
  } finally {
    await account.invocations.stop();
    await server.stop();
    fs.rmSync(work, { recursive: true, force: true });
    if (!options.state) {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

class Rehearsal {
  constructor(
    private readonly account: Account,
    private readonly options: RehearsalOptions,
    private readonly source: SourceRevision,
    private readonly work: string,
    private readonly output: Output,
  ) {}

  async run(stacks: readonly StackTemplate[]): Promise<Report> {
    const deployment = await deployStacks(this.account, stacks);
    await this.account.cloudFormation.restore();
    const pipelines: PipelineReport[] = [];
    for (const pipeline of this.chosen(deployment)) {
      pipelines.push(await this.runPipeline(deployment, pipeline));
    }
    await this.account.invocations.settle();
    const report: Report = {
      rehearsal: true,
      pipelines,
      calls: this.account.calls.made,
      notRehearsed: [...this.account.notRehearsed].sort(),
    };
    this.summarize(report);
    if (this.account.refused.size > 0) {
      throw new Error([...this.account.refused].map((what) => `not rehearsed: ${what}`).join('\n'));
    }
    return report;
  }

  private chosen({ pipelines }: Deployment): PipelineDefinition[] {
    const names = pipelines.map(({ name }) => name);
    if (pipelines.length === 0) {
      throw new Error(`${this.options.assembly} has no pipeline (AWS::CodePipeline::Pipeline)`);
    }
    const chosen = pipelines.filter(({ name }) => !this.options.pipeline || name === this.options.pipeline);
    if (chosen.length === 0) {
      throw new Error(`--pipeline must be one of ${names.join(', ')}, got ${this.options.pipeline}`);
    }
    this.checkApprovals(chosen);
    return chosen;
  }

  private checkApprovals(chosen: PipelineDefinition[]): void {
    const actions = chosen.flatMap(({ properties }) => properties.Stages).flatMap(({ Actions }) => Actions);
    const approvals = actions
      .filter(({ ActionTypeId }) => ActionTypeId.Category === 'Approval')
      .map(({ Name }) => Name);
    const unknown = this.options.rejected.find((name) => !approvals.includes(name));
    if (unknown) {
      throw new Error(
        `--reject must name an approval (${approvals.join(', ') || 'the pipeline has none'}), got ${unknown}`,
      );
    }
  }

  private async runPipeline(deployment: Deployment, pipeline: PipelineDefinition): Promise<PipelineReport> {
    const { account, source, work, options, output } = this;
    const started = account.clock.now();
    const traffic = new Traffic(account, options.events);
    account.codeDeploy.onStart = (created) => traffic.follow(created);
    output.line(pipeline.name);
    const { variables, rejected } = options;
    const run = new PipelineRun(
      account,
      deployment,
      pipeline,
      { source, workFolder: work, variables, rejected },
      output,
    );
    const cause = await run.run();
    await account.codeDeploy.settle();
    await account.events.settle();
    const report = reportPipeline(account, { pipeline, stages: run.stages, traffic, started, cause });
    this.describe(report, traffic, (account.clock.now() - started) / 1000);
    return report;
  }

  private describe(
    { status, alias, shifts, invocations, notices }: PipelineReport,
    traffic: Traffic,
    seconds: number,
  ): void {
    const { output } = this;
    output.line(`  ${status} after ${duration(seconds)}`);
    if (alias) {
      const { functionName, aliasName, version, weights } = alias;
      output.line(`  the alias ${functionName}:${aliasName} points to version ${version}${weightsText(weights)}`);
    }
    for (const shift of shifts) {
      output.line(`    ${shift.time.slice(11, 19)} version ${shift.version}${weightsText(shift.weights)}`);
    }
    if (invocations.count > 0) {
      output.line(`  ${invocations.count} invocations during the deployment, ${invocations.errors} failed`);
    }
    for (const [version, error] of traffic.errors) {
      output.line(`    version ${version}: ${error}`);
    }
    for (const notice of notices) {
      output.notice(notice);
    }
  }

  private summarize({ calls, notRehearsed }: Report): void {
    const { output } = this;
    const counts = new Map<string, number>();
    for (const call of calls) {
      const key = `${call.role}: ${call.action}${call.allowed ? '' : ` on ${call.resource} DENIED`}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const denied = [...counts.keys()].filter((key) => key.endsWith('DENIED'));
    if (denied.length > 0) {
      output.line('denied: add the permission to the role, or remove the call');
    }
    for (const key of denied) {
      output.line(`  ${key}`);
    }
    output.line(`calls (${calls.length})`);
    for (const [key, count] of [...counts].sort()) {
      output.line(`  ${key} ${count}`);
    }
    if (notRehearsed.length > 0) {
      output.line('not rehearsed');
    }
    for (const what of notRehearsed) {
      output.line(`  ${what}`);
    }
    output.line('this was a rehearsal on this machine, not on AWS: docs/rehearsal.md lists what it covers');
  }
}

/** Returns the account and the Region of all stacks. The stand-in has only one. */
function placeOf(stacks: readonly StackTemplate[]): { account: string; region: string } {
  const places = new Set(stacks.map(({ account, region }) => `${account}/${region}`));
  if (places.size > 1) {
    throw new Error(
      `not rehearsed: stacks in several accounts or Regions (${[...places].join(', ')}). Use an app with only one`,
    );
  }
  const { account, region } = stacks[0] ?? DEFAULT_ENVIRONMENT;
  if (/^(cn|us-gov|us-iso)/.test(region)) {
    throw new Error(`not rehearsed: the partition of ${region}`);
  }
  return { account, region };
}

function weightsText(weights: Record<string, number>): string {
  return Object.entries(weights)
    .map(([version, weight]) => `, version ${version} gets ${Math.round(weight * 100)} %`)
    .join('');
}
