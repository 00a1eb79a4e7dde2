import { ActionContext, ActionResult, failed } from './action';

/** Long enough that whoever is told of it has been told. */
const THINKING_TIME = 300_000;

/** A manual approval: nobody is asked, and the output says so. */
export async function approve({ account, name, rejected, configuration }: ActionContext): Promise<ActionResult> {
  const question = configuration.CustomData ? `: ${configuration.CustomData}` : '';
  await account.clock.sleep(THINKING_TIME);
  if (rejected.includes(name)) {
    return { ...failed(`rejected by --reject${question}`), error: 'Approval was rejected' };
  }
  return { succeeded: true, summary: `approved by the rehearsal, nobody was asked${question}`, variables: {} };
}
