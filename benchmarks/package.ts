import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { Figure, isBroken, renderFigure } from './figure';
import { Layout, LAYOUTS, writeArtifact } from './package/artifact';
import { startAws } from './package/aws';

/*
 * Measures the memory of the release function with the largest packages: npx tsx benchmarks/package.ts. Needs an up to date
 * assets/ (npx projen bundle).
 */

/** The memory of the release function in MB (`src/release-function.ts`), and the share of it that a package may use. */
const MEMORY = 512;
const SHARE = 0.6;
const PROGRAM = path.join(__dirname, 'programs/publish.js');

async function measure(layout: Layout, folder: string): Promise<Figure[]> {
  const artifact = path.join(folder, 'artifact.zip');
  const { files, bytes } = await writeArtifact(layout, artifact);
  const aws = await startAws(artifact, path.join(folder, `${layout}.zip`));
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, aws.endpoint], { maxBuffer: 2 ** 26 });
  const requests = await aws.stop();
  const { peakMegabytes } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { peakMegabytes: number };
  const from = `${files} files with ${bytes} bytes; ${aws.answer()}`;
  return [
    { name: `${layout}, peak memory`, measured: peakMegabytes, limit: MEMORY * SHARE, unit: 'MB', from },
    { name: `${layout}, requests to AWS`, measured: requests.length, unit: 'requests', from: requests.join(', ') },
  ];
}

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'benchmark-package-'));
  try {
    for (const layout of (process.argv[2] ? [process.argv[2]] : Object.keys(LAYOUTS)) as Layout[]) {
      for (const figure of await measure(layout, folder)) {
        console.log(renderFigure(figure));
        process.exitCode = isBroken(figure) ? 1 : process.exitCode;
      }
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

void main();
