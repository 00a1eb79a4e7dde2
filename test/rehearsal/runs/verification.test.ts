import * as path from 'node:path';
import * as iam from 'aws-cdk-lib/aws-iam';
import { actionsOf, handlerFile, pipelineApp, Rehearsed, Run, summaryOf } from '../support/run';

jest.setTimeout(120_000);

/** Invokes the live alias, as an integration test would, with the SDK of this project. */
const VERIFY = `
  const { Lambda } = require('@aws-sdk/client-lambda');
  new Lambda().invoke({ FunctionName: process.env.ALIAS_ARN }).then(({ Payload }) => {
    process.exit(Buffer.from(Payload).toString() === '42' ? 0 : 1);
  });
`;

function app(rollBack: boolean, commands = ['node verify.js']): string {
  const NODE_PATH = { value: path.resolve(__dirname, '../../../node_modules') };
  return pipelineApp({ verification: { commands, rollBack, environmentVariables: { NODE_PATH } } });
}

const release = (result: number) => ({ 'index.js': handlerFile(result), 'verify.js': VERIFY });

const verified = (run: Run) => actionsOf(run).slice(-2).sort();

test('a correct release passes', async () => {
  const run = await new Rehearsed().push(app(true), release(42));

  expect(verified(run)).toEqual(['Verify/RollbackAction Succeeded', 'Verify/VerifyAction Succeeded']);
  expect(run).toMatchObject({ status: 'Succeeded', alias: { version: '2' } });
});

test('a wrong release is rolled back, and the run fails', async () => {
  const account = new Rehearsed();
  await account.push(app(true), release(42));
  const run = await account.push(app(true), release(7));

  expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
  expect(run.cause).toContain('The verification failed, so all traffic of live goes to version 2 again');
});

test.each([
  ['stops at an error', 'set -e\nnode verify.js\ntrue'],
  ['exits', 'node verify.js || exit 1'],
  ['ends with a comment', 'node verify.js # the live alias'],
  ['is no valid shell', "node verify.js && ( '"],
])('a wrong release is rolled back after a command that %s', async (_, command) => {
  const account = new Rehearsed();
  await account.push(app(true, ['true']), release(42));
  const run = await account.push(app(true, [command, 'true']), release(7));

  expect(verified(run)).toEqual(['Verify/RollbackAction Failed', 'Verify/VerifyAction Failed']);
  expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
});

test('a release is rolled back when the verification cannot start', async () => {
  const account = new Rehearsed();
  await account.push(app(true), release(42));
  const withoutPermissions = pipelineApp((stack) => {
    const assumedBy = new iam.ServicePrincipal('codebuild.amazonaws.com');
    const role = new iam.Role(stack, 'Tester', { assumedBy }).withoutPolicyUpdates();
    return { verification: { commands: ['true'], role } };
  });
  const run = await account.push(withoutPermissions, release(7));

  expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
  expect(summaryOf(run, 'RollbackAction')).toContain('so all traffic of live goes to version 2 again');
});

test('a wrong release stays without the rollback, and the run fails', async () => {
  const account = new Rehearsed();
  await account.push(app(false), release(42));
  const run = await account.push(app(false), release(7));

  expect(run).toMatchObject({ status: 'Failed', alias: { version: '3' } });
  expect(summaryOf(run, 'VerifyAction')).toContain('node verify.js');
});

test('the commands may invoke the alias but not change it', async () => {
  const change =
    'const { Lambda } = require("@aws-sdk/client-lambda"); ' +
    'new Lambda().updateAlias({ FunctionName: process.env.FUNCTION_NAME, Name: "live", FunctionVersion: "1" })';
  const run = await new Rehearsed().push(app(false, [`node -e '${change}'`]), release(42));

  expect(run).toMatchObject({ status: 'Failed', alias: { version: '2' } });
  expect(run.calls.filter(({ allowed }) => !allowed).map(({ action }) => action)).toEqual(['lambda:UpdateAlias']);
});
