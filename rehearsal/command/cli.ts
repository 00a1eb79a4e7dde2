#!/usr/bin/env node
import * as fs from 'node:fs';
import { parseArgs } from 'node:util';
import { DIAGRAM_HELP, diagramCommand } from './diagram-command';
import { RehearsalOptions, rehearse } from './rehearse';
import { TEMPLATE_HELP, templateCommand } from './template-command';
import { Output } from '../pipeline/output';
import { StackFailure } from '../stack/stack';

const HELP = `cdk-lambda-ci-cd-pipeline rehearse <cdk.out> --source <folder> [options]

Runs the pipelines of a synthesized app on this machine, without AWS.

  --source <folder>        the source of the run: a git repository (at HEAD) or a plain folder
  --commit <revision>      another commit of the repository
  --event <file.json>      an event, or a list of events, to invoke the function with during a deployment (default: {})
  --state <folder>         continue with the account in this folder, one hour later
  --report <file.json>     write a report for machines
  --source-tag <name=value> a tag of the object, for a source in S3; repeatable
  --variable <name=value>  a variable of the pipeline; repeatable
  --secret <name=value>    the value of a secret or a parameter for the builds; repeatable
  --pipeline <name>        run only this pipeline
  --reject <action>        reject this manual approval; repeatable (all other approvals are approved)
  --help                   print this text

Exit code: 0 if all runs succeeded, 1 if a run or the deployment of a stack failed, 2 if something is not rehearsed
or the command is invalid.
`;

const COMMANDS: Record<string, (rest: string[]) => Promise<number>> = {
  rehearse: runRehearse,
  template: templateCommand,
  diagram: diagramCommand,
};
const HELPS: Record<string, string> = { rehearse: HELP, template: TEMPLATE_HELP, diagram: DIAGRAM_HELP };

async function runRehearse(rest: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      source: { type: 'string' },
      commit: { type: 'string' },
      event: { type: 'string' },
      state: { type: 'string' },
      report: { type: 'string' },
      'source-tag': { type: 'string', multiple: true, default: [] },
      variable: { type: 'string', multiple: true, default: [] },
      secret: { type: 'string', multiple: true, default: [] },
      pipeline: { type: 'string' },
      reject: { type: 'string', multiple: true, default: [] },
    },
  });
  if (positionals.length !== 1 || !values.source) {
    throw new Error('the command needs the output folder of cdk synth, and --source');
  }
  const options: RehearsalOptions = {
    ...values,
    assembly: positionals[0],
    source: values.source,
    events: eventsOf(values.event),
    sourceTags: Object.fromEntries(values['source-tag'].map((text) => parsePair('--source-tag', text))),
    variables: Object.fromEntries(values.variable.map((text) => parsePair('--variable', text))),
    secrets: Object.fromEntries(values.secret.map((text) => parsePair('--secret', text))),
    rejected: values.reject,
  };
  const report = await rehearse(options, new Output((line) => process.stdout.write(`${line}\n`)));
  return report.pipelines.every(({ status }) => status === 'Succeeded') ? 0 : 1;
}

function eventsOf(file: string | undefined): unknown[] {
  if (!file) {
    return [{}];
  }
  const events = JSON.parse(fs.readFileSync(file, 'utf8'));
  if (!Array.isArray(events)) {
    return [events];
  }
  if (events.length === 0) {
    throw new Error(`${file} must contain at least one event, got an empty list`);
  }
  return events;
}

function parsePair(option: string, text: string): [string, string] {
  const position = text.indexOf('=');
  if (position < 1) {
    throw new Error(`${option} must be name=value, got ${text}`);
  }
  return [text.slice(0, position), text.slice(position + 1)];
}

async function main([command, ...rest]: string[]): Promise<number> {
  if (command === undefined || command === '--help' || rest.includes('--help')) {
    process.stdout.write(HELPS[command] ?? Object.values(HELPS).join('\n'));
    return command === undefined ? 2 : 0;
  }
  if (!COMMANDS[command]) {
    throw new Error(`the command must be one of ${Object.keys(COMMANDS).join(', ')}, got ${command}`);
  }
  return COMMANDS[command](rest);
}

process.stdout.on('error', () => undefined); // the reader of the output may stop reading

// Exits immediately, even if a function left something running
main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(error instanceof StackFailure ? 1 : 2);
  },
);
