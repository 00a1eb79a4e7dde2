import { provideFunction } from './provide-function';
import { respond, StackResult } from './respond';
import { physicalIdOf, readWantedFunction, StackEvent, WantedFunction } from './stack-event';
import { toFailure } from '../base/failure';
import { readSettings } from '../base/settings';
import { FUNCTION_RESOURCE } from '../contract';

/**
 * Handles the custom resource of the stack: creates what is missing of the function and the alias, and never deletes
 * anything. Responds in every case, because CloudFormation would wait until its timeout.
 */
export async function handleStackEvent(event: StackEvent, functionArn: string, deadline: number): Promise<void> {
  const wanted = readWantedFunction(event);
  await respond(event, physicalIdOf(wanted), await handle(event, wanted, functionArn, deadline));
}

async function handle(
  event: StackEvent,
  wanted: WantedFunction,
  releaseFunctionArn: string,
  deadline: number,
): Promise<StackResult> {
  const until = Math.min(deadline, Date.now() + FUNCTION_RESOURCE.workSeconds * 1000);
  try {
    if (isNew(event, wanted)) {
      await provideFunction(readSettings(), wanted, until);
    }
    return { attributes: attributesOf(wanted, releaseFunctionArn) };
  } catch (error) {
    return { reason: describeFailure(wanted, toFailure(error).message) };
  }
}

/** A new resource, or another name. Nothing else of an update changes the function: the pipeline applies it. */
function isNew({ RequestType, PhysicalResourceId }: StackEvent, wanted: WantedFunction): boolean {
  return RequestType === 'Create' || (RequestType === 'Update' && PhysicalResourceId !== physicalIdOf(wanted));
}

/** The same values in every response, because an update without them would empty what refers to them. */
function attributesOf({ functionName, aliasName }: WantedFunction, releaseFunctionArn: string): Record<string, string> {
  const { attributes } = FUNCTION_RESOURCE;
  const functionArn = `${releaseFunctionArn.split(':').slice(0, 6).join(':')}:${functionName}`;
  return {
    [attributes.functionName]: functionName,
    [attributes.functionArn]: functionArn,
    [attributes.aliasArn]: `${functionArn}:${aliasName}`,
  };
}

/** The messages are written for a run of the pipeline. At this point there is only the deployment of the stack. */
function describeFailure({ functionName, aliasName }: WantedFunction, message: string): string {
  const remedy = /(?:run the pipeline again|start the pipeline again|retry the stage)/gi;
  const text = message.replace(remedy, (found) => (/^[A-Z]/.test(found) ? 'Deploy' : 'deploy') + ' the stack again');
  return `Could not create the function ${functionName} and its alias ${aliasName}. ${text}`;
}
