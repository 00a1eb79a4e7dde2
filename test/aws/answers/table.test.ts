import * as fs from 'node:fs';
import { RECORDED } from './index';
import { StandIn } from '../../rehearsal/support/stand-in';

interface Served {
  readonly operations: Readonly<Record<string, unknown>>;
}

/** Counts the operations of the stand-in, and those of which AWS's answers are recorded, as docs/rehearsal.md has them. */
function tableOf(services: Readonly<Record<string, Served>>): string {
  const rows = Object.entries(services).map(([name, { operations }]) => {
    const steps = RECORDED.filter(({ service }) => service === name).flatMap((scenario) => scenario.steps);
    const covered = new Set(steps.map(({ call }) => call).filter((call) => call in operations));
    const different = steps.filter(({ differs }) => differs);
    const count = Object.keys(operations).length;
    return [name, count, covered.size, steps.length, steps.length - different.length, different.length];
  });
  const sums = [1, 2, 3, 4, 5].map((column) => rows.reduce((sum, row) => sum + Number(row[column]), 0));
  return [...rows, ['all', ...sums]].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

test('docs/rehearsal.md counts the operations with recorded answers', async () => {
  const standIn = await StandIn.start();
  await standIn.stop();
  const { account } = standIn;
  const table = tableOf({
    lambda: account.lambda,
    codedeploy: account.codeDeploy,
    codepipeline: account.codePipeline,
    codebuild: account.codeBuild,
    cloudformation: account.cloudFormation,
    cloudwatch: account.cloudWatch,
    s3: account.s3,
    sns: account.sns,
    ssm: account.ssm,
  });
  expect(fs.readFileSync('docs/rehearsal.md', 'utf8')).toContain(table);
});
