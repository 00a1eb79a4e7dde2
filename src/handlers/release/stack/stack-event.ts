import { FUNCTION_RESOURCE, FunctionConfiguration } from '../contract';

/**
 * CloudFormation's request for the custom resource. Never log the event: anyone who has the URL can respond.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export interface StackEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** Omitted in a request to create. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Record<string, string>;
}

/** What the stack wants to exist. */
export interface WantedFunction {
  readonly functionName: string;
  readonly aliasName: string;
  /** The part of the configuration that the function needs before its first release; undefined if a stack owns it. */
  readonly configuration?: FunctionConfiguration;
  readonly initialImage?: string;
}

/** Reads the properties of the custom resource. */
export function readWantedFunction({ ResourceProperties: given }: StackEvent): WantedFunction {
  const { functionName, aliasName, configuration, initialImage } = FUNCTION_RESOURCE.properties;
  return {
    functionName: given[functionName],
    aliasName: given[aliasName],
    configuration: given[configuration] ? JSON.parse(given[configuration]) : undefined,
    initialImage: given[initialImage],
  };
}

/** The same id in every response about the same function and alias, so that a failure replaces nothing. */
export function physicalIdOf({ functionName, aliasName }: WantedFunction): string {
  return `${functionName}/${aliasName}`;
}
