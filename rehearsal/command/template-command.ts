import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { dump } from 'js-yaml';
import { checkValues, Parameter, ParameterFile, readParameterFile, renderParameterFile } from './parameter-file';
import type * as plain from '../../src/plain-template';

const TEMPLATE_FILE = 'CICDPipelineForLambda.yml';
const WRITTEN_BY = '# Written by cdk-lambda-ci-cd-pipeline template';

/** The text of `template --help`. */
export const TEMPLATE_HELP = `cdk-lambda-ci-cd-pipeline template [options]

Writes the pipeline as plain CloudFormation, for use without the CDK: ${TEMPLATE_FILE}, the parameter file
CICDparamerters.json, and the release function.

  --out <folder>           the output folder (default: Backend/env/env_src); an existing parameter file keeps its values
  --runtime <name>         the runtime of the function (default: python3.13)
  --architecture <name>    x86_64 or arm64 (default: x86_64)
  --deployment <config>    all-at-once (default), linear:<percentage>:<minutes> or canary:<percentage>:<minutes>
  --source <kind>          connection (default), codecommit or s3
  --code-artifact          install dependencies from a CodeArtifact repository
`;

type PlainTemplateModule = Pick<typeof plain, 'plainTemplate'>;

/** The compiled library in the package of this command. The bundle omits it, because it needs aws-cdk-lib. */
const LIBRARY = path.join(__dirname, '../../lib/plain-template.js');

/** Runs the command `template`. Returns its exit code. */
export async function templateCommand(argv: string[], load: () => PlainTemplateModule = loadLibrary): Promise<number> {
  const {
    values: { out, 'code-artifact': codeArtifact, ...options },
  } = parseArgs({
    args: argv,
    options: {
      out: { type: 'string', default: 'Backend/env/env_src' },
      runtime: { type: 'string', default: 'python3.13' },
      architecture: { type: 'string', default: 'x86_64' },
      deployment: { type: 'string', default: 'all-at-once' },
      source: { type: 'string', default: 'connection' },
      'code-artifact': { type: 'boolean', default: false },
    },
  });
  const { template, releaseFunction } = load().plainTemplate({ ...options, codeArtifact });
  const parameterFile = readParameterFile(out);
  checkValues(parameterFile, template.Parameters);
  requireOwnTemplate(path.join(out, TEMPLATE_FILE));

  const text = renderParameterFile(parameterFile.values, template.Parameters);
  fs.mkdirSync(path.join(out, 'release-function'), { recursive: true });
  fs.writeFileSync(path.join(out, 'release-function', 'index.js'), releaseFunction);
  fs.writeFileSync(
    path.join(out, TEMPLATE_FILE),
    `${WRITTEN_BY} ${argv.join(' ')}\n# To change it, run the command again.\n${render(template)}`,
  );
  fs.writeFileSync(parameterFile.file, text);
  process.stdout.write(nextSteps(out, parameterFile, template.Parameters, JSON.parse(text)));
  return 0;
}

/** Loads the library, which needs aws-cdk-lib and constructs beside the package. */
export function loadLibrary(file = LIBRARY): PlainTemplateModule {
  try {
    return createRequire(__filename)(file);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new Error(
      `the command template needs aws-cdk-lib and constructs beside this package: ${reason}; ` +
        'run npm install cdk-lambda-ci-cd-pipeline aws-cdk-lib constructs',
    );
  }
}

/** Renders YAML for the AWS CLI, which parses YAML 1.1 (hence the quotes) and does not support aliases. */
function render(template: object): string {
  return dump(template, { noRefs: true, noArrayIndent: true, lineWidth: -1 });
}

function requireOwnTemplate(file: string): void {
  if (fs.existsSync(file) && !fs.readFileSync(file, 'utf8').startsWith(WRITTEN_BY)) {
    throw new Error(
      `the command would overwrite ${file}, which it did not write: move the file, or use another folder with --out`,
    );
  }
}

function nextSteps(
  out: string,
  { file, values }: ParameterFile,
  parameters: Record<string, Parameter>,
  written: { ParameterKey: string; ParameterValue: string }[],
): string {
  const given = new Map(written.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]));
  const missing = Object.keys(parameters).filter((name) => !given.get(name) && parameters[name].Default === undefined);
  const removed = [...values].filter(([name, value]) => !(name in parameters) && value).map((pair) => pair.join('='));
  const packaged = path.join(out, 'packaged.yml');
  return [
    `wrote ${path.join(out, TEMPLATE_FILE)}, ${file} and ${path.join(out, 'release-function', 'index.js')}`,
    ...(removed.length > 0 ? [`removed, because the template has no such parameter: ${removed.join(', ')}`] : []),
    ...(missing.length > 0 ? [`add values to ${file}: ${missing.join(', ')}`] : []),
    'then, with the AWS CLI and one of your buckets in the Region of the pipeline:',
    `  aws cloudformation package --template-file ${path.join(out, TEMPLATE_FILE)} --s3-bucket <bucket>` +
      ` --output-template-file ${packaged}`,
    `  aws cloudformation deploy --template-file ${packaged} --s3-bucket <bucket>` +
      ` --stack-name ${given.get('ProjectName') || '<name>'}-pipeline` +
      ` --parameter-overrides file://${file} --capabilities CAPABILITY_IAM`,
    '',
  ].join('\n');
}
