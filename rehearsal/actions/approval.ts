import { ActionContext, ActionResult, failed } from './action';

/** A manual approval: nobody is asked, and the output says so. */
export async function approve({ rejectApprovals, configuration }: ActionContext): Promise<ActionResult> {
  const question = configuration.CustomData ? `: ${configuration.CustomData}` : '';
  if (rejectApprovals) return failed(`rejected by --reject${question}`);
  return { succeeded: true, summary: `approved by the rehearsal, nobody was asked${question}`, variables: {} };
}
