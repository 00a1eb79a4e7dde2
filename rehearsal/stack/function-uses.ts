import type { Deployed, ResourceContext } from './context';
import {
  EventInvokeConfigProperties,
  EventSourceMappingProperties,
  FunctionUrlProperties,
  PermissionProperties,
  QueueProperties,
  ScalableTargetProperties,
} from './properties';
import { functionName, qualifierOf } from '../account/lambda/names';
import { FunctionState, VersionState } from '../account/lambda/state';
import { AwsError } from '../base/aws-error';
import { StackTemplate } from '../template/form';

/*
 * Resources that use a function or an alias. Lambda creates none of them before the function and the alias exist.
 */

/** Returns the names of the functions that the pipelines of a stack release to. The release functions have them. */
export function releasedFunctions({ template }: StackTemplate): string[] {
  return Object.values(template.Resources).flatMap(({ Properties }) => {
    const { Variables } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
    return typeof Variables?.FUNCTION_NAME === 'string' ? [Variables.FUNCTION_NAME] : [];
  });
}

interface Used {
  readonly fn: FunctionState;
  readonly version: VersionState;
}

/**
 * Returns the function and the version that a resource uses. Undefined for a function that the app only imports, and
 * for a resource that has not changed, which CloudFormation does not look at.
 */
function findUsed(context: ResourceContext, FunctionName: string, Qualifier?: string): Used | undefined {
  const { account, deployment, logicalId } = context;
  if (!context.changed('use', context.properties)) {
    return undefined;
  }
  const name = functionName(FunctionName);
  const fn = account.lambda.find(name);
  if (!fn && !deployment.released.has(name)) {
    account.notRehearsed.add(`the function ${name} of ${logicalId}: no template contains it`);
    return undefined;
  }
  const arn = account.lambda.arn({ FunctionName });
  if (!fn) {
    throw missing(`Function not found: ${arn}`);
  }
  const qualifier = qualifierOf({ FunctionName, Qualifier }) ?? '$LATEST';
  const number = fn.aliases[qualifier]?.version ?? qualifier;
  const version = [fn.latest, ...fn.versions].find((each) => each.version === number);
  if (!version) {
    throw missing(`Cannot find alias arn: ${arn}:${qualifier}`);
  }
  return { fn, version };
}

/** Adds a statement to the policy of a function or an alias. */
export function deployPermission(context: ResourceContext<PermissionProperties>): Deployed {
  const { account, properties, generatedName } = context;
  const { FunctionName, Action, Principal, SourceArn, SourceAccount, PrincipalOrgID } = properties;
  findUsed(context, FunctionName);
  const qualifier = qualifierOf({ FunctionName });
  const arn = `${account.lambda.arn({ FunctionName })}${qualifier ? `:${qualifier}` : ''}`;
  const isService = String(Principal).endsWith('.amazonaws.com');
  account.iam.addResourceStatement(arn, {
    Effect: 'Allow',
    Action,
    Resource: arn,
    Principal: isService ? { Service: Principal } : { AWS: Principal },
    Condition: {
      ...(SourceArn ? { ArnLike: { 'aws:SourceArn': SourceArn } } : {}),
      StringEquals: {
        ...(SourceAccount ? { 'aws:SourceAccount': SourceAccount } : {}),
        ...(PrincipalOrgID ? { 'aws:PrincipalOrgID': PrincipalOrgID } : {}),
      },
    },
  });
  return { ref: generatedName, attributes: { Id: generatedName } };
}

/** Sets the retries of asynchronous invocations. */
export function deployEventInvokeConfig(context: ResourceContext<EventInvokeConfigProperties>): Deployed {
  const { account, properties, generatedName } = context;
  const { FunctionName, Qualifier, MaximumRetryAttempts = 2 } = properties;
  findUsed(context, FunctionName, Qualifier);
  account.invocations.setRetryAttempts(functionName(FunctionName), Qualifier, MaximumRetryAttempts);
  return { ref: generatedName, attributes: {} };
}

