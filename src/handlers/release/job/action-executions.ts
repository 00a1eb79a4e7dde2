import { ActionExecutionDetail, ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { codePipeline } from '../aws/clients';

/** The actions of a run of the pipeline. The action that ended, or reported its progress, last comes first. */
export async function readActionExecutions(
  pipelineName: string,
  pipelineExecutionId: string,
): Promise<ActionExecutionDetail[]> {
  const { actionExecutionDetails = [] } = await codePipeline.send(
    new ListActionExecutionsCommand({ pipelineName, filter: { pipelineExecutionId }, maxResults: 100 }),
  );
  return [...actionExecutionDetails].sort((a, b) => lastUpdate(b) - lastUpdate(a));
}

function lastUpdate({ lastUpdateTime, startTime }: ActionExecutionDetail): number {
  return (lastUpdateTime ?? startTime)?.getTime() ?? 0;
}
