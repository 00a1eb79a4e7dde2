import { GetParameterCommand, Parameter } from '@aws-sdk/client-ssm';
import { ssm } from '../aws/clients';
import { isNamed } from '../base/failure';
import { isMarked, MARKERS } from '../base/marker';
import { Settings } from '../base/settings';
import { parameterNameOf } from '../contract';
import { changedFields, parseConfiguration } from '../function/configuration';
import { CurrentConfiguration, findFunction, findLiveVersion } from '../function/lambda-function';

/** A configuration that is not live, although its value has changed. */
export interface Change {
  /** The names of the fields. */
  readonly fields: readonly string[];
  readonly live: CurrentConfiguration;
  /** Identifies the value. Two events about the same value start one run. */
  readonly token: string;
}

/** Returns the change that the last update of the parameter made, or why there is nothing to release. */
export async function findChange(settings: Settings): Promise<Change | { readonly reason: string }> {
  const parameter = await readParameter(settings);
  if (!parameter) {
    return { reason: 'the parameter does not exist' };
  }
  const { Version = 1, Value, LastModifiedDate } = parameter;
  // CloudFormation also writes the parameter when only a tag changes.
  if (Version > 1 && (await readParameter(settings, Version - 1))?.Value === Value) {
    return { reason: 'the value is the same as before' };
  }
  const live = await findLiveVersion(settings);
  if (!live || isMarked(live.Description, MARKERS.placeholder)) {
    return { reason: 'nothing is live yet: the first release takes the configuration' };
  }
  const wanted = settings.configurationParameter
    ? parseConfiguration(settings.configurationParameter, Value ?? '')
    : await findFunction(settings.functionName);
  const fields = wanted ? changedFields(wanted, live) : [];
  return fields.length > 0
    ? { fields, live, token: `configuration-${Version}-${LastModifiedDate?.getTime() ?? 0}` }
    : { reason: `version ${live.Version} is live with this configuration` };
}

async function readParameter({ projectName }: Settings, version?: number): Promise<Parameter | undefined> {
  const Name = [parameterNameOf(projectName), ...(version ? [version] : [])].join(':');
  try {
    return (await ssm.send(new GetParameterCommand({ Name }))).Parameter;
  } catch (error) {
    if (isNamed(error, 'ParameterNotFound', 'ParameterVersionNotFound')) {
      return undefined;
    }
    throw error;
  }
}
