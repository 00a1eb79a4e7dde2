import * as path from 'node:path';
import { actionsOf, handlerFile, pipelineApp, Rehearsed, summaryOf } from '../support/run';

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

test('a correct release passes', async () => {
  const run = await new Rehearsed().push(app(true), release(42));

  expect(actionsOf(run).slice(-2)).toEqual(['Verify/VerifyAction Succeeded', 'Verify/RollbackAction Succeeded']);
  expect(run).toMatchObject({ status: 'Succeeded', alias: { version: '2' } });
});

test('a wrong release is rolled back, and the run fails', async () => {
  const account = new Rehearsed();
  await account.push(app(true), release(42));
  const run = await account.push(app(true), release(7));

  expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
  expect(run.cause).toContain('The verification failed, so all traffic of live goes to version 2 again');
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
