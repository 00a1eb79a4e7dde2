/**
 * The facts that the construct and the release function share: names, parameters and the fields of the function's
 * configuration. Both sides read them here, so that they cannot differ. This file imports nothing.
 */

/** Names of the release function's environment variables. */
export const ENVIRONMENT = {
  /** The name of the project. The package in the build's output is `<projectName>.zip`. */
  projectName: 'PROJECT_NAME',
  functionName: 'FUNCTION_NAME',
  aliasName: 'ALIAS_NAME',
  /** The bucket that stores packages, `appspec.yml` and the pipeline's artifacts. */
  artifactBucket: 'ARTIFACT_BUCKET',
  applicationName: 'APPLICATION_NAME',
  deploymentGroupName: 'DEPLOYMENT_GROUP_NAME',
  /** Seconds during which the alarms can still stop a deployment after the last shift; 0 means no bake. */
  bakeTimeSeconds: 'BAKE_TIME_SECONDS',
  /** SSM parameter that holds the function's configuration as JSON; not set when a stack applies the configuration. */
  configurationParameter: 'CONFIGURATION_PARAMETER',
  /**
   * Fields of the configuration that the options of the function name, separated by commas. `Field.Key` is one key of a
   * field. A take-over of an existing function may change them. Not set when a stack owns the configuration.
   */
  namedFields: 'NAMED_FIELDS',
  /** `true` lets a take-over of an existing function change every field. Not set otherwise. */
  replaceExistingConfiguration: 'REPLACE_EXISTING_CONFIGURATION',
  /** Function that CodeDeploy invokes before it shifts traffic; not set when there is no such hook. */
  preTrafficHook: 'PRE_TRAFFIC_HOOK',
  /** Function that is invoked after the traffic shift and the bake; not set when there is no such hook. */
  postTrafficHook: 'POST_TRAFFIC_HOOK',
  /** Topic that receives the notices; not set when there are no notifications. */
  notificationTopic: 'NOTIFICATION_TOPIC',
  /** The notice events to send, separated by commas. */
  notificationEvents: 'NOTIFICATION_EVENTS',
  /** The version alarms as JSON, a list of `VersionAlarm`; not set when there are none. */
  versionAlarms: 'VERSION_ALARMS',
  /** Stack that writes the configuration; not set when no stack of the app does. */
  configurationStack: 'CONFIGURATION_STACK',
  /** ARN of the role that CloudFormation assumes; set only when the function comes from a template. */
  cloudFormationRole: 'CLOUDFORMATION_ROLE',
} as const;

/** The stages of the pipeline, in order. */
export const STAGES = {
  source: 'Source',
  check: 'CheckLambdaFunction',
  create: 'CreateLambdaFunction',
  build: 'Build',
  approve: 'Approve',
  deploy: 'Deploy',
  verify: 'Verify',
} as const;

/** The steps of a release. Each is an action that invokes the release function. */
export const STEPS = ['check', 'create', 'publish', 'deploy', 'rollback'] as const;

/** A step of a release, as the `UserParameters` of its action name it. */
export type Step = (typeof STEPS)[number];

/** The parameters that let `create` create the function from a CloudFormation template in the source. */
export interface CreateParameters {
  readonly templatePath: string;
  readonly parametersPath?: string;
  readonly stackName: string;
}

/** The action of the stage `Source`. A run for a configuration change starts with a revision of this action. */
export const SOURCE_ACTION = 'SourceAction';

/** The action that runs the verification. The step `rollback` runs beside this action and watches it. */
export const VERIFY_ACTION = 'VerifyAction';

/** The action that runs the step `rollback`. */
export const ROLLBACK_ACTION = 'RollbackAction';

