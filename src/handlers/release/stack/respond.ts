import { setTimeout as sleep } from 'node:timers/promises';
import { StackEvent } from './stack-event';
import { toFailure } from '../base/failure';
import { log } from '../base/log';

/** The answer to CloudFormation: the attributes of the resource, or the reason of the failure. */
export type StackResult = { readonly attributes: Record<string, string> } | { readonly reason: string };

const ATTEMPTS = 5;
const PAUSE_MILLISECONDS = 1000;
const REQUEST_MILLISECONDS = 5000;
/** The whole response has at most 4096 bytes, and a character has up to 4. */
const REASON_CHARACTERS = 700;

/**
 * Responds to CloudFormation. Never throws, because Lambda would not try again.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export async function respond(event: StackEvent, physicalId: string, result: StackResult): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({
    Status: 'reason' in result ? 'FAILED' : 'SUCCESS',
    ...('reason' in result ? { Reason: result.reason.slice(0, REASON_CHARACTERS) } : { Data: result.attributes }),
    PhysicalResourceId: physicalId,
    StackId,
    RequestId,
    LogicalResourceId,
  });
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await send(event.ResponseURL, body);
      return log('responded to CloudFormation', { request: RequestId, ...result });
    } catch (error) {
      log('CloudFormation did not take the response', { request: RequestId, attempt, error: toFailure(error).message });
      await sleep(PAUSE_MILLISECONDS);
    }
  }
}

async function send(url: string, body: string): Promise<void> {
  // The signature of the URL includes an empty content type.
  const response = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': '' },
    body,
    signal: AbortSignal.timeout(REQUEST_MILLISECONDS),
  });
  if (!response.ok) {
    throw new Error(`the response has the status ${response.status}`);
  }
}
