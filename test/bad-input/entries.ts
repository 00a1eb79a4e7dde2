import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { sampleOf } from './samples';
import * as library from '../../src';
import { LambdaCiCdPipeline, LambdaCiCdPipelineProps, TargetFunction } from '../../src';
import { argumentsOf } from '../../src/private/input/declarations';
import { MINIMAL } from '../support/stacks';

/** Values by the names of arguments or options. */
export type Values = Record<string, unknown>;

/** Returns valid arguments of a constructor or a factory. */
export function validArguments(callee: string, stack: Stack): Values {
  const sample = Object.fromEntries(argumentsOf(callee).map((field) => [field.name, sampleOf(field, stack)]));
  return { ...sample, ...OTHERS[callee] };
}

/** Arguments that need more than the required options. */
const OTHERS: Record<string, Values> = {
  LambdaCiCdPipeline: { props: MINIMAL },
  'TargetFunction.fromAlias': { options: { runtime: lambda.Runtime.PYTHON_3_13 } },
};

/** Calls a constructor or a factory, and creates a pipeline with the result. */
export function call(callee: string, args: Values, stack: Stack): void {
  const values = argumentsOf(callee).map(({ name }) => args[name]);
  if (callee === 'LambdaCiCdPipeline') {
    Reflect.construct(LambdaCiCdPipeline, values);
    return;
  }
  const [name, factory] = callee.split('.');
  const made = (library as any)[name][factory](...values);
  new LambdaCiCdPipeline(stack, 'Pipeline', { ...MINIMAL, ...PROPS[name](made), ...PARTNERS[callee]?.(args) });
}

const PROPS: Record<string, (made: any) => Partial<LambdaCiCdPipelineProps>> = {
  CodeArtifact: (codeArtifact) => ({ codeArtifact }),
  DeploymentAlarm: (alarm) => ({ alarms: [alarm] }),
  DeploymentConfig: (deploymentConfig) => ({ deploymentConfig }),
  Source: (source) => ({ source }),
  TargetFunction: (targetFunction) => ({ targetFunction }),
};

/** Other props that a pipeline needs. */
const PARTNERS: Record<string, (args: any) => Partial<LambdaCiCdPipelineProps>> = {
  'Source.ecr': ({ repository }) => ({ targetFunction: TargetFunction.createFromImage({ repository }) }),
  'TargetFunction.createFromImage': () => ({ buildProject: { environment: { privileged: true } } }),
};