/** The `UserParameters` of an action that invokes the release function. */
export interface StepParameters extends Partial<CreateParameters> {
  readonly step: Step;
  /**
   * `check` and `create` only: the runtime for which a recipe builds the package, if another stack configures the
   * function.
   */
  readonly runtime?: string;
  /** `check` and `create` only: the architecture that belongs to `runtime`. */
  readonly architecture?: string;
  /** `deploy` only: `true` deploys even if an alarm is in the ALARM state, and does not watch the alarms. */
  readonly ignoreAlarms?: string;
  /** `rollback` only: this run of the pipeline. */
  readonly executionId?: string;
  /** `rollback` only: the version that was live before this run. */
  readonly previousVersion?: string;
  /** `rollback` only: the version that this run made live. */
  readonly releasedVersion?: string;
  /** `publish` only: `buildProject.sourceDirectory` if a recipe builds the package, and not commands of the user. */
  readonly sourceDirectory?: string;
  /** `publish` only: description of the published version, for example `commit 1a2b3c`. */
  readonly description?: string;
  /** `publish` only: `true` releases the live code with the configuration of the stack, not the code of the build. */
  readonly configurationOnly?: string;
}

/**
 * The parameters of each step besides `step`. The release function rejects every other one, because the value of a
 * pipeline variable becomes part of the JSON as text, and a quotation mark in the value would start another parameter.
 */
export const STEP_PARAMETERS: Record<Step, readonly (keyof StepParameters)[]> = {
  check: ['runtime', 'architecture'],
  create: ['templatePath', 'parametersPath', 'stackName', 'runtime', 'architecture'],
  publish: ['sourceDirectory', 'description', 'configurationOnly'],
  deploy: ['ignoreAlarms'],
  rollback: ['executionId', 'previousVersion', 'releasedVersion'],
};

/** Names of the artifacts that the release function reads and writes. */
export const ARTIFACTS = {
  /** Input of `create`, and of `publish` when the source is a container image. */
  sourceOutput: 'SourceOutput',
  /** Input of `publish`: the package, the files of the package, or the details of an image. */
  buildOutput: 'BuildOutput',
  /** Output of `publish` and input of `deploy`. */
  appSpecFile: 'AppSpecFile',
} as const;

/** File name, and key in the artifact bucket, of the AppSpec. */
export const APP_SPEC_FILE = 'appspec.yml';

/** File that identifies a container image. CodePipeline's ECR source and the build of an image both write this file. */
export const IMAGE_FILE = 'imageDetail.json';

/** The report groups of the build. CodeBuild adds these names to the name of the project. */
export const REPORT_GROUPS = { unitTests: 'UnitTests', coverage: 'Coverage' } as const;

/** Output variables of the check. Later stages read them, because a skipped stage has no output variables. */
export const CHECK_VARIABLES = {
  /** `true` or `false`. */
  functionExists: 'FunctionExists',
  /** `true` or `false`. */
  aliasExists: 'AliasExists',
  /** The version that the alias points to; `none` without an alias. */
  currentVersion: 'CurrentVersion',
  /** For example `1=75% 2=25%`; `none` when all traffic goes to the current version. */
  routingWeights: 'RoutingWeights',
  /** Id of the running deployment; `none` otherwise. */
  runningDeployment: 'RunningDeployment',
  /** Names of the alarms in the ALARM state, separated by a comma and a space; `none` otherwise. */
  alarmsInAlarm: 'AlarmsInAlarm',
} as const;

/** Output variables of the action that publishes a version. */
export const PUBLISH_VARIABLES = {
  currentVersion: 'CurrentVersion',
  targetVersion: 'TargetVersion',
  codeSha256: 'CodeSha256',
} as const;

/** Output variables of the action that deploys a version. */
export const DEPLOY_VARIABLES = {
  /** `none` when there was nothing to deploy. */
  deploymentId: 'DeploymentId',
  /** The version that the alias points to now. */
  currentVersion: 'CurrentVersion',
} as const;

/** The value of a variable that does not apply. CodePipeline rejects empty values. */
export const NONE = 'none';

/** The unpublished version of a function, which each update changes. */
export const LATEST = '$LATEST';

/** Name of the pipeline variable that lets one execution ignore the alarms. */
export const IGNORE_ALARMS_VARIABLE = 'IgnoreAlarms';

/** Name of the pipeline variable that makes an execution release the live code with the configuration of the stack. */
export const CONFIGURATION_ONLY_VARIABLE = 'ConfigurationOnly';

/** The types of revision that an execution can start with, and how the description of a version names each of them. */
const REVISION_TYPES = {
  COMMIT_ID: 'commit',
  S3_OBJECT_VERSION_ID: 'object version',
  IMAGE_DIGEST: 'image',
} as const;

