import { spawnSync } from 'node:child_process';
import * as path from 'node:path';

const PROGRAMS = path.join(__dirname, 'programs');

/** Runs each of the programs several times, in turn, and returns the median processor time of each in milliseconds. */
export function medianTimes(runs: number, programs: string[][]): number[] {
  const times: number[][] = programs.map(() => []);
  for (let run = 0; run < runs; run++) {
    programs.forEach((program, index) => times[index].push(processorTime(program)));
  }
  return times.map(median);
}

/**
 * Milliseconds of processor time of a whole process, from the start of Node.js to its end. Time on the clock would
 * include other work of the machine.
 */
function processorTime([program, ...programArguments]: string[]): number {
  const nodeArguments = [
    '--require',
    path.join(PROGRAMS, 'print-cpu-time.js'),
    path.join(PROGRAMS, program),
    ...programArguments,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, nodeArguments, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`benchmarks/programs/${program} failed, is the library compiled (npx projen compile)?\n${stderr}`);
  }
  return Number(stdout.trim().split('\n').pop());
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
