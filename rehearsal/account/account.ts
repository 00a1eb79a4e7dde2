import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudFormation, DeployTemplate, StackState } from './cloudformation';
import { NotRehearsedError } from '../base/aws-error';
import { Calls } from './iam/calls';
import { Clock } from '../base/clock';
import { AlarmProperties, CloudWatch } from './cloudwatch/cloudwatch';
import { MetricValue, Sample } from './cloudwatch/metrics';
import { CodeArtifact } from './code-artifact/code-artifact';
import { CodeBuild } from './codebuild';
import { CodeDeploy } from './codedeploy/codedeploy';
import { Deployment } from './codedeploy/state';
import { CodePipeline } from './codepipeline';
import { CustomResources, CustomResourceState } from './custom-resources';
import { Events } from './events';
import { Caller, Iam } from './iam/iam';
import { Invocations } from './lambda/invocations';
import { Lambda } from './lambda/lambda';
import { FunctionState } from './lambda/state';
import { Bucket, S3 } from './s3/s3';
import { Service } from './service';
import { Notice, Sns } from './sns';
import { ParameterState, Ssm } from './ssm';
import { uuid } from '../base/uuid';

/** The state that an account keeps between rehearsals. Everything else comes from the templates. */
export interface AccountState {
  time: number;
  ids: number;
  readonly buckets: Record<string, Bucket>;
  readonly functions: Record<string, FunctionState>;
  readonly deployments: Record<string, Deployment>;
  samples: Sample[];
  /** The metrics that functions of the user write. */
  metricValues: MetricValue[];
  /** The alarms from PutMetricAlarm. */
  readonly alarms: Record<string, AlarmProperties>;
  readonly alarmStates: Record<string, string>;
  /** The hash of the last deployment, by stack, logical id and part of the properties. */
  readonly deployed: Record<string, string>;
  /** The resources of the stacks, by stack and logical id. */
  readonly resources: Record<string, ResourceRecord>;
  /** The number of each version from a stack, by stack and logical id. */
  readonly stackVersions: Record<string, string>;
  /** The stacks from CreateStack. */
  readonly stacks: StackState[];
  /** The parameters, by name. */
  readonly parameters: Record<string, ParameterState>;
  /** The revisions of the source that runs have fetched, by commit, object version or digest. */
  readonly sources: Record<string, KeptSource>;
  /** The custom resources, by stack and logical id. */
  readonly customResources: Record<string, CustomResourceState>;
}

/** A revision of the source. The zip is in a file. */
export interface KeptSource {
  readonly commitId: string;
  readonly message: string;
  readonly authorDate: string;
  readonly versionId?: string;
}

/** A resource of a stack as the account remembers it, to tell an update from a replacement. */
export interface ResourceRecord {
  readonly type: string;
  /** The name that its template gives to it, within the scope of that name. */
  readonly name?: string;
  /** The hash of each property whose change replaces the resource. */
  readonly createOnly: Readonly<Record<string, string>>;
}

/** Options of an account. */
export interface AccountOptions {
  /** The folder for the state. The account continues with the state in it. */
  readonly folder: string;
  readonly id: string;
  readonly region: string;
  /** Deploys the template of a CreateStack call. */
  readonly deployTemplate: DeployTemplate;
}

const START = Date.UTC(2026, 0, 5, 9, 0, 0);
const BETWEEN_REHEARSALS = 3_600_000;

/** A stand-in for the part of AWS that a release uses: in one folder of this machine, isolated from everything else. */
export class Account {
  readonly clock: Clock;
  readonly id: string;
  readonly region: string;
  readonly folder: string;
  readonly state: AccountState;
  readonly iam: Iam;
  readonly calls: Calls;
  readonly s3: S3;
  readonly lambda: Lambda;
  readonly invocations: Invocations;
  readonly events: Events;
  readonly sns: Sns;
  readonly ssm: Ssm;
  readonly cloudWatch: CloudWatch;
  readonly cloudFormation: CloudFormation;
  readonly customResources: CustomResources;
  readonly codeArtifact: CodeArtifact;
  readonly codeBuild: CodeBuild;
  readonly codeDeploy: CodeDeploy;
  readonly codePipeline: CodePipeline;
  readonly services: Record<string, Service>;
  /** The ARNs of the image repositories. */
  readonly repositories = new Set<string>();
  /** The queues by their ARNs. */
  readonly queues = new Map<string, { readonly visibilityTimeout: number }>();
  /** The notices that people would receive. */
  readonly notices: Notice[] = [];
  /** Omissions that do not stop the rehearsal. The report lists them. */
  readonly notRehearsed = new Set<string>();
  /** Requests that are not rehearsed. The rehearsal fails at its end. */
  readonly refused = new Set<string>();
  /** The values of secrets and parameters, which no template contains. */
  secrets: Readonly<Record<string, string>> = {};
  /** The addresses of services on this machine that functions call, by the signing name of the service. */
  endpoints: Readonly<Record<string, string>> = {};
  /** The calls of functions that are not rehearsed, by the name of the function. */
  readonly unknownCalls = new Map<string, string[]>();
  /** The address of the server, which every process gets. */
  endpoint = '';

