import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { dump } from 'js-yaml';
import { checkValues, ParameterFile, readParameterFile, renderParameterFile } from './parameter-file';
import type * as plain from '../../src/plain-template';

const TEMPLATE_FILE = 'CICDPipelineForLambda.yml';
const WRITTEN_BY = '# Written by cdk-lambda-ci-cd-pipeline template';

/** What `template --help` says. */
export const TEMPLATE_HELP = `cdk-lambda-ci-cd-pipeline template [options]

Writes the pipeline as plain CloudFormation, for people without the CDK: ${TEMPLATE_FILE}, CICDparamerters.json to fill in, and the release function.

  --out <folder>           where to write (Backend/env/env_src); values that stand in a parameter file there are kept
  --runtime <name>         runtime of the function (python3.13)
  --architecture <name>    x86_64 or arm64 (x86_64)
  --deployment <how>       all-at-once, linear:<percentage>:<minutes> or canary:<percentage>:<minutes> (all-at-once)
  --source <kind>          connection, codecommit or s3 (connection)
  --code-artifact          install dependencies from a CodeArtifact repository
`;

type PlainTemplateModule = Pick<typeof plain, 'plainTemplate'>;

/** The compiled library in the package of this command; it is not in the bundle, because it needs aws-cdk-lib. */
const LIBRARY = path.join(__dirname, '../../lib/plain-template.js');

/** Runs the command `template`; its result is the exit code. */
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
    `${WRITTEN_BY} ${argv.join(' ')}\n# To change it, run that again.\n${render(template)}`,
  );
  fs.writeFileSync(parameterFile.file, text);
  process.stdout.write(nextSteps(out, parameterFile, template.Parameters, JSON.parse(text)));
  return 0;
}

/** Loads the library, which needs what npm installs beside the package. */
export function loadLibrary(file = LIBRARY): PlainTemplateModule {
  try {
    return createRequire(__filename)(file);
  } catch (error) {
    throw new Error(
      `the command template needs aws-cdk-lib and constructs beside this package, and they can't be loaded: ${(error as Error).message.split('\n')[0]};` +
        ' run npm install cdk-lambda-ci-cd-pipeline aws-cdk-lib constructs',
    );
  }
}

/** Quoted so that YAML 1.1, which the AWS CLI reads, takes the same for text; no aliases, which it does not read. */
function render(template: object): string {
  return dump(template, { noRefs: true, noArrayIndent: true, lineWidth: -1 });
}

function requireOwnTemplate(file: string): void {
  if (fs.existsSync(file) && !fs.readFileSync(file, 'utf8').startsWith(WRITTEN_BY)) {
    throw new Error(
      `${file} was not written by this command, and would be lost: move it away, or give another folder with --out`,
    );
  }
}

function nextSteps(
  out: string,
  { file, values }: ParameterFile,
  parameters: Record<string, unknown>,
  written: { ParameterKey: string; ParameterValue: string }[],
): string {
  const given = new Map(written.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]));
  const toFillIn = Object.keys(parameters).filter(
    (name) => !given.get(name) && (parameters[name] as { Default?: unknown }).Default === undefined,
  );
  const dropped = [...values.keys()].filter((name) => !(name in parameters) && values.get(name));
  const packaged = path.join(out, 'packaged.yml');
  return [
    `wrote ${path.join(out, TEMPLATE_FILE)}, ${file} and ${path.join(out, 'release-function', 'index.js')}`,
    ...(dropped.length > 0
      ? [
          `left out, because the template has no such parameter: ${dropped.map((name) => `${name}=${values.get(name)}`).join(', ')}`,
        ]
      : []),
    ...(toFillIn.length > 0 ? [`fill in ${file}: ${toFillIn.join(', ')}`] : []),
    'then, with the AWS CLI and a bucket of yours in the Region of the pipeline:',
    `  aws cloudformation package --template-file ${path.join(out, TEMPLATE_FILE)} --s3-bucket <bucket> --output-template-file ${packaged}`,
    `  aws cloudformation deploy --template-file ${packaged} --stack-name ${given.get('ProjectName') || '<name>'}-pipeline` +
      ` --parameter-overrides file://${file} --capabilities CAPABILITY_IAM`,
    '',
  ].join('\n');
}
