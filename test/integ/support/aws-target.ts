import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { clientsWith, ServiceName } from './sdk';
import { DeployEnd, RunStart, Target } from './target';
import { zipTexts } from '../../../rehearsal/base/zip';

/** How long a push may take to start a run. */
const TRIGGER_SECONDS = 180;
const DELETION_SECONDS = 600;

/** Settings of a run on AWS. */
export interface AwsTargetOptions {
  /** File of the integ app. */
  readonly app: string;
  readonly stackName: string;
  readonly region: string;
  /** Context of the CDK, as `name=value`. */
  readonly context: readonly string[];
}

/** An account of AWS, with the credentials of the environment. */
export class AwsTarget extends Target {
  private readonly sdk: ReturnType<typeof clientsWith>;
  private outputs: Record<string, string> = {};

  constructor(private readonly options: AwsTargetOptions) {
    super('aws');
    this.sdk = clientsWith({ region: options.region, maxAttempts: 5 });
  }

  async deploy(variant: string): Promise<DeployEnd> {
    const { status, output } = this.cdk('deploy', variant, '--require-approval', 'never');
    if (status !== 0) {
      return { succeeded: false, reason: output };
    }
    const stacks = (await this.read('cloudformation', 'DescribeStacks', { StackName: this.options.stackName })).Stacks;
    this.outputs = Object.fromEntries(stacks[0].Outputs.map((each: any) => [each.OutputKey, each.OutputValue]));
    return { succeeded: true };
  }

  async start(pipelineName: string, { files, tags, variables }: RunStart): Promise<string> {
    const before = await this.executions(pipelineName);
    if (files) {
      await this.read('s3', 'PutObject', {
        Bucket: this.outputs.SourceBucket,
        Key: 'source.zip',
        Body: zipTexts({ ...files }),
        Tagging: tags && new URLSearchParams(tags).toString(),
      });
    }
    if (!files || variables) {
      const given = Object.entries(variables ?? {}).map(([name, value]) => ({ name, value }));
      const started = await this.read('codepipeline', 'StartPipelineExecution', {
        name: pipelineName,
        variables: given.length > 0 ? given : undefined,
      });
      return started.pipelineExecutionId;
    }
    for (let seconds = 0; seconds < TRIGGER_SECONDS; seconds += 5) {
      const started = (await this.executions(pipelineName)).find((id) => !before.includes(id));
      if (started) {
        return started;
      }
      await this.sleep(5);
    }
    throw new Error(`the push started no run of ${pipelineName} within ${TRIGGER_SECONDS} seconds`);
  }

  async statusOf(pipelineName: string, pipelineExecutionId: string): Promise<string> {
    const execution = await this.read('codepipeline', 'GetPipelineExecution', { pipelineName, pipelineExecutionId });
    return execution.pipelineExecution.status;
  }

  async act<T>(part: () => Promise<T>): Promise<T> {
    return part();
  }

  async sleep(seconds: number): Promise<void> {
    await wait(seconds * 1000);
  }

  /** The integ app writes each notice into the bucket of the source. */
  async notices(): Promise<string[]> {
    const Bucket = this.outputs.SourceBucket;
    const { Contents = [] } = await this.read('s3', 'ListObjectsV2', { Bucket, Prefix: 'notices/' });
    return Promise.all(
      Contents.map(async ({ Key }: { readonly Key: string }) => {
        const { Body } = await this.sdk.get('s3')!.send(new GetObjectCommand({ Bucket, Key }));
        return Body.transformToString();
      }),
    );
  }

  /** The number of the account, from the ARN of the stack. */
  async accountId(): Promise<string> {
    const { Stacks } = await this.read('cloudformation', 'DescribeStacks', { StackName: this.options.stackName });
    return Stacks[0].StackId.split(':')[4];
  }

  /** Deletes the stacks, and what they leave behind on purpose: the function, its log group and the objects. */
  async destroy(variant: string, functionNames: readonly string[], stackNames: readonly string[] = []): Promise<void> {
    for (const StackName of stackNames) {
      await this.deleteStack(StackName); // before the app, whose role CloudFormation needs
    }
    for (const name of Object.keys(this.outputs).filter((key) => key.endsWith('Bucket'))) {
      await this.empty(this.outputs[name]);
    }
    this.cdk('destroy', variant, '--force');
    for (const FunctionName of functionNames) {
      await this.call('delete the function', 'lambda', 'DeleteFunction', { FunctionName });
    }
  }

  protected clients() {
    return this.sdk;
  }

  private async deleteStack(StackName: string): Promise<void> {
    await this.call('delete the stack', 'cloudformation', 'DeleteStack', { StackName });
    for (let seconds = 0; seconds < DELETION_SECONDS; seconds += 10) {
      const { members } = await this.call('the deleted stack', 'cloudformation', 'DescribeStacks', { StackName });
      if (!members) {
        return;
      }
      await this.sleep(10);
    }
    console.log(`${StackName} still exists: delete it by hand`);
  }

  private async empty(Bucket: string): Promise<void> {
    const { Versions = [], DeleteMarkers = [] } = await this.read('s3', 'ListObjectVersions', { Bucket });
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }: any) => ({ Key, VersionId }));
    if (Objects.length > 0) {
      await this.read('s3', 'DeleteObjects', { Bucket, Delete: { Objects } });
      await this.empty(Bucket);
    }
  }

  private async executions(pipelineName: string): Promise<string[]> {
    const { pipelineExecutionSummaries } = await this.read('codepipeline', 'ListPipelineExecutions', { pipelineName });
    return (pipelineExecutionSummaries ?? []).map((each: any) => each.pipelineExecutionId);
  }

  /** A call whose answer the target itself needs: it must succeed, and is not recorded. */
  private async read(service: ServiceName, operation: string, input: Record<string, unknown>): Promise<any> {
    const { members, code, message } = await this.call('', service, operation, input);
    this.recorded.pop();
    if (!members) {
      throw new Error(`${service} ${operation}: ${code}: ${message}`);
    }
    return members;
  }

  private cdk(command: string, variant: string, ...more: string[]): { status: number | null; output: string } {
    const { app, region, context } = this.options;
    const args = [
      '--yes',
      'aws-cdk@2',
      command,
      '--all',
      '--app',
      `node --import tsx ${app}`,
      '--context',
      `variant=${variant}`,
    ];
    const all = [...args, ...context.flatMap((each) => ['--context', each]), ...more];
    const env = { ...process.env, AWS_REGION: region, CDK_DEFAULT_REGION: region };
    const { status, stdout, stderr } = spawnSync('npx', all, { env, encoding: 'utf8', maxBuffer: 2 ** 26 });
    return { status, output: `${stdout}${stderr}` };
  }
}
