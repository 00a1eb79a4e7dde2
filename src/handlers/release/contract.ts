/**
 * What the construct tells the release function, and what the release function hands on: read by both, so that a name
 * can't differ between them. Imports nothing.
 */

/** Names of the release function's environment variables. */
export const ENVIRONMENT = {
  /** The project's name: prefix of all names, and of the package `<projectName>.zip` in the build's output. */
  projectName: 'PROJECT_NAME',
  functionName: 'FUNCTION_NAME',
  aliasName: 'ALIAS_NAME',
  /** The bucket for packages and for `appspec.yml`; the pipeline's artifacts are in it too. */
  artifactBucket: 'ARTIFACT_BUCKET',
  applicationName: 'APPLICATION_NAME',
  deploymentGroupName: 'DEPLOYMENT_GROUP_NAME',
  /** Seconds for which the alarms are watched after the last shift; 0 for none. */
  bakeTimeSeconds: 'BAKE_TIME_SECONDS',
  /** SSM parameter with the function's configuration as JSON; absent when a stack owns the configuration. */
  configurationParameter: 'CONFIGURATION_PARAMETER',
  /** Function that CodeDeploy invokes before it shifts traffic; absent for none. */
  preTrafficHook: 'PRE_TRAFFIC_HOOK',
  /** Function that is invoked after the traffic has shifted and the bake is over; absent for none. */
  postTrafficHook: 'POST_TRAFFIC_HOOK',
  /** Topic that notices go to; absent for none. */
  notificationTopic: 'NOTIFICATION_TOPIC',
  /** Which notices are wished, separated by commas: `NotificationEvent`'s values. */
  notificationEvents: 'NOTIFICATION_EVENTS',
  /** ARN of the role that CloudFormation makes the function with; absent unless the function comes from a template. */
  cloudFormationRole: 'CLOUDFORMATION_ROLE',
} as const;

/** A step of the release, as `UserParameters` of its action names it. */
export type Step = 'check' | 'create' | 'publish' | 'deploy' | 'rollback';

/** How `create` makes the function from a CloudFormation template in the source. */
export interface CreateParameters {
  readonly templatePath: string;
  readonly parametersPath?: string;
  readonly stackName: string;
}

/** Who may invoke the alias: the fields of Lambda's AddPermission, without FunctionName and Qualifier. */
export interface AliasPermission {
  readonly StatementId: string;
  readonly Action: string;
  readonly Principal: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
  readonly PrincipalOrgID?: string;
  readonly EventSourceToken?: string;
  readonly FunctionUrlAuthType?: string;
  readonly InvokedViaFunctionUrl?: boolean;
}

/** `UserParameters` of an action that invokes the release function. */
export interface StepParameters extends Partial<CreateParameters> {
  readonly step: Step;
  /** `deploy` only: `true` lets a release through although an alarm is red, and without watching alarms. */
  readonly ignoreAlarms?: string;
  /** `rollback` only: `passed` or `failed`, as the verification ended. */
  readonly verification?: string;
  /** `rollback` only: the version that was live before this run. */
  readonly previousVersion?: string;
  /** `publish` only: description of the published version, for example `commit 1a2b3c`. */
  readonly description?: string;
  /** `publish` only, and read by nobody: a change of the configuration changes the pipeline by it, which then runs again. */
  readonly configuration?: string;
}

/** Names of the artifacts that the release function reads and writes. */
export const ARTIFACTS = {
  /** Input of `create`, and of `publish` when the source is a container image. */
  sourceOutput: 'SourceOutput',
  /** Input of `publish`: the package, or the files that make it, or the detail of an image. */
  buildOutput: 'BuildOutput',
  /** Output of `publish` and input of `deploy`. */
  appSpecFile: 'AppSpecFile',
} as const;

/** Output variables of the check. A skipped stage emits none, so later stages take theirs from here. */
export const CHECK_VARIABLES = {
  /** `true` or `false`. */
  functionExists: 'FunctionExists',
  /** `true` or `false`. */
  aliasExists: 'AliasExists',
  /** The version that the alias points to; `none` without an alias. */
  currentVersion: 'CurrentVersion',
  /** For example `1=75% 2=25%`; `none` when all traffic goes to the current version. */
  routingWeights: 'RoutingWeights',
  /** Id of the deployment that is running; `none` otherwise. */
  runningDeployment: 'RunningDeployment',
  /** Names of the alarms that are red, separated by a comma and a space; `none` otherwise. */
  alarmsInAlarm: 'AlarmsInAlarm',
} as const;

/** Output variables of the action that publishes. */
export const PUBLISH_VARIABLES = {
  currentVersion: 'CurrentVersion',
  targetVersion: 'TargetVersion',
  codeSha256: 'CodeSha256',
} as const;

/** Output variables of the action that deploys. */
export const DEPLOY_VARIABLES = {
  /** `none` when there was nothing to deploy. */
  deploymentId: 'DeploymentId',
  /** The version that the alias points to now. */
  currentVersion: 'CurrentVersion',
} as const;

/** The value of a variable that has nothing to tell: CodePipeline takes no empty ones. */
export const NONE = 'none';

/** Name of the pipeline variable that lets one execution ignore the alarms. */
export const IGNORE_ALARMS_VARIABLE = 'IgnoreAlarms';

/** File name, and key in the artifact bucket, of the AppSpec. */
export const APP_SPEC_FILE = 'appspec.yml';

/**
 * The function's configuration as the stack says that it should be: the fields of Lambda's CreateFunction under Lambda's
 * names, without FunctionName, Code, PackageType and Publish.
 */
export interface FunctionConfiguration {
  readonly Runtime?: string;
  readonly Handler?: string;
  readonly Role: string;
  /** `Image` for a function from container images. */
  readonly PackageType?: string;
  /** They are of the function, and no version has them. */
  readonly Tags?: Record<string, string>;
  /** Who may invoke the alias; no field of Lambda's configuration. */
  readonly Permissions?: AliasPermission[];
  readonly [field: string]: unknown;
}
