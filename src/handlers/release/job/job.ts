import { configurationError } from '../base/failure';
import { Settings } from '../base/settings';
import { Step, STEP_PARAMETERS, StepParameters, STEPS } from '../contract';

/** An input or output artifact of a job: an object in the artifact bucket. */
export interface Artifact {
  readonly name: string;
  readonly location: { readonly s3Location: { readonly bucketName: string; readonly objectKey: string } };
}

/** The part of CodePipeline's event that the release function reads. */
export interface JobEvent {
  readonly id: string;
  readonly data: {
    readonly actionConfiguration: { readonly configuration: { readonly UserParameters?: string } };
    readonly inputArtifacts: Artifact[];
    readonly outputArtifacts: Artifact[];
    readonly continuationToken?: string;
    readonly encryptionKey?: { readonly id: string };
  };
}

/** A job of the pipeline. */
export interface Job {
  readonly id: string;
  readonly parameters: StepParameters;
  readonly inputs: Artifact[];
  readonly outputs: Artifact[];
  readonly continuationToken?: string;
  /** KMS key for output artifacts. Without one, the bucket's own encryption applies. */
  readonly encryptionKey?: string;
}

/** The input of every step. */
export interface StepInput {
  readonly job: Job;
  readonly settings: Settings;
  /** Time, as `Date.now()` returns it, at which this invocation must end. */
  readonly deadline: number;
}

/** The outcome of a step. A step that returns a continuation is not finished. */
export interface Outcome {
  readonly summary: string;
  readonly variables?: Record<string, string>;
  readonly continuation?: object;
  readonly deploymentId?: string;
  readonly percentComplete?: number;
}

/** Reads the job from its event. */
export function readJob(event: JobEvent): Job {
  const { data } = event;
  return {
    id: event.id,
    parameters: readParameters(data.actionConfiguration.configuration.UserParameters),
    inputs: data.inputArtifacts,
    outputs: data.outputArtifacts,
    continuationToken: data.continuationToken || undefined,
    encryptionKey: data.encryptionKey?.id,
  };
}

/** Reads the parameters. The text must be exactly the JSON of the parameters of one step. */
function readParameters(text = ''): StepParameters {
  const parameters = parseJson(text);
  const step = STEPS.find((each) => each === parameters?.step);
  if (parameters && step && hasOnlyParametersOf(step, parameters) && JSON.stringify(parameters) === text) {
    return parameters as StepParameters;
  }
  throw configurationError(
    `UserParameters of the action must be JSON like {"step":"check"}: one of the steps ${STEPS.join(', ')}, ` +
      `and the parameters of this step, each once. Got '${text}'. If this run was started with a variable, ` +
      'start it again with a value without quotation marks and backslashes. Otherwise, deploy the stack again.',
  );
}

function hasOnlyParametersOf(step: Step, parameters: Partial<StepParameters>): boolean {
  const known: readonly string[] = ['step', ...STEP_PARAMETERS[step]];
  return Object.entries(parameters).every(([name, value]) => known.includes(name) && typeof value === 'string');
}

function parseJson(text: string): Partial<StepParameters> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller quotes the text
  }
}

/** The first artifact that has one of the names, in the order of the names. */
export function requireArtifact(artifacts: Artifact[], ...names: string[]): Artifact {
  const artifact = names.map((name) => artifacts.find((each) => each.name === name)).find((each) => each);
  if (artifact) {
    return artifact;
  }
  const given = artifacts.map((each) => each.name).join(', ') || 'none';
  throw configurationError(
    `The action needs the artifact ${names.join(' or ')}, but its artifacts are: ${given}. Deploy the stack again.`,
  );
}
