import { AwsError, revisionConflict } from '../../base/aws-error';
import type { Account } from '../account';
import { invalidParameter, violation } from './errors';
import { AliasInput, ChangeAliasInput, FunctionInput, ListAliasesInput } from './input';
import { AliasState, describeAlias, FunctionState } from './state';

const WEIGHTS = 'routingConfig.additionalVersionWeights';
const WEIGHT =
  'Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, ' +
  'Member must not be null';
const VERSION =
  'Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, ' +
  'Member must satisfy regular expression pattern: [0-9]+';

/** How long Lambda takes to provide provisioned concurrency. AWS takes a few minutes. */
const ALLOCATION_TIME = 120_000;

type ChangedAlias = Omit<AliasState, 'revision' | 'invocations'>;

/** Creates an alias. */
export function createAlias(account: Account, input: ChangeAliasInput & { readonly FunctionVersion: string }) {
  checkWeights(weightsOf(input) ?? {});
  const fn = account.lambda.get(input.FunctionName, input.FunctionVersion);
  if (fn.aliases[input.Name]) {
    throw new AwsError(409, 'ResourceConflictException', `Alias already exists: ${aliasArn(account, input)}`);
  }
  return store(account, fn, {
    name: input.Name,
    version: input.FunctionVersion,
    description: input.Description ?? '',
    weights: weightsOf(input) ?? {},
  });
}

/** Returns an alias. */
export function getAlias(account: Account, input: AliasInput) {
  return describeAlias(account.lambda.arn(input), find(account, input, 'Cannot find alias arn'));
}

/** Updates an alias. Omitted fields keep their values. */
export function updateAlias(account: Account, input: ChangeAliasInput) {
  checkWeights(weightsOf(input) ?? {});
  const alias = find(account, input, 'Alias not found');
  if (input.RevisionId && input.RevisionId !== alias.revision) {
    throw revisionConflict();
  }
  const next = {
    name: alias.name,
    version: input.FunctionVersion ?? alias.version,
    description: input.Description ?? alias.description,
    weights: weightsOf(input) ?? alias.weights,
    provisioned: alias.provisioned && { ...alias.provisioned, isHolding: false },
  };
  return store(account, account.lambda.get(input.FunctionName), hold(account, alias, next));
}

/** An alias with provisioned concurrency sends its traffic to a new version only when Lambda has provided it there. */
function hold(account: Account, before: AliasState, next: ChangedAlias): ChangedAlias {
  if (!next.provisioned || next.version === before.version || Object.keys(next.weights).length > 0) {
    return next;
  }
  const readyAt = account.clock.now() + ALLOCATION_TIME;
  return { ...next, weights: { [before.version]: 1 }, provisioned: { ...next.provisioned, readyAt, isHolding: true } };
}

/** Ends the routing of each alias whose provisioned concurrency is ready. After a failure, the routing stays. */
export function releaseAliases(account: Account, { aliases }: FunctionState): void {
  for (const alias of Object.values(aliases)) {
    const { provisioned } = alias;
    if (provisioned?.isHolding && !provisioned.failure && account.clock.now() >= provisioned.readyAt) {
      aliases[alias.name] = {
        ...alias,
        weights: {},
        provisioned: { ...provisioned, isHolding: false },
        revision: account.nextUuid('alias'),
      };
    }
  }
}

/** Returns the provisioned concurrency of an alias. */
export function getProvisionedConcurrency(account: Account, { FunctionName, Qualifier }: FunctionInput) {
  const provisioned = account.lambda.get(FunctionName).aliases[Qualifier ?? '']?.provisioned;
  if (!provisioned) {
    throw new AwsError(
      404,
      'ProvisionedConcurrencyConfigNotFoundException',
      'No Provisioned Concurrency Config found for this function',
    );
  }
  const { executions, failure, readyAt, isHolding } = provisioned;
  const failed = isHolding && failure !== undefined;
  const isReady = !failed && account.clock.now() >= readyAt;
  return {
    RequestedProvisionedConcurrentExecutions: executions,
    AvailableProvisionedConcurrentExecutions: isReady ? executions : 0,
    AllocatedProvisionedConcurrentExecutions: isReady ? executions : 0,
    Status: failed ? 'FAILED' : isReady ? 'READY' : 'IN_PROGRESS',
    ...(failed ? { StatusReason: failure } : {}),
    LastModified: new Date(readyAt).toISOString().replace('Z', '+0000'),
  };
}

/** Returns the aliases of a function. */
export function listAliases(account: Account, input: ListAliasesInput) {
  const aliases = Object.values(account.lambda.get(input.FunctionName).aliases);
  const chosen = aliases.filter((alias) => !input.FunctionVersion || alias.version === input.FunctionVersion);
  chosen.sort((one, other) => (one.name < other.name ? -1 : 1));
  return { Aliases: chosen.map((alias) => describeAlias(account.lambda.arn(input), alias)) };
}

function find(account: Account, input: AliasInput, problem: string): AliasState {
  const alias = account.lambda.get(input.FunctionName).aliases[input.Name];
  if (!alias) {
    throw new AwsError(404, 'ResourceNotFoundException', `${problem}: ${aliasArn(account, input)}`);
  }
  return alias;
}

function store(account: Account, fn: FunctionState, alias: ChangedAlias) {
  checkRouting(account, fn, alias);
  fn.aliases[alias.name] = { ...alias, revision: account.nextUuid('alias'), invocations: 0 };
  return describeAlias(account.lambda.arn({ FunctionName: fn.name }), fn.aliases[alias.name]);
}

/** The constraints of the model, which Lambda checks first. */
function checkWeights(weights: Record<string, number>): void {
  for (const [version, weight] of Object.entries(weights)) {
    const entry = `{${version}=${Number.isInteger(weight) ? weight.toFixed(1) : weight}}`;
    if (!(weight >= 0 && weight <= 1)) {
      throw violation(entry, WEIGHTS, `Map value must satisfy constraint: [${WEIGHT}]`);
    }
    if (!/^\d+$/.test(version)) {
      throw violation(entry, WEIGHTS, `Map keys must satisfy constraint: [${VERSION}]`);
    }
  }
}

/** An alias routes to at most two versions, both published, with the same role and the same dead-letter queue. */
function checkRouting(account: Account, fn: FunctionState, alias: ChangedAlias): void {
  const additional = Object.keys(alias.weights);
  if (additional.length > 1) {
    throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  }
  const primary = account.lambda.version(fn, alias.version);
  for (const name of additional) {
    if (alias.version === '$LATEST') {
      throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
    }
    if (name === alias.version) {
      throw invalidParameter(
        `Invalid function version ${name}. Function version ${name} is already included in routing configuration.`,
      );
    }
    const version = account.lambda.version(fn, name);
    if (version.configuration.Role !== primary.configuration.Role) {
      throw invalidParameter(`Versions ${alias.version} and ${name} must have the same execution role`);
    }
    if (version.configuration.DeadLetterConfig?.TargetArn !== primary.configuration.DeadLetterConfig?.TargetArn) {
      throw invalidParameter(`Versions ${alias.version} and ${name} must have the same dead-letter queue`);
    }
  }
}

function weightsOf({ RoutingConfig }: ChangeAliasInput): Record<string, number> | undefined {
  return RoutingConfig && (RoutingConfig.AdditionalVersionWeights ?? {});
}

function aliasArn(account: Account, input: AliasInput): string {
  return `${account.lambda.arn(input)}:${input.Name}`;
}
