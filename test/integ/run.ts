import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { SUITES } from './suites';
import { AwsTarget } from './support/aws-target';
import { RECORDED, writeRecording } from './support/recording';
import { Scenario, Suite } from './support/scenario';

/*
 * Runs the acceptance suite on an account of AWS: docs/acceptance.md. Each suite is deployed, its scenarios run one after
 * the other, their answers are recorded, and everything is deleted again.
 */

const { values: options } = parseArgs({
  options: {
    region: { type: 'string', default: process.env.AWS_REGION ?? 'us-east-1' },
    suite: { type: 'string', multiple: true, default: SUITES.map(({ name }) => name) },
    slow: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
  },
});

async function runSuite(suite: Suite): Promise<string[]> {
  const target = new AwsTarget({
    app: path.join('test', 'integ', `integ.${suite.name}.ts`),
    stackName: suite.stackName,
    region: options.region!,
    context: [],
  });
  const failures: string[] = [];
  console.log(`${suite.name}: deploying ${suite.stackName}`);
  try {
    const { succeeded, reason } = await target.deploy(suite.first);
    if (!succeeded) {
      return [`${suite.name}: ${reason}`];
    }
    for (const scenario of suite.scenarios.filter(runsHere)) {
      await runScenario(target, suite, scenario, failures);
    }
  } finally {
    if (!options.keep) {
      console.log(`${suite.name}: deleting`);
      await target.destroy(suite.first, suite.functions, suite.stacks);
    }
  }
  return failures;
}

function runsHere({ name, only, slow }: Scenario): boolean {
  const reason = only && only[0] !== 'aws' ? only[1] : slow && !options.slow ? 'slow: give --slow' : undefined;
  if (reason) {
    console.log(`  - ${name}: ${reason}`);
  }
  return reason === undefined;
}

/** A scenario that fails does not end the suite: its answers are recorded too, because they are what was asked for. */
async function runScenario(target: AwsTarget, suite: Suite, scenario: Scenario, failures: string[]): Promise<void> {
  const started = Date.now();
  target.recorded.length = 0;
  let failure: string | undefined;
  try {
    await scenario.run(target);
  } catch (error) {
    failure = (error as Error).message;
    failures.push(`${suite.name}/${scenario.name}: ${failure}`);
  }
  writeRecording(RECORDED, `${suite.name}-${scenario.name}`, await target.accountId(), target.recorded);
  const minutes = Math.round((Date.now() - started) / 60_000);
  console.log(`  ${failure ? '✗' : '✓'} ${scenario.name} (points ${scenario.points.join(', ')}; ${minutes} min)`);
}

async function main(): Promise<void> {
  const suites = SUITES.filter(({ name }) => options.suite!.includes(name));
  if (!options.yes) {
    console.log(
      `This deploys ${suites.map(({ stackName }) => stackName).join(', ')} into the account of your credentials, in ` +
        `${options.region}. docs/acceptance.md has the costs. Run it again with --yes.`,
    );
    process.exitCode = 2;
    return;
  }
  const failures: string[] = [];
  for (const suite of suites) {
    failures.push(...(await runSuite(suite)));
  }
  console.log(failures.join('\n') || 'every scenario passed');
  console.log(`the answers of AWS are in ${path.relative(process.cwd(), RECORDED)}: commit them`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

void main();
