import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { pythonWith } from './python';
import schemas from '../rehearsal/stack/resource-schemas.json';

/*
 * Writes the part of CloudFormation's resource schemas that the rehearsal needs, as cfn-lint has them. With --check it
 * only compares.
 */

const SCHEMAS = path.join('test', 'aws', 'schemas');
const FILE = path.join('rehearsal', 'stack', 'resource-schemas.json');

function main(options: string[]): void {
  const python = pythonWith('schemas', path.join(SCHEMAS, 'requirements.txt'));
  if (python) {
    const args = [path.join(SCHEMAS, 'generate.py'), ...options, FILE, ...Object.keys(schemas)];
    process.exitCode = spawnSync(python, args, { stdio: 'inherit' }).status ?? 1;
  }
}

main(process.argv.slice(2));