  constructor(options: AccountOptions) {
    this.folder = options.folder;
    this.id = options.id;
    this.region = options.region;
    this.state = load(options.folder);
    this.clock = new Clock(this.state.time);
    this.iam = new Iam(this.id, this.region, (what, isOwn) =>
      isOwn ? this.refused.add(what) : this.notRehearsed.add(`not checked: ${what}`),
    );
    this.calls = new Calls(this.clock, this.iam);
    this.s3 = new S3(this);
    this.lambda = new Lambda(this);
    this.invocations = new Invocations(this);
    this.events = new Events(this);
    this.sns = new Sns(this);
    this.ssm = new Ssm(this);
    this.cloudWatch = new CloudWatch(this);
    this.cloudFormation = new CloudFormation(this, options.deployTemplate);
    this.customResources = new CustomResources(this);
    this.codeArtifact = new CodeArtifact(this);
    this.codeBuild = new CodeBuild(this);
    this.codeDeploy = new CodeDeploy(this);
    this.codePipeline = new CodePipeline(this);
    this.services = {
      s3: this.s3,
      lambda: this.lambda,
      ssm: this.ssm,
      monitoring: this.cloudWatch,
      cloudformation: this.cloudFormation,
      codedeploy: this.codeDeploy,
      codeartifact: this.codeArtifact,
      codebuild: this.codeBuild,
      sns: this.sns,
      codepipeline: this.codePipeline,
    };
  }

  /** Calls an operation with a role. `service` is the signing name of the service. */
  async perform<Output>(caller: Caller, service: string, operation: string, input: object): Promise<Output> {
    const known = this.services[service]?.operations[operation];
    if (!known) {
      throw this.refuseCall(caller, `${operation} of ${service}`);
    }
    const given = input as never; // the operation declares what it reads
    const action = known.action?.(given) ?? `${this.services[service].prefix}:${operation}`;
    try {
      return (await this.calls.perform(caller, action, known.resources(given), () =>
        known.run(given, caller),
      )) as Output;
    } catch (error) {
      throw error instanceof NotRehearsedError ? this.refuseCall(caller, error.what) : error;
    }
  }

  /** Returns the error for something that is not rehearsed. The rehearsal fails because of it. */
  refuse(what: string): NotRehearsedError {
    this.refused.add(what);
    return new NotRehearsedError(what);
  }

  /**
   * Returns the error for a call that is not rehearsed. The rehearsal fails because of it, unless a function of the
   * user makes the call: then the result of that invocation is unknown.
   */
  refuseCall(caller: Caller, call: string): NotRehearsedError {
    if (this.iam.isOwn(caller.role.arn)) {
      return this.refuse(`${call} (called by ${caller.role.logicalId})`);
    }
    this.noteUnknown(caller.session, call);
    return new NotRehearsedError(call);
  }

  /** Notes a call of a function that is not rehearsed. */
  noteUnknown(functionName: string, call: string): void {
    this.unknownCalls.set(functionName, [...(this.unknownCalls.get(functionName) ?? []), call]);
    this.notRehearsed.add(`${call}, which the function ${functionName} calls: the result of the invocation is unknown`);
  }

  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.id}:${resource}`;
  }

  /** Returns an id that looks random and is the same in every rehearsal. */
  nextId(kind: string, length: number): string {
    return createHash('sha256')
      .update(`${kind} ${this.state.ids++}`)
      .digest('base64url')
      .replace(/[-_]/g, '0')
      .slice(0, length);
  }

  nextUuid(kind: string): string {
    return uuid(`${kind} ${this.state.ids++}`);
  }

  save(): void {
    this.state.time = this.clock.now() + BETWEEN_REHEARSALS;
    const isRecent = ({ time }: { readonly time: number }) => time > this.clock.now() - 2 * BETWEEN_REHEARSALS;
    this.state.samples = this.state.samples.filter(isRecent);
    this.state.metricValues = this.state.metricValues.filter(isRecent);
    fs.mkdirSync(this.folder, { recursive: true });
    fs.writeFileSync(stateFile(this.folder), JSON.stringify(this.state, undefined, 2));
  }
}

/** Returns the environment variables with which a process calls the account, and nothing else, with a role. */
export function credentialsOf(account: Account, { accessKeyId }: Caller): Record<string, string> {
  const noProxy = [process.env.no_proxy ?? process.env.NO_PROXY, '127.0.0.1'].filter(Boolean).join(',');
  return {
    AWS_REGION: account.region,
    AWS_DEFAULT_REGION: account.region,
    AWS_ENDPOINT_URL: account.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
    AWS_SESSION_TOKEN: 'rehearsal',
    AWS_EC2_METADATA_DISABLED: 'true',
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

function load(folder: string): AccountState {
  if (fs.existsSync(stateFile(folder))) {
    return { ...empty(), ...JSON.parse(fs.readFileSync(stateFile(folder), 'utf8')) };
  }
  return empty();
}

function empty(): AccountState {
  return {
    time: START,
    ids: 1,
    buckets: {},
    functions: {},
    deployments: {},
    samples: [],
    metricValues: [],
    alarms: {},
    alarmStates: {},
    deployed: {},
    resources: {},
    stackVersions: {},
    stacks: [],
    parameters: {},
    sources: {},
    customResources: {},
  };
}

function stateFile(folder: string): string {
  return path.join(folder, 'account.json');
}
