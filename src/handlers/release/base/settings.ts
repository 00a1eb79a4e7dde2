import { configurationError } from './failure';
import { ENVIRONMENT, VersionAlarm } from '../contract';

/** The environment variables of the release function. */
export interface Settings {
  readonly projectName: string;
  readonly functionName: string;
  readonly aliasName: string;
  readonly artifactBucket: string;
  readonly applicationName: string;
  readonly deploymentGroupName: string;
  readonly bakeTimeSeconds: number;
  readonly configurationParameter?: string;
  /** The fields of the configuration that the options of the function name. */
  readonly namedFields: string[];
  readonly replaceExistingConfiguration: boolean;
  readonly configurationStack?: string;
  readonly preTrafficHook?: string;
  readonly postTrafficHook?: string;
  /** The alarms on the versions of a deployment. */
  readonly versionAlarms: VersionAlarm[];
  readonly cloudFormationRole?: string;
  readonly notificationTopic?: string;
  /** The events that people are notified of. */
  readonly notificationEvents: string[];
  /** The name of the release function itself, which Lambda sets. */
  readonly releaseFunctionName: string;
}

/** Reads the environment variables. A missing one is an error that names it. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const required = (name: string): string => {
    const value = environment[name];
    if (!value) {
      throw configurationError(
        `The environment variable ${name} of the release function is not set. Deploy the stack again.`,
      );
    }
    return value;
  };
  return {
    projectName: required(ENVIRONMENT.projectName),
    functionName: required(ENVIRONMENT.functionName),
    aliasName: required(ENVIRONMENT.aliasName),
    artifactBucket: required(ENVIRONMENT.artifactBucket),
    applicationName: required(ENVIRONMENT.applicationName),
    deploymentGroupName: required(ENVIRONMENT.deploymentGroupName),
    bakeTimeSeconds: readSeconds(ENVIRONMENT.bakeTimeSeconds, required(ENVIRONMENT.bakeTimeSeconds)),
    configurationParameter: environment[ENVIRONMENT.configurationParameter] || undefined,
    namedFields: readList(environment[ENVIRONMENT.namedFields]),
    replaceExistingConfiguration: environment[ENVIRONMENT.replaceExistingConfiguration] === 'true',
    configurationStack: environment[ENVIRONMENT.configurationStack] || undefined,
    preTrafficHook: environment[ENVIRONMENT.preTrafficHook] || undefined,
    postTrafficHook: environment[ENVIRONMENT.postTrafficHook] || undefined,
    versionAlarms: JSON.parse(environment[ENVIRONMENT.versionAlarms] || '[]') as VersionAlarm[],
    cloudFormationRole: environment[ENVIRONMENT.cloudFormationRole] || undefined,
    notificationTopic: environment[ENVIRONMENT.notificationTopic] || undefined,
    notificationEvents: readList(environment[ENVIRONMENT.notificationEvents]),
    releaseFunctionName: required('AWS_LAMBDA_FUNCTION_NAME'),
  };
}

function readList(value = ''): string[] {
  return value.split(',').filter((each) => each);
}

function readSeconds(name: string, value: string): number {
  if (!/^\d+$/.test(value)) {
    throw configurationError(
      `The environment variable ${name} of the release function must be a whole number of seconds, got '${value}'. ` +
        'Deploy the stack again.',
    );
  }
  return Number(value);
}
