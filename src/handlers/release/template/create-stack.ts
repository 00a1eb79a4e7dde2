import { createHash } from 'node:crypto';
import { CreateStackCommand, CreateStackCommandInput } from '@aws-sdk/client-cloudformation';
import { readSourceFile } from './source-file';
import { cloudFormation } from '../aws/clients';
import { configurationError, isNamed } from '../base/failure';
import { sentence } from '../base/sentence';
import { Settings } from '../base/settings';
import { openArtifact, writeObject } from '../code/artifact';
import { ARTIFACTS, StepParameters } from '../contract';
import { parseParameters, StackInputs } from './template-parameters';
import { Job, requireArtifact, StepInput } from '../job/job';

/** The template and its stack. */
export type Template = Required<Pick<StepParameters, 'templatePath' | 'stackName'>> &
  Pick<StepParameters, 'parametersPath'>;

/**
 * Largest template in the request itself, and in S3:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const BODY_BYTES = 51_200;
const OBJECT_BYTES = 1_048_576;

/** Starts to create the stack and returns its id; undefined if the stack exists in the meantime. */
export async function createStack({ job, settings }: StepInput, template: Template): Promise<string | undefined> {
  const { templatePath, parametersPath, stackName } = template;
  const source = await openArtifact(requireArtifact(job.inputs, ARTIFACTS.sourceOutput));
  const body = await readSourceFile(source, templatePath);
  const inputs: StackInputs = parametersPath
    ? parseParameters(parametersPath, await readSourceFile(source, parametersPath))
    : { parameters: [], tags: [] };
  try {
    const { StackId } = await cloudFormation.send(
      new CreateStackCommand({
        StackName: stackName,
        ...(await templateLocation(job, settings, templatePath, body)),
        Parameters: inputs.parameters,
        Tags: inputs.tags,
        RoleARN: requireRole(settings),
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
        OnFailure: 'DELETE',
        ClientRequestToken: job.id, // a job that is delivered twice creates one stack
      }),
    );
    return StackId!;
  } catch (error) {
    if (isNamed(error, 'AlreadyExistsException')) {
      return undefined;
    }
    throw explainError(error, template);
  }
}

function requireRole({ cloudFormationRole }: Settings): string {
  if (cloudFormationRole) {
    return cloudFormationRole;
  }
  throw configurationError(
    'The release function has no role for CloudFormation, and without it CloudFormation would use the role ' +
      'of the release function. Deploy the stack again.',
  );
}

/** A large template goes through the artifact bucket. */
async function templateLocation(
  job: Job,
  settings: Settings,
  path: string,
  body: string,
): Promise<Pick<CreateStackCommandInput, 'TemplateBody' | 'TemplateURL'>> {
  const bytes = Buffer.from(body);
  if (bytes.length <= BODY_BYTES) {
    return { TemplateBody: body };
  }
  if (bytes.length > OBJECT_BYTES) {
    throw configurationError(
      `The template ${path} has ${bytes.length} bytes, but CloudFormation accepts at most ${OBJECT_BYTES}. ` +
        'Split the template, and push it.',
    );
  }
  const key = `${settings.projectName}/templates/${createHash('sha256').update(bytes).digest('hex')}`;
  await writeObject(settings.artifactBucket, key, bytes, job.encryptionKey);
  const region = process.env.AWS_REGION ?? '';
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    TemplateURL: `https://${settings.artifactBucket}.s3.${region}.${domain}/${key}`,
  };
}

/** CloudFormation's own messages name neither the files nor the remedy. */
function explainError(error: unknown, { templatePath, parametersPath }: Template): unknown {
  if (isNamed(error, 'InsufficientCapabilitiesException')) {
    return configurationError(
      `The template ${templatePath} needs ${error.message.replace(/^Requires capabilities : /, '')}, ` +
        'but the pipeline runs no macros. Write the template without Transform, or deploy the function with ' +
        'your own stack and use TargetFunction.fromFunction.',
    );
  }
  if (!isNamed(error, 'ValidationError')) {
    return error;
  }
  const [, missing] = /Parameters: \[(.*)\] must have values/.exec(error.message) ?? [];
  if (missing) {
    return configurationError(describeMissing(templatePath, parametersPath, missing.split(/,\s*/)));
  }
  const [, unknown] = /Parameters: \[(.*)\] do not exist in the template/.exec(error.message) ?? [];
  if (unknown) {
    return configurationError(
      `${parametersPath} has values for ${unknown}, but the template ${templatePath} has no such parameters. ` +
        'Remove the values, or add the parameters to the template.',
    );
  }
  return configurationError(
    `CloudFormation rejected the template ${templatePath}: ${sentence(error.message)} Correct it and push it.`,
  );
}

function describeMissing(templatePath: string, parametersPath: string | undefined, names: string[]): string {
  const [which, them] = names.length > 1 ? ['parameters', 'them'] : ['parameter', 'it'];
  const what = `The template ${templatePath} needs a value for the ${which} ${names.join(', ')}`;
  const lines = names.map((name) => `"${name}": "<value>"`).join(', ');
  if (!parametersPath) {
    return (
      `${what}, but the pipeline has no parameter file. Give ${them} a Default in the template, ` +
      `or set parametersPath to a file with {${lines}}`
    );
  }
  return (
    `${what}, but ${parametersPath} has none. ` + `Add ${lines} to the file, or give ${them} a Default in the template.`
  );
}
