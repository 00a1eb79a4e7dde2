import { createHash } from 'node:crypto';
import { Aws, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import * as codeconnections from 'aws-cdk-lib/aws-codeconnections';
import { Construct } from 'constructs';
import { isKnown } from '../private/validation';

const CONNECTIONS_PAGE = 'https://console.aws.amazon.com/codesuite/settings/connections';

/** The other end of a connection. */
export interface ConnectionEnd {
  readonly providerType?: string;
  readonly hostArn?: string;
}

/** Returns the ARN of the stack's connection to a provider or host. The first pipeline that needs it creates it. */
export function sharedConnection(scope: Construct, end: ConnectionEnd): string {
  const stack = Stack.of(scope);
  const name = `${end.providerType ?? `Host${hashOf(stack, end.hostArn!)}`}Connection`;
  const existing = stack.node.tryFindChild(idOf(name))?.node.defaultChild as codeconnections.CfnConnection | undefined;
  return (existing ?? createConnection(stack, name, end)).attrConnectionArn;
}

/** The prefix keeps the ID apart from those of the app. */
function idOf(name: string): string {
  return `LambdaCiCdPipeline${name}`;
}

function createConnection(stack: Stack, name: string, end: ConnectionEnd): codeconnections.CfnConnection {
  const parent = new Construct(stack, idOf(name));
  const connection = new codeconnections.CfnConnection(parent, 'Resource', {
    connectionName: nameOf(stack, end.providerType ?? 'host'),
    ...end,
  });
  const handshake = new CfnOutput(parent, 'Handshake', {
    description:
      'The connection is PENDING until you complete the handshake: open this page, choose the connection, ' +
      'then "Update pending connection"',
    value: `${CONNECTIONS_PAGE}?connection=${connection.attrConnectionArn}`,
  });
  handshake.overrideLogicalId(`${name}Handshake`);
  return connection;
}

/** https://docs.aws.amazon.com/codeconnections/latest/APIReference/API_CreateConnection.html */
const LONGEST = 32;

/**
 * Returns the beginning of the stack's name, the provider, and the first part of the UUID in the ARN of the stack. The
 * UUID makes the name unique among all stacks and among the attempts to create the stack.
 */
function nameOf(stack: Stack, kind: string): string {
  const uuid = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
  const suffix = `-${kind.slice(0, 10)}-`;
  const { stackName } = stack;
  const prefix = isKnown(stackName) ? stackName.slice(0, LONGEST - suffix.length - 8) : 'stack';
  return `${prefix}${suffix}${uuid}`;
}

function hashOf(stack: Stack, hostArn: string): string {
  return createHash('sha256')
    .update(JSON.stringify(stack.resolve(hostArn)))
    .digest('hex')
    .slice(0, 8);
}
