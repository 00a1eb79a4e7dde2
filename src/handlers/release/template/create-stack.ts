import { createHash } from 'node:crypto';
import { CreateStackCommand, CreateStackCommandInput } from '@aws-sdk/client-cloudformation';
import { readSourceFile } from './source-file';
import { cloudFormation } from '../aws/clients';
import { configurationError, isNamed, ReleaseFailure } from '../base/failure';
import { Settings } from '../base/settings';
import { readArtifact, writeObject } from '../code/artifact';
import { ARTIFACTS, StepParameters } from '../contract';
import { parseParameters, StackInputs } from './template-parameters';
import { readZip } from '../code/zip';
import { Job, requireArtifact, StepInput } from '../job/job';

/** Which template the stack is made of, and what for. */
export type Template = Required<Pick<StepParameters, 'templatePath' | 'stackName'>> &
  Pick<StepParameters, 'parametersPath'>;

/** As CloudFormation takes a template in the call itself, and as an object. */
const BODY_BYTES = 51_200;
const OBJECT_BYTES = 1_048_576;

/** Starts the creation of the stack and returns its id; undefined when it is there meanwhile. */
export async function createStack({ job, settings }: StepInput, template: Template): Promise<string | undefined> {
  const { templatePath, parametersPath, stackName } = template;
  const source = readZip(await readArtifact(requireArtifact(job.inputs, ARTIFACTS.sourceOutput)));
  const body = readSourceFile(source, templatePath);
  const inputs: StackInputs = parametersPath
    ? parseParameters(parametersPath, readSourceFile(source, parametersPath))
    : { parameters: [], tags: [] };
  try {
    const { StackId } = await cloudFormation.send(
      new CreateStackCommand({
        StackName: stackName,
        ...(await hand(job, settings, templatePath, body)),
        Parameters: inputs.parameters,
        Tags: inputs.tags,
        RoleARN: requireRole(settings),
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
        OnFailure: 'DELETE',
        ClientRequestToken: job.id, // a job that is delivered twice makes one stack
      }),
    );
    return StackId!;
  } catch (error) {
    if (isNamed(error, 'AlreadyExistsException')) {
      return undefined;
    }
    throw explain(error, template);
  }
}

function requireRole({ cloudFormationRole }: Settings): string {
  if (cloudFormationRole) {
    return cloudFormationRole;
  }
  throw configurationError(
    'the release function knows no role for CloudFormation, and without one the template would be carried out with its own. Deploy the stack again.',
  );
}

/** A large template goes through the artifact bucket. */
async function hand(
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
      `the template ${path} has ${bytes.length} bytes, and CloudFormation takes at most ${OBJECT_BYTES}. Split it.`,
    );
  }
  const key = `${settings.projectName}/templates/${createHash('sha256').update(bytes).digest('hex')}`;
  await writeObject(settings.artifactBucket, key, bytes, job.encryptionKey);
  const region = process.env.AWS_REGION ?? '';
  return {
    TemplateURL: `https://${settings.artifactBucket}.s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/${key}`,
  };
}

/** CloudFormation's own messages name neither the files nor what to do. */
function explain(error: unknown, { templatePath, parametersPath }: Template): unknown {
  if (isNamed(error, 'InsufficientCapabilitiesException')) {
    return configurationError(
      `the template ${templatePath} needs ${error.message.replace(/^Requires capabilities : /, '')}, and the pipeline carries out no macro: ` +
        'write the template without Transform, or deploy the function with a stack of your own and use TargetFunction.fromFunction.',
    );
  }
  if (!isNamed(error, 'ValidationError')) {
    return error;
  }
  const [, missing] = /Parameters: \[(.*)\] must have values/.exec(error.message) ?? [];
  if (missing) {
    return new ReleaseFailure(
      'ConfigurationError',
      describeMissing(templatePath, parametersPath, missing.split(/,\s*/)),
    );
  }
  const [, unknown] = /Parameters: \[(.*)\] do not exist in the template/.exec(error.message) ?? [];
  if (unknown) {
    return configurationError(
      `${parametersPath} gives values to ${unknown}, and the template ${templatePath} has no such parameter. Take them out, or add them to the template.`,
    );
  }
  return configurationError(`CloudFormation refused the template ${templatePath}: ${error.message}`);
}

function describeMissing(templatePath: string, parametersPath: string | undefined, names: string[]): string {
  const [which, them] = names.length > 1 ? ['parameters', 'them'] : ['parameter', 'it'];
  const what = `the template ${templatePath} needs a value for the ${which} ${names.join(', ')}`;
  const lines = names.map((name) => `"${name}": "<value>"`).join(', ');
  if (!parametersPath) {
    return `${what}, and the pipeline has no parameter file. Give ${them} a Default in the template, or set parametersPath to a file with {${lines}}`;
  }
  return `${what}, and ${parametersPath} gives none. Add ${lines} to the file, or give ${them} a Default in the template.`;
}
