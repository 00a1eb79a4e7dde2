import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { CONFIGURATION_ONLY_VARIABLE, IGNORE_ALARMS_VARIABLE } from '../handlers/release/contract';

/** Returns the variables of the pipeline, which a person can set when starting a run. */
export function pipelineVariables(): codepipeline.Variable[] {
  return [
    new codepipeline.Variable({
      variableName: IGNORE_ALARMS_VARIABLE,
      defaultValue: 'false',
      description: 'true deploys in this run even if an alarm is in the ALARM state, and does not watch the alarms',
    }),
    new codepipeline.Variable({
      variableName: CONFIGURATION_ONLY_VARIABLE,
      defaultValue: 'false',
      description: 'true releases the live code with the configuration of the stack, instead of the built code',
    }),
  ];
}
