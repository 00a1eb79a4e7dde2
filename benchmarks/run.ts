import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Figure, isBroken, renderFigure } from './figure';
import { medianTimes } from './processes';
import { readResources, wildcardActions } from './template';
import { usedModules } from './used-modules';
import { PACKAGE_LIMIT } from '../projenrc/check-package';

const RUNS = 7;
const output = mkdtempSync(path.join(tmpdir(), 'benchmark-'));
const folder = (name: string) => path.join(output, name);

function synthFigures(): Figure[] {
  const [empty, bare, one] = medianTimes(RUNS, [
    ['empty-stack.js', folder('empty')],
    ['bare-stack.js', folder('bare')],
    ['one-pipeline.js', folder('one')],
  ]);
  return [
    { name: 'synth, against a bare stack of the same services', ...ratio(one, bare), limit: 1.3 },
    { name: 'synth, against an empty stack', ...ratio(one, empty) },
    { name: 'a bare stack of the same services, against an empty stack', ...ratio(bare, empty) },
  ];
}

function templateFigures(): Figure[] {
  const resources = readResources(folder('one'));
  const wildcards = wildcardActions(resources);
  return [
    {
      name: 'default pipeline',
      measured: resources.length,
      limit: 22,
      unit: 'resources',
      from: 'the template of the smallest use',
    },
    {
      name: 'default pipeline',
      measured: wildcards.length,
      limit: 0,
      unit: 'wildcard actions',
      from: wildcards.join(', ') || 'the same template',
    },
  ];
}

function growthFigures(): Figure[] {
  const [ten, fifty] = medianTimes(3, [
    ['many-pipelines.js', folder('ten'), '10'],
    ['many-pipelines.js', folder('fifty'), '50'],
  ]);
  const [resourcesOfTen, resourcesOfFifty] = [
    readResources(folder('ten')).length,
    readResources(folder('fifty')).length,
  ];
  return [
    { name: 'synth, 50 pipelines against 10', ...ratio(fifty, ten), limit: 5.5 },
    {
      name: 'resources, 50 pipelines against 10',
      measured: resourcesOfFifty / resourcesOfTen,
      limit: 5,
      unit: 'times',
      from: `${resourcesOfFifty} and ${resourcesOfTen}`,
    },
  ];
}

function importFigures(): Figure[] {
  const used = JSON.stringify(usedModules());
  const [modules, library] = medianTimes(2 * RUNS + 1, [
    ['import-modules.js', used],
    ['import-library.js', used],
  ]);
  return [{ name: 'import, against the parts of aws-cdk-lib that it uses', ...ratio(library, modules), limit: 1.15 }];
}

function loadFigures(): Figure[] {
  const [nothing, releaseFunction] = medianTimes(RUNS, [['nothing.js'], ['load-release-function.js']]);
  return [
    {
      name: 'loading the release function, against the start of Node.js',
      ...ratio(releaseFunction, nothing),
      limit: 5,
    },
  ];
}

function sizeFigures(): Figure[] {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: path.join(__dirname, '..'),
    encoding: 'utf8',
  });
  const [{ size, files }] = JSON.parse(stdout) as [{ size: number; files: unknown[] }];
  return [
    {
      name: 'npm package',
      measured: Math.ceil(size / 1000),
      limit: PACKAGE_LIMIT / 1000,
      unit: 'kB',
      from: `${files.length} files`,
    },
  ];
}

function ratio(measured: number, base: number): Pick<Figure, 'measured' | 'unit' | 'from'> {
  return {
    measured: Math.round((100 * measured) / base) / 100,
    unit: 'times',
    from: `${Math.round(measured)} ms and ${Math.round(base)} ms of processor time`,
  };
}

const figures = [synthFigures, templateFigures, growthFigures, importFigures, loadFigures, sizeFigures].flatMap(
  (measure) => measure(),
);
rmSync(output, { recursive: true });
figures.forEach((figure) => console.log(renderFigure(figure)));
process.exitCode = figures.some(isBroken) ? 1 : 0;