/** A revision of the source, as CodePipeline takes it. */
export interface Revision {
  readonly type: keyof typeof REVISION_TYPES;
  readonly value: string;
}

/** Lambda's limit for the description of a version. A longer description is cut, and names no revision. */
export const DESCRIPTION_CHARACTERS = 256;

/** Describes a revision, for example `commit 1a2b3c`. */
export function describeRevision({ type, value }: Revision): string {
  return `${REVISION_TYPES[type]} ${value}`;
}

/** Returns the revision that a description names; nothing if it names none. */
export function parseRevision(description = ''): Revision | undefined {
  const [, name, value] = /^([a-z ]+) (\S+)$/.exec(description) ?? [];
  const types = Object.keys(REVISION_TYPES) as Revision['type'][];
  const type = types.find((each) => REVISION_TYPES[each] === name);
  return type && description.length < DESCRIPTION_CHARACTERS ? { type, value } : undefined;
}

/**
 * The custom resource that creates the function and the alias with the stack: its type, the names of its properties and
 * attributes, and its times.
 */
export const FUNCTION_RESOURCE = {
  type: 'Custom::LambdaFunctionWithAlias',
  properties: {
    functionName: 'FunctionName',
    aliasName: 'AliasName',
    /** The configuration of the function as JSON; omitted when another resource creates the function. */
    configuration: 'Configuration',
    /** Image to create the function from; omitted for a function from a package. */
    initialImage: 'InitialImage',
  },
  attributes: { functionName: 'FunctionName', functionArn: 'FunctionArn', aliasArn: 'AliasArn' },
  /** The release function reports a failure if it takes longer. A function in a VPC is pending for a while. */
  workSeconds: 240,
  /** CloudFormation waits no longer than this, even if the release function stops without a response. */
  timeoutSeconds: 300,
} as const;

/** A metric of the user that counts something for each version of the function. */
export interface VersionMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, string>;
  /** The dimension whose value is the number of the version. */
  readonly versionDimension: string;
}

/**
 * A version alarm: the release function creates it for the versions of one deployment. It counts the invocations of the
 * new version and the failures among them: errors, or invocations that take longer than `slowMilliseconds`, or
 * `failures`.
 */
export interface VersionAlarm {
  /** The end of the alarm's name. */
  readonly name: string;
  /** The highest rate of failures, in percent. */
  readonly maximumPercent: number;
  /** The lower bound of the rate is that many standard deviations below the observed rate. */
  readonly standardDeviations: number;
  readonly minimumFailures: number;
  /** The highest rate in relation to the rate of the current version; omitted when the versions are not compared. */
  readonly maximumRatio?: number;
  /** The number of invocations without which the result is inconclusive. */
  readonly minimumInvocations?: number;
  readonly windowSeconds: number;
  readonly onInconclusive: 'PROCEED' | 'ROLL_BACK' | 'BAKE_LONGER';
  readonly slowMilliseconds?: number;
  readonly failures?: VersionMetric;
  /** Replaces the invocations. */
  readonly total?: VersionMetric;
}

/**
 * Returns the beginning of the names of a project's version alarms. The names of other projects never begin with it,
 * because a project name has no capital letters.
 */
export function versionAlarmPrefix(projectName: string): string {
  return `${projectName}-NewVersion-`;
}

/** Tag of a function that a pipeline created or has taken over, with the name of the project. */
export const PROJECT_TAG = 'cdk-lambda-ci-cd-pipeline:project';

/** Name of the alias when the user gives none. */
export const DEFAULT_ALIAS = 'live';

/** Each resource that is named after the project, with the suffix of its name. */
export const NAME_SUFFIXES = {
  artifactBucket: '-artifact-store',
  pipeline: '-pipeline',
  buildProject: '-build',
  verificationProject: '-verify',
  application: '-app',
  deploymentGroup: '-group',
  deploymentConfig: '-config',
  functionStack: '-function',
} as const;

/**
 * Returns the name of the SSM parameter that holds the function's configuration. The name is literal, because a
 * reference to the parameter would tie everything that the configuration refers to into a circular dependency.
 */
export function parameterNameOf(projectName: string): string {
  return `/lambda-ci-cd-pipeline/${projectName}/function-configuration`;
}

