import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AccountState } from '../../../rehearsal/account/account';
import { RehearsalOptions, rehearse } from '../../../rehearsal/command/rehearse';
import { PipelineReport, Report } from '../../../rehearsal/command/report';
import { Output } from '../../../rehearsal/pipeline/output';
import { LambdaCiCdPipeline, LambdaCiCdPipelineProps, Source, TargetFunction } from '../../../src';

/** The result of a run. */
export interface Run extends PipelineReport, Pick<Report, 'calls' | 'notRehearsed'> {
  readonly lines: string[];
  /** The runs that the update of the stack started, before the push. */
  readonly earlier: readonly PipelineReport[];
}

/** Returns a handler in Node.js that returns a number. */
export const handlerFile = (result: number) => `exports.handler = async () => ${result};`;

/** A build whose package has the files of the source, without installing anything. */
export const PLAIN_BUILD = codebuild.BuildSpec.fromObject({
  version: '0.2',
  phases: { build: { commands: ['test ! -f broken'] } },
  artifacts: { files: ['index.js'] },
});

/** The props of a pipeline with a quick build. */
export const QUICK: LambdaCiCdPipelineProps = {
  projectName: 'orders',
  source: Source.connection('acme/orders', {
    connectionArn: 'arn:aws:codeconnections:us-east-1:123456789012:connection/1',
  }),
  targetFunction: TargetFunction.create({ runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler' }),
  buildProject: { buildSpec: PLAIN_BUILD },
};

/** Creates a folder with these files. */
export function folderWith(files: Record<string, string> = {}): string {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'run-'));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** Synthesizes an app. Returns its cloud assembly. */
export function synthesized(build: (app: App) => void): string {
  const app = new App({ outdir: folderWith(), analyticsReporting: false });
  build(app);
  return app.synth().directory;
}

/** Synthesizes a stack with a pipeline. */
export function pipelineApp(
  props: Partial<LambdaCiCdPipelineProps> | ((stack: Stack) => Partial<LambdaCiCdPipelineProps>) = {},
): string {
  return synthesized((app) => {
    const stack = new Stack(app, 'Release');
    new LambdaCiCdPipeline(stack, 'Pipeline', { ...QUICK, ...(typeof props === 'function' ? props(stack) : props) });
  });
}

/** An account that keeps its state between runs. */
export class Rehearsed {
  private readonly state = folderWith();

  /** Changes the state of the account between two runs, as a person can. */
  change(edit: (state: AccountState) => void): void {
    const file = path.join(this.state, 'account.json');
    const state = JSON.parse(fs.readFileSync(file, 'utf8'));
    edit(state);
    fs.writeFileSync(file, JSON.stringify(state));
  }

  /** Runs the pipeline of an app with these files. */
  async push(assembly: string, files: Record<string, string>, options: Partial<RehearsalOptions> = {}): Promise<Run> {
    const lines: string[] = [];
    const all = {
      assembly,
      source: folderWith(files),
      state: this.state,
      events: [{}],
      variables: {},
      rejected: [],
      ...options,
    };
    const { pipelines, calls, notRehearsed } = await rehearse(all, new Output((line) => lines.push(line)));
    return { ...pipelines.at(-1)!, earlier: pipelines.slice(0, -1), calls, notRehearsed, lines };
  }
}

/** Returns the actions of a run with their results: `Deploy/DeployAction Succeeded`. */
export function actionsOf({ stages }: Run): string[] {
  return stages.flatMap(({ name, status, actions }) =>
    actions.length ? actions.map((action) => `${name}/${action.name} ${action.status}`) : [`${name} ${status}`],
  );
}

/** Returns the summary of an action. */
export function summaryOf({ stages }: Run, action: string): string | undefined {
  return stages.flatMap(({ actions }) => actions).find(({ name }) => name === action)?.summary;
}
