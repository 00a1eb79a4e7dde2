import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { acknowledgeWildcard } from './acknowledgement';
import { ROLLBACK_ACTION, Step, StepParameters } from '../handlers/release/contract';

/** The name of each step's action, and of its variables. A step without an entry does not compile. */
const ACTION_NAMES: Record<Step, string> = {
  check: 'CheckLambdaFunction',
  create: 'CreateLambdaFunction',
  publish: 'CreateAppSpecFile',
  deploy: 'DeployAction',
  rollback: ROLLBACK_ACTION,
};

/** The artifacts of a step, and its order among the actions of the stage. */
export type StepOptions = Pick<actions.LambdaInvokeActionProps, 'inputs' | 'outputs' | 'runOrder'>;

/** Creates the action in which the release function runs a step. */
export function createStepAction(
  release: lambda.IFunction,
  userParameters: StepParameters,
  options: StepOptions,
): actions.LambdaInvokeAction {
  const actionName = ACTION_NAMES[userParameters.step];
  return new actions.LambdaInvokeAction({
    actionName,
    lambda: release,
    userParameters,
    variablesNamespace: actionName,
    ...options,
  });
}

/** What the runtime of the function is known from. */
export interface BuiltFunction {
  /** Whether the pipeline applies the configuration. Otherwise a stack does. */
  readonly appliesConfiguration: boolean;
  readonly runtime: lambda.Runtime;
  readonly architecture: lambda.Architecture;
}

/** Returns the runtime of the recipe, if the pipeline does not configure the function and can't change its runtime. */
export function builtFor(
  { appliesConfiguration, runtime, architecture }: BuiltFunction,
  packedFrom: string | undefined,
): Pick<StepParameters, 'runtime' | 'architecture'> {
  const isFixed = !appliesConfiguration && packedFrom !== undefined && runtime.name !== lambda.Runtime.FROM_IMAGE.name;
  return isFixed ? { runtime: runtime.name, architecture: architecture.name } : {};
}

/** Acknowledges the wildcards in the permissions that the CDK grants for the steps. */
export function acknowledgeStepActions(role: iam.IRole, release: lambda.IFunction): void {
  acknowledgeWildcard(role, '*', 'lambda:ListFunctions has no resource type');
  acknowledgeWildcard(
    role,
    `${release.functionArn}:*`,
    'the CDK grants the invocation of every version; the release function has none',
  );
}

/** Returns the conditions of a stage that CodePipeline enters only if the check found no function. */
export function whenFunctionIsMissing(functionExists: string): codepipeline.Conditions {
  const rule = new codepipeline.Rule({
    name: 'FunctionIsMissing',
    provider: 'VariableCheck',
    version: '1',
    configuration: { Variable: functionExists, Value: 'false', Operator: 'EQ' },
  });
  return { conditions: [{ result: codepipeline.Result.SKIP, rules: [rule] }] };
}
