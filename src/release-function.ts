import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import {
  CreateParameters,
  ENVIRONMENT,
  nameOf,
  NoticeEvent,
  parameterNameOf,
  VersionAlarm,
} from './handlers/release/contract';
import { releaseCode } from './private/release-bundle';
import { releasePermissions, ReleasePermissionsProps } from './private/release-permissions';
import { warnWhenReplaced } from './private/replacement-warning';
import { createServiceRole } from './private/service-role';

/** What the release function works with. */
export interface ReleaseFunctionProps extends Omit<ReleasePermissionsProps, 'hookAfterBake' | 'judgesVersions'> {
  readonly target: ReleasePermissionsProps['target'] & {
    readonly functionName: string;
    readonly aliasName: string;
    /** Whether the pipeline applies the configuration. Otherwise a stack does. */
    readonly appliesConfiguration: boolean;
    readonly takeOver?: { readonly namedFields: string; readonly replaceExistingConfiguration: boolean };
    readonly template?: CreateParameters & { readonly role: iam.IRole };
  };
  readonly bakeTime: Duration;
  readonly preTrafficHook?: lambda.IFunction;
  readonly postTrafficHook?: lambda.IFunction;
  /** The alarms that the release function creates for each deployment. */
  readonly versionAlarms: VersionAlarm[];
  readonly notices?: { readonly topic: sns.ITopic; readonly events: NoticeEvent[] };
  readonly role?: iam.IRole;
}

/**
 * Creates the function that runs every step of a release: check, create, publish, deploy, roll back. It is also the
 * hook that bakes, and it sends the notices. One function for all steps: docs/decisions/013-one-release-function.md.
 */
export function createReleaseFunction(scope: Construct, props: ReleaseFunctionProps): lambda.Function {
  const logGroup = new logs.LogGroup(scope, 'ReleaseFunctionLogGroup', {
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const hookAfterBake = bakes(props.bakeTime) ? props.postTrafficHook : undefined;
  const judgesVersions = props.versionAlarms.length > 0;
  const role = createServiceRole(scope, 'ReleaseFunctionServiceRole', {
    role: props.role,
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `Releases ${props.projectName}: checks, creates, publishes, and deploys`,
    statements: releasePermissions(scope, { ...props, hookAfterBake, judgesVersions }, logGroup.logGroupArn),
  });
  const release = new lambda.Function(scope, 'ReleaseFunction', {
    description: `Runs the steps of the pipeline ${nameOf('pipeline', props.projectName)}`,
    code: releaseCode(),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    memorySize: 512, // A package is streamed: benchmarks/package.ts measures the memory for the largest one.
    ephemeralStorageSize: Size.gibibytes(1), // For a copy of the largest package, and for its rewritten form.
    timeout: Duration.minutes(15),
    retryAttempts: 0, // A step reports its own failure, so Lambda must not retry.
    // The policy is complete. Without this line the CDK's invoke action adds the permissions for job results again.
    role: role instanceof iam.Role ? role.withoutPolicyUpdates() : role,
    logGroup,
    environment: renderEnvironment(scope, props),
  });
  warnWhenRetargeted(release, props.target);
  return release;
}

/** Returns whether there is a bake. A token may stand for one. */
export function bakes(bakeTime: Duration): boolean {
  return bakeTime.isUnresolved() || bakeTime.toSeconds() > 0;
}

/** Every variable of the contract: a new variable does not compile until this function sets it. */
function renderEnvironment(scope: Construct, props: ReleaseFunctionProps): { [name: string]: string } {
  const { projectName, target, notices, versionAlarms } = props;
  const values: Record<keyof typeof ENVIRONMENT, string | undefined> = {
    projectName,
    functionName: target.functionName,
    aliasName: target.aliasName,
    artifactBucket: props.artifactBucket.bucketName,
    applicationName: nameOf('application', projectName),
    deploymentGroupName: nameOf('deploymentGroup', projectName),
    bakeTimeSeconds: props.bakeTime.toSeconds().toString(),
    configurationParameter: target.appliesConfiguration ? parameterNameOf(projectName) : undefined,
    configurationStack: target.configurationStack,
    namedFields: target.takeOver?.namedFields,
    replaceExistingConfiguration: target.takeOver?.replaceExistingConfiguration ? 'true' : undefined,
    preTrafficHook: props.preTrafficHook?.functionName,
    postTrafficHook: props.postTrafficHook?.functionName,
    versionAlarms: versionAlarms.length > 0 ? Stack.of(scope).toJsonString(versionAlarms) : undefined,
    cloudFormationRole: target.template?.role.roleArn,
    notificationTopic: notices?.topic.topicArn,
    notificationEvents: notices?.events.join(','),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[ENVIRONMENT[key as keyof typeof ENVIRONMENT], value]],
    ),
  );
}

function warnWhenRetargeted(
  release: lambda.Function,
  { functionName, aliasName }: ReleaseFunctionProps['target'],
): void {
  const resource = release.node.defaultChild as lambda.CfnFunction;
  const variable = (name: string) => (properties: any) => properties.Environment?.Variables?.[name];
  warnWhenReplaced(resource, {
    what: 'function',
    name: functionName,
    from: variable(ENVIRONMENT.functionName),
    consequence: 'the pipeline releases to the new function, and callers of the old one receive no further releases',
    remedy: 'set functionName of the target function to the old name to keep the function',
  });
  warnWhenReplaced(resource, {
    what: 'alias',
    name: aliasName,
    from: variable(ENVIRONMENT.aliasName),
    consequence: 'callers of the old alias receive no further releases',
    remedy: 'keep aliasName',
  });
}
