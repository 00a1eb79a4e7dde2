// Rehearses six pushes on the sample's pipeline, by the published command: npx projen rehearse (--verbose shows what it prints)
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PUSHES } from './pushes.mjs';
import { Repository } from './repository.mjs';

const SAMPLE = dirname(fileURLToPath(import.meta.url));
const PROJECT = join(SAMPLE, '..', '..');
const COMMAND = join(PROJECT, 'assets', 'cli', 'index.js');
const LONGEST = 170_000;
const VERBOSE = process.argv.includes('--verbose');

const work = mkdtempSync(join(tmpdir(), 'inventory-allocation-'));
mkdirSync(join(work, 'repository'));
const repository = new Repository(SAMPLE, join(work, 'repository'));
let synthesizedFor;

/** Synthesizes the app when what it reads of the checkout has changed. */
function synthesize() {
  const parameters = repository.read('Backend/env/env_src/LambdaParameters.json');
  if (parameters === synthesizedFor) return;
  const env = { ...process.env, CHECKOUT: repository.folder, CDK_OUTDIR: join(work, 'cdk.out') };
  execFileSync(process.execPath, ['--import', 'tsx', join(SAMPLE, 'app.ts')], {
    cwd: PROJECT,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  synthesizedFor = parameters;
}

/** Runs the pipeline once; answers exit code and report. */
function rehearse(number) {
  const report = join(work, `push-${number}.json`);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      COMMAND,
      'rehearse',
      join(work, 'cdk.out'),
      '--source',
      repository.folder,
      '--state',
      join(work, 'state'),
      '--report',
      report,
      '--event',
      join(repository.folder, 'events', 'allocate.json'),
    ],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: LONGEST },
  );
  const output = stdout + stderr;
  writeFileSync(join(work, `push-${number}.log`), output);
  if (VERBOSE) process.stdout.write(output.replace(/^/gm, '    '));
  if (status !== 0 && status !== 1)
    throw new Error(
      `the rehearsal of push ${number} ended with ${status ?? `no result after ${LONGEST / 1000} s`}:\n${output}`,
    );
  const { pipelines, calls } = JSON.parse(readFileSync(report, 'utf8'));
  const actions = (allowed) => [
    ...new Set(calls.filter((call) => call.allowed === allowed).map(({ role, action }) => `${action} by ${role}`)),
  ];
  return { status, run: pipelines.at(-1), earlier: pipelines.slice(0, -1), calls: actions(true), denied: actions(false) };
}

/** The percentages of the traffic that the version got which the shifts lead to; a rollback ends with 0. */
function sharesOf({ shifts }) {
  const target = shifts.map(({ version, weights }) => Object.keys(weights)[0] ?? version)[0];
  return shifts.map(({ version, weights }) => Math.round(100 * (weights[target] ?? (version === target ? 1 : 0))));
}

/** Everything that is not as it must be. */
function differences({ status, run, earlier, calls, denied }, expected) {
  const text = JSON.stringify(run);
  const stages = (wanted) => run.stages.filter((stage) => stage.status === wanted).map(({ name }) => name);
  const checks = [
    ['the exit code', status, expected.status === 'Succeeded' ? 0 : 1],
    ['the run', run.status, expected.status],
    ['the alias', run.alias.version, expected.alias],
    ['the traffic of a configuration change', earlier.map((each) => sharesOf(each).join(' → ')).join(', '), (expected.earlier ?? []).join(' → ')],
    ['the weights of the alias', JSON.stringify(run.alias.weights), '{}'],
    ['the traffic of the new version', sharesOf(run).join(' → '), expected.shares.join(' → ')],
    ...(expected.entered ?? []).map((stage) => [
      `the stage ${stage} entered`,
      stages('Succeeded').includes(stage),
      true,
    ]),
    ...(expected.skipped ?? []).map((stage) => [`the stage ${stage} skipped`, stages('Skipped').includes(stage), true]),
    ...(expected.calls ?? []).map((action) => [
      `a call of ${action}`,
      calls.some((call) => call.startsWith(action)),
      true,
    ]),
    ['calls that the policies in the template deny', denied.join(', '), ''],
    ...(expected.cause ? [['the cause', expected.cause.test(run.cause) || run.cause, true]] : []),
    ...(expected.summary ? [['the summary', expected.summary.test(text), true]] : []),
  ];
  return checks
    .filter(([, actual, wanted]) => actual !== wanted)
    .map(([what, actual, wanted]) => `${what}: expected ${wanted || 'none'}, got ${actual || 'none'}`);
}

/** Makes a push, and runs the pipeline for it. */
function push({ title, change, expected }, index) {
  const started = Date.now();
  change(repository);
  synthesize();
  const result = rehearse(index + 1);
  const wrong = differences(result, expected);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${wrong.length ? '✗' : '✓'} push ${index + 1}: ${title} (${seconds} s)`);
  wrong.forEach((line) => console.log(`    not as it must be: ${line}`));
  const { run } = result;
  if (run.cause) console.log(run.cause.split('\n').slice(0, 4).join('\n').replace(/^/gm, '    '));
  return { run: run.status, alias: run.alias.version, traffic: sharesOf(run).join(' → ') || '-', seconds, wrong };
}

const started = Date.now();
const results = PUSHES.map(push);
console.table(
  Object.fromEntries(
    results.map(({ wrong, ...row }, index) => [`push ${index + 1}`, { ...row, 'as expected': wrong.length === 0 }]),
  ),
);
const failed = results.filter(({ wrong }) => wrong.length > 0).length;
console.log(
  `${results.length - failed} of ${results.length} pushes ended as they must, in ${((Date.now() - started) / 1000).toFixed(0)} s; this was a rehearsal and not AWS`,
);
if (failed) {
  console.log(`logs, reports and the account are in ${work}`);
  process.exitCode = 1;
} else {
  rmSync(work, { recursive: true, force: true });
}
