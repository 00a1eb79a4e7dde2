import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import * as path from 'node:path';
import { pythonWith } from './python';
import { credentialsOf } from '../rehearsal/account/account';
import { allow, StandIn } from '../test/rehearsal/support/stand-in';

/*
 * Lets boto3 and the AWS CLI, as they come from PyPI, speak to the stand-in of the rehearsal: the same calls are made on
 * moto and compared, and the commands of our documents are run.
 */

const CLIENTS = path.join('test', 'aws', 'clients');
/** What exists before the first call; compare.py makes the same on moto. */
function setUp({ account }: StandIn): void {
  account.s3.addBucket('artifacts', false);
  account.ssm.addParameter('/orders/configuration', 'String', '{}');
  account.sns.addTopic('arn:aws:sns:us-east-1:123456789012:notices');
  account.cloudWatch.addAlarm('errors', {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Period: 60,
    EvaluationPeriods: 1,
    Statistic: 'Sum',
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
  account.codeDeploy.addApplication('orders');
  account.codeDeploy.addGroup({
    ApplicationName: 'orders',
    DeploymentGroupName: 'orders',
    ServiceRoleArn: 'arn:aws:iam::123456789012:role/deploy-role',
    DeploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
  });
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  const child = spawn(command, args, { env, stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code === 0)));
}

/** `GET /5` lets five seconds pass. The clock stops in between, because an actor is busy. */
async function serveClock({ account }: StandIn): Promise<Server> {
  const requests: (() => Promise<void>)[] = [];
  let wake = () => {};
  void account.clock.run(async () => {
    for (;;) {
      await new Promise<void>((resolve) => (wake = resolve));
      for (const request of requests.splice(0)) {
        await request();
      }
    }
  });
  const server = createServer((request, response) => {
    requests.push(async () => {
      await account.clock.sleep(Number(request.url!.slice(1)) * 1000);
      response.end();
    });
    wake();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function main(): Promise<void> {
  const python = pythonWith('clients', path.join(CLIENTS, 'requirements.txt'));
  if (!python) {
    return;
  }
  const standIn = await StandIn.start();
  standIn.role('function-role', 'lambda.amazonaws.com', []);
  standIn.role('deploy-role', 'codedeploy.amazonaws.com', [allow(['lambda:*', 'cloudwatch:*'])]);
  standIn.role('stack-role', 'cloudformation.amazonaws.com', [allow(['logs:*'])]);
  setUp(standIn);
  const clock = await serveClock(standIn);
  const env = {
    ...process.env,
    ...credentialsOf(standIn.account, standIn.caller([allow('*')], 'person')),
    CLOCK_URL: `http://127.0.0.1:${(clock.address() as AddressInfo).port}`,
    PATH: `${path.resolve(path.dirname(python))}${path.delimiter}${process.env.PATH}`,
  };
  const passed = [
    await run(python, [path.join(CLIENTS, 'compare.py')], env),
    await run(python, [path.join(CLIENTS, 'cli.py')], env),
  ];
  clock.close();
  await standIn.stop();
  process.exitCode = passed.every(Boolean) ? 0 : 1;
}

void main();
