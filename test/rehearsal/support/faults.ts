import * as fs from 'node:fs';
import { folderWith } from './run';
import { Account } from '../../../rehearsal/account/account';
import { Server } from '../../../rehearsal/account/server';
import { Service } from '../../../rehearsal/account/service';
import { Output } from '../../../rehearsal/pipeline/output';
import { PipelineRun } from '../../../rehearsal/pipeline/pipeline';
import { StageRecord } from '../../../rehearsal/pipeline/record';
import { readSource } from '../../../rehearsal/pipeline/source-folder';
import { deployStacks, deployTemplate } from '../../../rehearsal/stack/stack';
import { loadAssembly } from '../../../rehearsal/template/template';

/** The result of a run. */
export interface FaultyRun {
  readonly cause?: string;
  readonly stages: readonly StageRecord[];
  readonly alias?: { readonly version: string; readonly weights: Record<string, number> };
  readonly versions: string[];
  /** The deployments of this run. */
  readonly deployments: string[];
}

/** An account with faults. */
export class FaultyAccount {
  private readonly state = folderWith();

  /** Runs the pipeline of an app with these files. `spoil` adds faults to the account before the start. */
  async push(
    assembly: string,
    files: Record<string, string>,
    spoil: (account: Account) => void = () => undefined,
    spoilBeforeDeployment: (account: Account) => void | Promise<void> = () => undefined,
  ): Promise<FaultyRun> {
    const [{ account: id, region }] = loadAssembly(assembly);
    const account = new Account({ folder: this.state, id, region, deployTemplate });
    const server = new Server(account);
    await server.start();
    await spoilBeforeDeployment(account);
    const work = folderWith();
    try {
      return await account.clock.run(() => this.run(account, { assembly, source: folderWith(files), work, spoil }));
    } finally {
      account.save();
      await account.invocations.stop();
      await server.stop();
      fs.rmSync(work, { recursive: true, force: true });
    }
  }

  private async run(account: Account, { assembly, source, work, spoil }: Push): Promise<FaultyRun> {
    const deployment = await deployStacks(account, loadAssembly(assembly));
    spoil(account);
    const earlier = Object.keys(account.state.deployments);
    const options = { source: await readSource(source), workFolder: work, variables: {}, rejected: [] };
    const run = new PipelineRun(account, deployment, deployment.pipelines[0], options, new Output(() => undefined));
    const cause = await run.run();
    await account.codeDeploy.settle();
    await account.invocations.settle();
    const fn = account.lambda.find('orders');
    return {
      cause,
      stages: run.stages,
      alias: fn?.aliases.live,
      versions: fn?.versions.map(({ version }) => version) ?? [],
      deployments: Object.keys(account.state.deployments).filter((deploymentId) => !earlier.includes(deploymentId)),
    };
  }
}

interface Push {
  readonly assembly: string;
  readonly source: string;
  readonly work: string;
  readonly spoil: (account: Account) => void;
}

/** Calls a function before an operation of a service. The caller of the operation gets the errors of the function. */
export function before(service: Service, operation: string, fault: () => void | Promise<void>): void {
  const known = service.operations[operation];
  service.operations[operation] = {
    ...known,
    run: async (input, caller) => {
      await fault();
      return known.run(input, caller);
    },
  };
}
