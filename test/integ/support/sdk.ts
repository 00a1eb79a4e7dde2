import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as codeDeploy from '@aws-sdk/client-codedeploy';
import * as codePipeline from '@aws-sdk/client-codepipeline';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as ssm from '@aws-sdk/client-ssm';

const SERVICES = {
  cloudformation: { client: cloudFormation.CloudFormationClient, commands: cloudFormation },
  cloudwatch: { client: cloudWatch.CloudWatchClient, commands: cloudWatch },
  codedeploy: { client: codeDeploy.CodeDeployClient, commands: codeDeploy },
  codepipeline: { client: codePipeline.CodePipelineClient, commands: codePipeline },
  lambda: { client: lambda.LambdaClient, commands: lambda },
  s3: { client: s3.S3Client, commands: s3 },
  ssm: { client: ssm.SSMClient, commands: ssm },
};

export type ServiceName = keyof typeof SERVICES;
export type Call = Readonly<Record<string, unknown>>;
export type Clients = ReadonlyMap<ServiceName, { send(command: unknown): Promise<any> }>;

/** An answer as JSON has it: the members of a success, or the code and the message of an error. */
export interface Answer {
  readonly status: number;
  readonly members?: Readonly<Record<string, any>>;
  readonly code?: string;
  readonly message?: string;
}

/** One client of each service. */
export function clientsWith(config: object): Clients {
  return new Map(
    Object.entries(SERVICES).map(([name, { client }]) => [
      name as ServiceName,
      new (client as new (options: object) => { send(command: unknown): Promise<any> })(config),
    ]),
  );
}

export async function callService(
  clients: Clients,
  service: ServiceName,
  operation: string,
  input: Call,
): Promise<Answer> {
  const commands = SERVICES[service].commands as unknown as Record<string, new (input: Call) => unknown>;
  try {
    const { $metadata, Body, Payload, ...members } = await clients
      .get(service)!
      .send(new commands[`${operation}Command`](input));
    const texts = {
      ...(Body ? { Body: '<object>' } : {}),
      ...(Payload ? { Payload: Buffer.from(Payload).toString() } : {}),
    };
    return { status: $metadata.httpStatusCode, members: JSON.parse(JSON.stringify({ ...members, ...texts })) };
  } catch (error) {
    const { name, message, $metadata } = error as { name: string; message: string; $metadata?: any };
    if (!$metadata?.httpStatusCode) {
      throw error;
    }
    return { status: $metadata.httpStatusCode, code: name, message };
  }
}
