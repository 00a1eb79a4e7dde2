#!/usr/bin/env node
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DIAGRAM_HELP, diagramCommand } from './diagram-command';
import { REHEARSE_HELP, rehearseCommand } from './rehearse-command';
import { TEMPLATE_HELP, templateCommand } from './template-command';
import { StackFailure } from '../stack/stack';

const COMMANDS: Record<string, (rest: string[]) => Promise<number>> = {
  rehearse: rehearseCommand,
  template: templateCommand,
  diagram: diagramCommand,
};
const HELPS: Record<string, string> = { rehearse: REHEARSE_HELP, template: TEMPLATE_HELP, diagram: DIAGRAM_HELP };

async function main([command, ...rest]: string[]): Promise<number> {
  if (command === '--version' || rest.includes('--version')) {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  if (command === undefined || command === '--help' || rest.includes('--help')) {
    process.stdout.write(HELPS[command] ?? Object.values(HELPS).join('\n'));
    return command === undefined ? 2 : 0;
  }
  if (!COMMANDS[command]) {
    throw new Error(`the command must be one of ${Object.keys(COMMANDS).join(', ')}, got ${command}`);
  }
  return COMMANDS[command](rest);
}

/** The version of the package, which has this file two folders below its root. */
function version(): string {
  return JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')).version;
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
