import type { Account } from '../account';
import { createAlias, getAlias, getProvisionedConcurrency, listAliases, updateAlias } from './alias';
import {
  AddPermissionInput,
  AliasInput,
  ChangeAliasInput,
  CreateFunctionInput,
  FunctionInput,
  InvokeInput,
  ListAliasesInput,
  ListTagsInput,
  PublishInput,
  TagInput,
  UpdateCodeInput,
  UpdateConfigurationInput,
} from './input';
import { qualifierOf } from './names';
import { addPermission } from './permission';
import { Operation } from '../service';

/** Returns the operations of Lambda. */
export function lambdaOperations(account: Account): Record<string, Operation> {
  const unqualified = (input: FunctionInput) => [account.lambda.arn(input)];
  const qualified = (input: FunctionInput) => {
    const qualifier = qualifierOf(input);
    return [qualifier ? `${account.lambda.arn(input)}:${qualifier}` : account.lambda.arn(input)];
  };
  return {
    ...functionOperations(account, unqualified, qualified),
    ...aliasOperations(account, unqualified),
    PublishVersion: { resources: unqualified, run: (input: PublishInput) => account.lambda.publish(input) },
    ListVersionsByFunction: {
      resources: unqualified,
      run: (input: FunctionInput) => account.lambda.listVersions(input),
    },
    TagResource: {
      resources: ({ Resource }: TagInput) => [Resource],
      run: (input: TagInput) => account.lambda.tag(input),
    },
    ListTags: {
      resources: ({ Resource }: ListTagsInput) => [Resource],
      run: ({ Resource }: ListTagsInput) => ({ Tags: account.lambda.get(Resource).tags }),
    },
    Invoke: {
      action: () => 'lambda:InvokeFunction',
      resources: qualified,
      run: (input: InvokeInput) => account.invocations.invoke(input),
    },
  };
}

type Resources = (input: FunctionInput) => string[];

function functionOperations(account: Account, unqualified: Resources, qualified: Resources): Record<string, Operation> {
  return {
    GetFunction: { resources: qualified, run: (input: FunctionInput) => account.lambda.getFunction(input) },
    GetFunctionConfiguration: { resources: qualified, run: (input: FunctionInput) => account.lambda.describe(input) },
    CreateFunction: {
      resources: unqualified,
      run: (input: CreateFunctionInput, caller) => account.lambda.createFunction(input, caller),
    },
    UpdateFunctionCode: {
      resources: unqualified,
      run: (input: UpdateCodeInput, caller) => account.lambda.updateCode(input, caller),
    },
    UpdateFunctionConfiguration: {
      resources: unqualified,
      run: (input: UpdateConfigurationInput, caller) => account.lambda.updateConfiguration(input, caller),
    },
    GetProvisionedConcurrencyConfig: {
      resources: qualified,
      run: (input: FunctionInput) => getProvisionedConcurrency(account, input),
    },
    AddPermission: { resources: qualified, run: (input: AddPermissionInput) => addPermission(account, input) },
  };
}

/** IAM checks calls for an alias against the ARN of the function. */
function aliasOperations(account: Account, resources: Resources): Record<string, Operation> {
  return {
    CreateAlias: {
      resources,
      run: (input: ChangeAliasInput & { readonly FunctionVersion: string }) => createAlias(account, input),
    },
    GetAlias: { resources, run: (input: AliasInput) => getAlias(account, input) },
    UpdateAlias: { resources, run: (input: ChangeAliasInput) => updateAlias(account, input) },
    ListAliases: { resources, run: (input: ListAliasesInput) => listAliases(account, input) },
  };
}
