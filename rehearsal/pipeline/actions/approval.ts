import { ActionContext, ActionResult, failed } from './action';

/** Long enough for the notification to be delivered. */
const DECISION_TIME = 300_000;

/** Decides a manual approval without asking anyone. */
export async function approve({ account, name, rejected, configuration }: ActionContext): Promise<ActionResult> {
  const question = configuration.CustomData ? `: ${configuration.CustomData}` : '';
  await account.clock.sleep(DECISION_TIME);
  if (rejected.includes(name)) {
    return { ...failed(`rejected by --reject${question}`), error: 'Approval was rejected' };
  }
  return { succeeded: true, summary: `approved by the rehearsal without asking anyone${question}`, variables: {} };
}
