import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Account } from '../../../rehearsal/account/account';
import { Caller } from '../../../rehearsal/account/iam/iam';
import { Statement } from '../../../rehearsal/account/iam/policy';
import { createAlias } from '../../../rehearsal/account/lambda/alias';
import { Server } from '../../../rehearsal/account/server';
import { zipTexts } from '../../../rehearsal/base/zip';
import { deployTemplate } from '../../../rehearsal/stack/stack';

/** Returns a statement that allows actions on resources. */
export function allow(
  action: string | string[],
  resource: string | string[] = '*',
  condition?: Statement['Condition'],
): Statement {
  return { Effect: 'Allow', Action: action, Resource: resource, Condition: condition };
}

/** Returns the trust policy for a service. */
export function trust(service: string): { Statement: Statement } {
  return { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } } };
}

/** An account with a server, in a new folder. */
export class StandIn {
  static async start(): Promise<StandIn> {
    const standIn = new StandIn(
      new Account({
        folder: fs.mkdtempSync(path.join(tmpdir(), 'stand-in-')),
        id: '123456789012',
        region: 'us-east-1',
        deployTemplate,
      }),
    );
    await standIn.server.start();
    return standIn;
  }

  private readonly server: Server;

  private constructor(readonly account: Account) {
    this.server = new Server(account);
  }

  /** Returns a session of a new role with these permissions. */
  caller(statements: Statement[], name = `Role${this.account.state.ids++}`): Caller {
    const arn = this.role(name, 'lambda.amazonaws.com', statements);
    return this.account.iam.assume(
      arn,
      'lambda.amazonaws.com',
      'arn:aws:lambda:us-east-1:123456789012:function:test',
      'test',
    );
  }

  /** Adds a role that a service may assume. Returns its ARN. */
  role(name: string, service: string, statements: Statement[]): string {
    const arn = `arn:aws:iam::123456789012:role/${name}`;
    this.account.iam.addRole({
      arn,
      name,
      logicalId: name,
      trust: trust(service),
      policies: [{ Statement: statements }],
    });
    return arn;
  }

  /** Returns the configuration of an SDK client with a role. */
  config(caller: Caller) {
    const credentials = { accessKeyId: caller.accessKeyId, secretAccessKey: 'test', sessionToken: 'test' };
    return { region: 'us-east-1', endpoint: this.account.endpoint, credentials, maxAttempts: 1 };
  }

  /** Advances the clock of the account. */
  async later(ms = 3000): Promise<void> {
    await this.account.clock.run(() => this.account.clock.sleep(ms));
  }

  /** Creates a function with an alias `live` for its version 1, and a version 2 with other code. */
  async functionWithTwoVersions(name: string): Promise<void> {
    const { lambda, clock } = this.account;
    const Role = this.role(`${name}-role`, 'lambda.amazonaws.com', []);
    const code = (result: number) =>
      zipTexts({ 'index.js': `exports.handler = async () => ${result};` }).toString('base64');
    await clock.run(async () => {
      await lambda.createFunction({
        FunctionName: name,
        Role,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Code: { ZipFile: code(1) },
      });
      await clock.sleep(3000);
      lambda.publish({ FunctionName: name });
      createAlias(this.account, { FunctionName: name, Name: 'live', FunctionVersion: '1' });
      await lambda.updateCode({ FunctionName: name, ZipFile: code(2) });
      await clock.sleep(3000);
      lambda.publish({ FunctionName: name });
      await clock.sleep(3000);
    });
  }

  async stop(): Promise<void> {
    await this.account.invocations.stop();
    await this.server.stop();
    fs.rmSync(this.account.folder, { recursive: true, force: true });
  }
}
