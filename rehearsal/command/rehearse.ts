import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { chooseEvents, NamedEvent } from './events';
import { renderHtml } from './html/html';
import { RehearsalOptions } from './options';
import { Rehearsal } from './rehearsal';
import { Report } from './report';
import { summarize } from './summary';
import { Account } from '../account/account';
import { Server } from '../account/server';
import { Output } from '../pipeline/output';
import { readSource, SourceRevision } from '../pipeline/source-folder';
import { deployTemplate } from '../stack/stack';
import { StackTemplate } from '../template/form';
import { Selection, selectStacks } from '../template/selection';
import { loadAssembly } from '../template/template';

export type { RehearsalOptions } from './options';

/** Runs the pipelines of an assembly. Returns the report. */
export async function rehearse(options: RehearsalOptions, output: Output): Promise<Report> {
  const assembly = loadAssembly(options.assembly);
  const selections = selectStacks(assembly, options);
  if (selections.length === 0) {
    throw new Error(`${options.assembly} has no pipeline (AWS::CodePipeline::Pipeline)`);
  }
  const source = { ...(await readSource(options.source, options.commit)), tags: options.sourceTags };
  const folder = options.state ?? fs.mkdtempSync(path.join(tmpdir(), 'rehearsal-'));
  try {
    const reports: Report[] = [];
    for (const selection of selections) {
      const { account, region } = selection;
      const place = selections.length > 1 ? path.join(folder, `${account}-${region}`) : folder;
      reports.push(await rehearsePlace({ options, output, source, folder: place }, selection));
    }
    const report = merge(reports, unneeded(assembly, selections));
    if (options.report) {
      fs.writeFileSync(options.report, JSON.stringify(report, undefined, 2));
    }
    if (options.html) {
      fs.writeFileSync(options.html, renderHtml(report));
    }
    summarize(report, { output, folder, isKept: isKept(options), verbose: options.verbose ?? false });
    if (report.refused.length > 0) {
      throw new Error(report.refused.map((what) => `not rehearsed: ${what}`).join('\n'));
    }
    return report;
  } finally {
    if (!isKept(options)) {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** What all accounts and Regions of a rehearsal have in common, and the folder of one of them. */
interface Common {
  readonly options: RehearsalOptions;
  readonly output: Output;
  readonly source: SourceRevision;
  readonly folder: string;
}

async function rehearsePlace({ options, output, source, folder }: Common, selection: Selection): Promise<Report> {
  const { account: id, region } = selection;
  if (/^(cn|us-gov|us-iso)/.test(region)) {
    throw new Error(`not rehearsed: the partition of ${region}`);
  }
  const account = prepare(new Account({ folder, id, region, deployTemplate }), options);
  for (const stackName of selection.elsewhere) {
    account.notRehearsed.add(`the stack ${stackName}, which is in another account or Region`);
  }
  const work = fs.mkdtempSync(path.join(tmpdir(), 'rehearsal-work-'));
  const server = new Server(account);
  await server.start();
  try {
    const events: readonly NamedEvent[] = chooseEvents(options.events, source.zip);
    const rehearsal = new Rehearsal({ account, options, events, source, work, output });
    const report = await account.clock.run(() => rehearsal.run(selection.stacks));
    account.save();
    return report;
  } finally {
    await account.invocations.stop();
    await server.stop();
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function prepare(account: Account, { secrets, policies, endpoints }: RehearsalOptions): Account {
  account.secrets = secrets ?? {};
  account.endpoints = endpoints ?? {};
  for (const [name, document] of Object.entries(policies ?? {})) {
    account.iam.managed.give(name, document);
  }
  return account;
}

function isKept({ state, keep }: RehearsalOptions): boolean {
  return state !== undefined || (keep ?? false);
}

/** Names the stacks that no pipeline needs. */
function unneeded(assembly: readonly StackTemplate[], selections: readonly Selection[]): string[] {
  const needed = selections.flatMap(({ stacks, elsewhere }) => [
    ...stacks.map(({ stackName }) => stackName),
    ...elsewhere,
  ]);
  const names = assembly.map(({ stackName }) => stackName).filter((name) => !needed.includes(name));
  return names.length > 0 ? [`the stacks ${names.join(', ')}, which no chosen pipeline needs`] : [];
}

function merge(reports: readonly Report[], more: readonly string[]): Report {
  return {
    rehearsal: true,
    pipelines: reports.flatMap(({ pipelines }) => pipelines),
    calls: reports.flatMap(({ calls }) => calls),
    notRehearsed: [...new Set([...reports.flatMap(({ notRehearsed }) => notRehearsed), ...more])].sort(),
    refused: [...new Set(reports.flatMap(({ refused }) => refused))],
  };
}