/** Returns the name of a resource that is named after the project. */
export function nameOf(resource: keyof typeof NAME_SUFFIXES, projectName: string): string {
  return `${projectName}${NAME_SUFFIXES[resource]}`;
}

/** The events that the release function sends notices about: the values of `NotificationEvent`. */
export const NOTICE_EVENTS = [
  'BUILD_FAILED',
  'DEPLOYMENT_FAILED',
  'ROLLED_BACK',
  'APPROVAL_NEEDED',
  'CONFIGURATION_PENDING',
  'SUCCEEDED',
] as const;

/** An event that the release function sends notices about. */
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

interface FieldRules {
  /**
   * How a change of the field is applied: by an update of the configuration or of the code, or `separately`, because
   * the field belongs to the creation of the function, to all its versions together, or to the alias.
   */
  readonly appliedWith: 'configuration' | 'code' | 'separately';
  /** The value that unsets the field. Lambda omits an unset field or returns this value. */
  readonly unset?: unknown;
  /** Whether the function has the field before its first release. Resources that use the alias need it. */
  readonly createdWith?: true;
}

/** Each field of the function's configuration, under the name that Lambda's API uses. */
export const CONFIGURATION_FIELDS = {
  PackageType: { appliedWith: 'separately', createdWith: true },
  Runtime: { appliedWith: 'configuration', createdWith: true },
  Handler: { appliedWith: 'configuration', createdWith: true },
  Role: { appliedWith: 'configuration', createdWith: true },
  Description: { appliedWith: 'configuration', unset: '' },
  MemorySize: { appliedWith: 'configuration', unset: 128 },
  Timeout: { appliedWith: 'configuration', unset: 3, createdWith: true },
  Architectures: { appliedWith: 'code', unset: ['x86_64'], createdWith: true },
  Environment: { appliedWith: 'configuration', unset: { Variables: {} } },
  Layers: { appliedWith: 'configuration', unset: [] },
  VpcConfig: { appliedWith: 'configuration', unset: { SubnetIds: [], SecurityGroupIds: [] }, createdWith: true },
  TracingConfig: { appliedWith: 'configuration', unset: { Mode: 'PassThrough' } },
  EphemeralStorage: { appliedWith: 'configuration', unset: { Size: 512 } },
  DeadLetterConfig: { appliedWith: 'configuration', unset: { TargetArn: '' } },
  FileSystemConfigs: { appliedWith: 'configuration', unset: [] },
  KMSKeyArn: { appliedWith: 'configuration', unset: '' },
  SnapStart: { appliedWith: 'configuration', unset: { ApplyOn: 'None' } },
  /** Only of a function from container images. Lambda replaces the whole field. */
  ImageConfig: { appliedWith: 'configuration', unset: {}, createdWith: true },
  LoggingConfig: { appliedWith: 'configuration', unset: { LogFormat: 'Text' } },
  /** Lambda makes a function durable only when it creates the function, and no call undoes that. */
  DurableConfig: { appliedWith: 'configuration', createdWith: true },
  /** The tags belong to the function. A version has none. */
  Tags: { appliedWith: 'separately', createdWith: true },
} as const satisfies Record<string, FieldRules>;

/** A field of the function's configuration. */
export type ConfigurationField = keyof typeof CONFIGURATION_FIELDS;

/** The function's configuration as the stack declares it: `CONFIGURATION_FIELDS` with their values. */
export interface FunctionConfiguration {
  readonly Runtime?: string;
  readonly Handler?: string;
  readonly Role: string;
  /** `Image` for a function from container images. */
  readonly PackageType?: string;
  readonly Tags?: Record<string, string>;
  readonly [field: string]: unknown;
}

/** Families of Lambda's runtimes, by the beginning of their names. */
export const RUNTIME_FAMILIES = ['python', 'nodejs', 'java', 'dotnet', 'ruby', 'provided'] as const;

/** A family of runtimes. */
export type RuntimeFamily = (typeof RUNTIME_FAMILIES)[number];

/** Returns the family of a runtime, `python` for `python3.13`; nothing for an unknown one. */
export function runtimeFamily(runtime: string): RuntimeFamily | undefined {
  return RUNTIME_FAMILIES.find((family) => runtime.startsWith(family));
}
