import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { pythonWith } from './python';

/*
 * Runs the tests of the release function and of the rehearsal, records every request and every answer, and compares
 * them with AWS's service models. Arguments are the tests to run instead of all.
 */

const MODELS = path.join('test', 'aws', 'models');
const RECORDER = `./${path.join(MODELS, 'record-requests.ts')}`;

function run(command: string, args: string[], recording: string): boolean {
  const env = { ...process.env, REHEARSAL_RECORDING: recording };
  return spawnSync(command, args, { env, stdio: 'inherit' }).status === 0;
}

function main(tests: string[]): void {
  const python = pythonWith('models', path.join(MODELS, 'requirements.txt'));
  if (!python) {
    return;
  }
  const recording = mkdtempSync(path.join(tmpdir(), 'recording-'));
  const jest = ['jest', '--ci', '--coverage=false', `--setupFilesAfterEnv=${RECORDER}`, '--', ...tests];
  const steps: [string, string[]][] = [
    [python, [path.join(MODELS, 'test_validate.py'), '-q']],
    ['npx', jest],
    [python, [path.join(MODELS, 'validate.py'), recording]],
  ];
  const passed = steps.map(([command, args]) => run(command, args, recording));
  rmSync(recording, { recursive: true });
  process.exitCode = passed.every(Boolean) ? 0 : 1;
}

main(process.argv.length > 2 ? process.argv.slice(2) : ['test/handlers', 'test/rehearsal']);
