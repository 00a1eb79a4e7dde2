import { StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { Change, findChange } from './find-change';
import { ParameterEvent } from './parameter-event';
import { waitUntilSettled } from './settled-stack';
import { codePipeline } from '../aws/clients';
import { isNamed, toFailure } from '../base/failure';
import { log } from '../base/log';
import { poll } from '../base/poll';
import { readSettings, Settings } from '../base/settings';
import {
  CONFIGURATION_ONLY_VARIABLE,
  nameOf,
  parameterNameOf,
  parseRevision,
  Revision,
  SOURCE_ACTION,
} from '../contract';
import { describePendingChange } from '../notice/notice';
import { sendNotice } from '../notice/notify';

const RETRY_SECONDS = 10;

/**
 * Handles an update of the parameter that holds the configuration: when the value has changed, starts a run that
 * releases the live code with the new configuration. See docs/decisions/010-configuration-through-a-parameter.md.
 */
export async function releaseConfigurationChange({ detail }: ParameterEvent, deadline: number): Promise<void> {
  const settings = readSettings();
  if (detail.name !== parameterNameOf(settings.projectName)) {
    return log('the event is about another parameter', { name: detail.name });
  }
  try {
    const reason = await release(settings, deadline);
    log(reason ? 'the update starts no run' : 'the update starts a run', { reason });
  } catch (error) {
    await notifyOf(settings, `The run could not be started: ${toFailure(error).message}`);
    throw error;
  }
}

/** Starts the run. Returns the reason if no run has to start, or none can. */
async function release(settings: Settings, deadline: number): Promise<string | undefined> {
  const { configurationStack } = settings;
  const status = configurationStack && (await waitUntilSettled(configurationStack, deadline));
  if (!status || status.startsWith('DELETE_')) {
    return `the stack ${configurationStack} no longer exists`;
  }
  const change = await findChange(settings);
  if ('reason' in change) {
    return change.reason;
  }
  const revision = parseRevision(change.live.Description);
  if (!revision) {
    const reason =
      `The description of the live version ${change.live.Version} names no revision of the source ` +
      `(${change.live.Description || 'it is empty'}), so the pipeline cannot start with this revision.`;
    await notifyOf(settings, reason, change);
    return reason;
  }
  return startRun(settings, change, revision, deadline);
}

async function startRun(
  { projectName }: Settings,
  { fields, live, token }: Change,
  { type, value }: Revision,
  deadline: number,
): Promise<string | undefined> {
  const pipelineName = nameOf('pipeline', projectName);
  const command = new StartPipelineExecutionCommand({
    name: pipelineName,
    sourceRevisions: [{ actionName: SOURCE_ACTION, revisionType: type, revisionValue: value }],
    variables: [{ name: CONFIGURATION_ONLY_VARIABLE, value: 'true' }],
    clientRequestToken: token,
  });
  return poll({ subject: `The pipeline ${pipelineName}`, everySeconds: RETRY_SECONDS, deadline }, async () => {
    try {
      const { pipelineExecutionId } = await codePipeline.send(command);
      log('started a run', { pipelineExecutionId, fields, live: live.Version, revision: value });
      return { done: undefined };
    } catch (error) {
      if (isNamed(error, 'ConflictException')) {
        return { pending: 'busy' };
      }
      if (isNamed(error, 'ConcurrentPipelineExecutionsLimitExceededException')) {
        return { done: 'the pipeline has as many runs as it can have, and the next of them applies the configuration' };
      }
      throw error;
    }
  });
}

async function notifyOf(settings: Settings, cause: string, change?: Change): Promise<void> {
  const pipeline = nameOf('pipeline', settings.projectName);
  await sendNotice(settings, describePendingChange(pipeline, cause, change?.fields ?? []), pipeline);
}
