import * as fs from 'node:fs';
import { folderWith } from './run';
import { Account } from '../../../rehearsal/account/account';
import { Server } from '../../../rehearsal/account/server';
import { Service } from '../../../rehearsal/account/service';
import { Output } from '../../../rehearsal/pipeline/output';
import { PipelineRun, StageRecord } from '../../../rehearsal/pipeline/pipeline';
import { readSource } from '../../../rehearsal/pipeline/source-folder';
import { deployStacks } from '../../../rehearsal/stack/stack';
import { loadAssembly } from '../../../rehearsal/template/template';

/** How a run ended, and what it left behind. */
export interface FaultyRun {
  readonly cause?: string;
  readonly stages: readonly StageRecord[];
  readonly alias?: { readonly version: string; readonly weights: Record<string, number> };
  readonly versions: string[];
  /** Which deployments this run made. */
  readonly deployments: string[];
}

/** An account in which things go wrong. */
export class FaultyAccount {
  private readonly state = folderWith();

  /** A push of these files, on an app; `spoil` puts the faults into the account before the pipeline starts. */
  async push(
    assembly: string,
    files: Record<string, string>,
    spoil: (account: Account) => void = () => undefined,
  ): Promise<FaultyRun> {
    const [{ account: id, region }] = loadAssembly(assembly);
    const account = new Account({ folder: this.state, id, region });
    const server = new Server(account);
    await server.start();
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

/** Puts something before an operation of a service: what it throws is what the caller gets. */
export function before(service: Service, operation: string, fault: (input: any) => void | Promise<void>): void {
  const known = service.operations[operation];
  service.operations[operation] = {
    ...known,
    run: async (input, caller) => {
      await fault(input);
      return known.run(input, caller);
    },
  };
}
