import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as sns from '@aws-sdk/client-sns';
import * as ssm from '@aws-sdk/client-ssm';
import { allow, StandIn } from '../../rehearsal/support/stand-in';

/** Calls that somebody made on AWS, one after the other, and what AWS answered. */
export interface Scenario {
  /** Where the answers were recorded: a test of LocalStack whose snapshot was validated against AWS. */
  readonly recorded: string;
  readonly service: keyof typeof CLIENTS;
  /** What exists before the first call. */
  readonly given?: (standIn: StandIn) => void | Promise<void>;
  readonly steps: readonly Step[];
}

/** One call, and the answer or the error of AWS. */
export interface Step {
  readonly call: string;
  readonly input: Record<string, unknown>;
  /** The status and the members; `<any>` stands for any value, `<id:1>` for the same value wherever it occurs. */
  readonly answer?: readonly [status: number, members: Record<string, unknown>];
  readonly error?: readonly [status: number, code: string, message: string];
  /** Where the stand-in is different, by the path of the member, and why. */
  readonly differs?: Readonly<Record<string, string>>;
  /** How long the caller waits before the call, in milliseconds. */
  readonly after?: number;
}

const CLIENTS = {
  cloudformation: { client: cloudFormation.CloudFormationClient, commands: cloudFormation },
  cloudwatch: { client: cloudWatch.CloudWatchClient, commands: cloudWatch },
  lambda: { client: lambda.LambdaClient, commands: lambda },
  s3: { client: s3.S3Client, commands: s3 },
  sns: { client: sns.SNSClient, commands: sns },
  ssm: { client: ssm.SSMClient, commands: ssm },
};

/** Where the stand-in is different although nobody said so, and where somebody said so and it is not. */
export interface Outcome {
  readonly unexpected: string[];
  readonly outdated: string[];
}

/** Makes the calls of a scenario, and compares the answers. */
export async function play({ service, given, steps }: Scenario): Promise<Outcome> {
  const standIn = await StandIn.start();
  try {
    await given?.(standIn);
    const { client, commands } = CLIENTS[service];
    const config = { ...standIn.config(standIn.caller([allow('*')], 'caller')), forcePathStyle: true };
    const sender = new client(config as object) as { send(command: unknown): Promise<any> };
    const known = new Map<string, string>();
    const outcome: Outcome = { unexpected: [], outdated: [] };
    for (const [index, step] of steps.entries()) {
      if (step.after) {
        await standIn.later(step.after);
      }
      const command = new (commands as Record<string, any>)[`${step.call}Command`](step.input);
      const actual = await answerOf(sender.send(command));
      const found = differences(expectedOf(step), actual, known);
      const name = `${index + 1} ${step.call}`;
      outcome.unexpected.push(
        ...found
          .filter(([path]) => !step.differs?.[path])
          .map(([path, expected, got]) => `${name} ${path}: AWS ${show(expected)}, stand-in ${show(got)}`),
      );
      outcome.outdated.push(
        ...Object.keys(step.differs ?? {})
          .filter((path) => !found.some(([other]) => other === path))
          .map((path) => `${name} ${path}`),
      );
    }
    return outcome;
  } finally {
    await standIn.stop();
  }
}

function expectedOf({ answer, error }: Step): unknown {
  if (error) {
    const [status, code, message] = error;
    return { status, code, message };
  }
  const [status, members] = answer!;
  return { status, ...members };
}

async function answerOf(sent: Promise<any>): Promise<unknown> {
  try {
    const { $metadata, ...members } = await sent;
    if (members.Body) {
      members.Body = await members.Body.transformToString();
    }
    if ('Payload' in members) {
      members.Payload = Buffer.from(members.Payload ?? '').toString();
    }
    return { status: $metadata.httpStatusCode, ...members };
  } catch (error) {
    const { name, message, $metadata } = error as { name: string; message: string; $metadata?: any };
    return { status: $metadata?.httpStatusCode, code: name, message };
  }
}

type Difference = readonly [path: string, expected: unknown, actual: unknown];

function differences(expected: unknown, actual: unknown, known: Map<string, string>, path = ''): Difference[] {
  if (typeof expected === 'string' && /^<\w+(:\d+)?>$/.test(expected)) {
    return stands(expected, actual, known) ? [] : [[path, expected, actual]];
  }
  if (isPlain(expected) && isPlain(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
    return names.flatMap((name) =>
      differences(expected[name], actual[name], known, path === '' ? name : `${path}.${name}`),
    );
  }
  return JSON.stringify(expected) === JSON.stringify(actual) ? [] : [[path, expected, actual]];
}

/** Whether a value can stand for a placeholder: numbered ones are equal where the number is, and only there. */
function stands(placeholder: string, actual: unknown, known: Map<string, string>): boolean {
  if (actual === undefined) {
    return false;
  }
  if (placeholder === '<any>') {
    return true;
  }
  const value = String(actual);
  const kind = placeholder.slice(1, placeholder.indexOf(':'));
  const others = [...known].filter(([name]) => name !== placeholder && name.startsWith(`<${kind}:`));
  if (others.some(([, other]) => other === value)) {
    return false;
  }
  known.set(placeholder, known.get(placeholder) ?? value);
  return known.get(placeholder) === value;
}

/** Whether a value is compared member by member: an object, or a list by its indexes. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array);
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200);
}