/** Creates the URL of a function or an alias. */
export function deployFunctionUrl(context: ResourceContext<FunctionUrlProperties>): Deployed {
  const { account, properties, generatedName } = context;
  const { TargetFunctionArn, Qualifier } = properties;
  findUsed(context, TargetFunctionArn, Qualifier);
  const arn = `${account.lambda.arn({ FunctionName: TargetFunctionArn })}${Qualifier ? `:${Qualifier}` : ''}`;
  const FunctionUrl = `https://${generatedName.toLowerCase()}.lambda-url.${account.region}.on.aws/`;
  return { ref: arn, attributes: { FunctionArn: arn, FunctionUrl } };
}

/** Creates a queue, of which event sources need the visibility timeout. */
export function deployQueue({ account, properties, generatedName }: ResourceContext<QueueProperties>): Deployed {
  const name = properties.QueueName ?? generatedName;
  const arn = account.arn('sqs', name);
  account.queues.set(arn, { visibilityTimeout: Number(properties.VisibilityTimeout ?? 30) });
  const url = `https://sqs.${account.region}.amazonaws.com/${account.id}/${name}`;
  return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
}

/** Attaches a queue or a stream to a function or an alias. The rehearsal delivers no messages. */
export function deployEventSourceMapping(context: ResourceContext<EventSourceMappingProperties>): Deployed {
  const { account, properties, logicalId, generatedName } = context;
  const { FunctionName, EventSourceArn } = properties;
  const used = findUsed(context, FunctionName);
  if (used && EventSourceArn?.split(':')[2] === 'sqs') {
    checkQueue(context, used, EventSourceArn);
  }
  account.notRehearsed.add(`the messages of the event source ${logicalId}`);
  const arn = account.arn('lambda', `event-source-mapping:${generatedName}`);
  return { ref: generatedName, attributes: { Id: generatedName, EventSourceMappingArn: arn } };
}

const QUEUE_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

function checkQueue({ account }: ResourceContext, { fn, version }: Used, queueArn: string): void {
  const { Role, Timeout = 3 } = version.configuration;
  const arn = account.lambda.arn({ FunctionName: fn.name });
  const session = account.iam.assume(Role!, 'lambda.amazonaws.com', arn, fn.name);
  for (const action of QUEUE_ACTIONS) {
    try {
      account.iam.authorize(session, `sqs:${action}`, queueArn);
    } catch {
      throw invalid(`The provided execution role does not have permissions to call ${action} on SQS`);
    }
  }
  const queue = account.queues.get(queueArn);
  if (queue && queue.visibilityTimeout < Number(Timeout)) {
    throw invalid(
      `Queue visibility timeout: ${queue.visibilityTimeout} seconds is less than Function timeout: ${Timeout} seconds`,
    );
  }
}

/** Registers the provisioned concurrency of an alias for scaling. Lambda is asked whether the alias exists. */
export function deployScalableTarget(context: ResourceContext<ScalableTargetProperties>): Deployed {
  const { account, properties, logicalId } = context;
  const { ServiceNamespace, ResourceId, ScalableDimension } = properties;
  const ref = `${ResourceId}|${ScalableDimension}|${ServiceNamespace}`;
  const [kind, name, qualifier] = String(ResourceId).split(':');
  if (ServiceNamespace !== 'lambda' || kind !== 'function') {
    account.notRehearsed.add(`AWS::ApplicationAutoScaling::ScalableTarget ${logicalId}`);
    return { ref, attributes: { Id: ref } };
  }
  try {
    findUsed(context, name, qualifier);
  } catch (error) {
    const reason = (error as AwsError).message;
    throw new AwsError(400, 'ValidationException', `Validation failed for resource ${ResourceId}, Reason: ${reason}`);
  }
  account.notRehearsed.add(
    `the provisioned concurrency of ${name}:${qualifier}: Lambda rejects its changes while a deployment splits the ` +
      'traffic ("Alias with weights can not be used with Provisioned Concurrency"), and Application Auto Scaling ' +
      'tries again later',
  );
  return { ref, attributes: { Id: ref } };
}

function missing(message: string): AwsError {
  return new AwsError(404, 'ResourceNotFoundException', message);
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidParameterValueException', message);
}
