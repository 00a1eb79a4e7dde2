import { AwsError, revisionConflict } from '../../base/aws-error';
import type { Account } from '../account';
import { AliasInput, ChangeAliasInput, ListAliasesInput } from './input';
import { AliasState, describeAlias, FunctionState } from './state';

/** Creates an alias. */
export function createAlias(account: Account, input: ChangeAliasInput & { readonly FunctionVersion: string }) {
  const fn = account.lambda.get(input.FunctionName);
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
  return describeAlias(account.lambda.arn(input), find(account, input));
}

/** Updates an alias. Omitted fields keep their values. */
export function updateAlias(account: Account, input: ChangeAliasInput) {
  const alias = find(account, input);
  if (input.RevisionId && input.RevisionId !== alias.revision) {
    throw revisionConflict();
  }
  return store(account, account.lambda.get(input.FunctionName), {
    name: alias.name,
    version: input.FunctionVersion ?? alias.version,
    description: input.Description ?? alias.description,
    weights: weightsOf(input) ?? alias.weights,
  });
}

/** Returns the aliases of a function. */
export function listAliases(account: Account, input: ListAliasesInput) {
  const aliases = Object.values(account.lambda.get(input.FunctionName).aliases);
  const chosen = aliases.filter((alias) => !input.FunctionVersion || alias.version === input.FunctionVersion);
  return { Aliases: chosen.map((alias) => describeAlias(account.lambda.arn(input), alias)) };
}

function find(account: Account, input: AliasInput): AliasState {
  const alias = account.lambda.get(input.FunctionName).aliases[input.Name];
  if (!alias) {
    throw new AwsError(404, 'ResourceNotFoundException', `Cannot find alias arn: ${aliasArn(account, input)}`);
  }
  return alias;
}

function store(account: Account, fn: FunctionState, alias: Omit<AliasState, 'revision' | 'invocations'>) {
  checkRouting(account, fn, alias);
  fn.aliases[alias.name] = { ...alias, revision: account.nextUuid('alias'), invocations: 0 };
  return describeAlias(account.lambda.arn({ FunctionName: fn.name }), fn.aliases[alias.name]);
}

/** An alias routes to at most two versions, both published, with the same role and the same dead-letter queue. */
function checkRouting(account: Account, fn: FunctionState, alias: Omit<AliasState, 'revision' | 'invocations'>): void {
  const primary = account.lambda.version(fn, alias.version);
  const additional = Object.entries(alias.weights);
  if (additional.length > 1) {
    throw invalid('The number of additional versions in a routing configuration must not be more than 1');
  }
  for (const [name, weight] of additional) {
    const version = account.lambda.version(fn, name);
    if (!(weight >= 0 && weight <= 1)) {
      throw invalid(`The weight of version ${name} must be between 0 and 1, got ${weight}`);
    }
    if (name === '$LATEST' || alias.version === '$LATEST') {
      throw invalid('$LATEST is not supported for an alias pointing to more than 1 version');
    }
    if (name === alias.version) {
      throw invalid(`The routing configuration must not name the version that the alias points to (${name})`);
    }
    if (version.configuration.Role !== primary.configuration.Role) {
      throw invalid(`Versions ${alias.version} and ${name} must have the same execution role`);
    }
    if (version.configuration.DeadLetterConfig?.TargetArn !== primary.configuration.DeadLetterConfig?.TargetArn) {
      throw invalid(`Versions ${alias.version} and ${name} must have the same dead-letter queue`);
    }
  }
}

function weightsOf({ RoutingConfig }: ChangeAliasInput): Record<string, number> | undefined {
  return RoutingConfig && (RoutingConfig.AdditionalVersionWeights ?? {});
}

function aliasArn(account: Account, input: AliasInput): string {
  return `${account.lambda.arn(input)}:${input.Name}`;
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidParameterValueException', message);
}
