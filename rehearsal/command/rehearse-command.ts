import * as fs from 'node:fs';
import { parseArgs } from 'node:util';
import { readEvents } from './events';
import { RehearsalOptions } from './options';
import { rehearse } from './rehearse';
import SAMPLES from './sample-events.json';
import { PolicyDocument } from '../account/iam/policy';
import { LiveLine } from '../pipeline/live-line';
import { Output } from '../pipeline/output';
import { styleFor } from '../pipeline/style';

/** The text of `rehearse --help`. */
export const REHEARSE_HELP = `cdk-lambda-ci-cd-pipeline rehearse <cdk.out> --source <folder> [options]

Runs the pipelines of a synthesized app on this machine, without AWS.

What runs
  --source <folder>        the source of the run: a git repository (at HEAD) or a plain folder
  --commit <revision>      another commit of the repository
  --pipeline <name>        run only this pipeline
  --stack <name>           run only the pipelines of this stack
  --state <folder>         continue with the account in this folder, one hour later

Values
  --parameter <name=value> a parameter of the stacks, also as <stack>:<name>=<value>; repeatable
  --variable <name=value>  a variable of the pipeline; repeatable
  --secret <name=value>    the value of a secret or a stored parameter; repeatable
  --policy <name=file>     a managed policy that no template contains, as JSON; repeatable
  --source-tag <name=value>
                           a tag of the object, for a source in S3; repeatable
  --reject <action>        reject this manual approval; repeatable (all other approvals are approved)

Traffic during a deployment
  --event <file or name>   an event or a list of events as JSON; repeatable. Names of typical events:
                           ${Object.keys(SAMPLES).join(', ')}
                           (default: events/*.json of the source, or else {})
  --endpoint <name=url>    the address of a service on this machine, for example dynamodb=http://127.0.0.1:8000;
                           repeatable
  --without-invocations    do not invoke the function

Output
  --verbose                print each AWS call with its role
  --json                   print the report as JSON; everything else goes to the standard error
  --report <file.json>     write the report as JSON
  --html <file.html>       write the report as one HTML file, with a chart of the traffic
  --keep                   keep logs and packages, which are otherwise deleted if there is no --state
  --version                print the version
  --help                   print this text

Exit codes
  0  all runs succeeded
  1  a run or the deployment of a stack failed
  2  the command is invalid, a tool is missing, or the pipeline needs something that is not rehearsed
`;

const REPEATABLE = { type: 'string', multiple: true, default: [] as string[] } as const;

const OPTIONS = {
  source: { type: 'string' },
  commit: { type: 'string' },
  pipeline: { type: 'string' },
  stack: { type: 'string' },
  state: { type: 'string' },
  parameter: REPEATABLE,
  variable: REPEATABLE,
  secret: REPEATABLE,
  'source-tag': REPEATABLE,
  policy: REPEATABLE,
  reject: REPEATABLE,
  event: REPEATABLE,
  endpoint: REPEATABLE,
  'without-invocations': { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  report: { type: 'string' },
  html: { type: 'string' },
  keep: { type: 'boolean', default: false },
} as const;

/** Runs the command `rehearse`. Returns its exit code. */
export async function rehearseCommand(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: OPTIONS });
  if (positionals.length !== 1 || !values.source) {
    throw new Error('the command needs the output folder of cdk synth, and --source');
  }
  const options: RehearsalOptions = {
    ...values,
    assembly: positionals[0],
    source: values.source,
    events: values.event.flatMap(readEvents),
    withoutInvocations: values['without-invocations'],
    parameters: pairs('--parameter', values.parameter),
    variables: pairs('--variable', values.variable),
    secrets: pairs('--secret', values.secret),
    sourceTags: pairs('--source-tag', values['source-tag']),
    policies: policiesOf(pairs('--policy', values.policy)),
    endpoints: endpointsOf(pairs('--endpoint', values.endpoint)),
    rejected: values.reject,
  };
  const stream = values.json ? process.stderr : process.stdout;
  const output = new Output((line) => stream.write(`${line}\n`), {
    style: styleFor(stream, process.env),
    live: new LiveLine(stream),
  });
  const report = await rehearse(options, output);
  if (values.json) {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  }
  return report.pipelines.every(({ status }) => status === 'Succeeded') ? 0 : 1;
}

function policiesOf(files: Record<string, string>): Record<string, PolicyDocument> {
  return Object.fromEntries(Object.entries(files).map(([name, file]) => [name, readPolicy(name, file)]));
}

function readPolicy(name: string, file: string): PolicyDocument {
  if (!fs.existsSync(file)) {
    throw new Error(`--policy ${name}=${file}: the file does not exist`);
  }
  const read = JSON.parse(fs.readFileSync(file, 'utf8'));
  const document = read.PolicyVersion?.Document ?? read.Document ?? read; // as "aws iam get-policy-version" prints it
  if (!document.Statement) {
    throw new Error(`--policy ${name}=${file}: the file must contain a policy document, and has no Statement`);
  }
  return document;
}

/** Nothing may leave this machine, so that each address must be on it. */
function endpointsOf(endpoints: Record<string, string>): Record<string, string> {
  for (const [name, address] of Object.entries(endpoints)) {
    const { hostname = '' } = URL.canParse(address) ? new URL(address) : {};
    if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) {
      throw new Error(
        `--endpoint ${name} must be an address on this machine (http://127.0.0.1:<port>), got ${address}`,
      );
    }
  }
  return endpoints;
}

function pairs(option: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => parsePair(option, text)));
}

function parsePair(option: string, text: string): [string, string] {
  const position = text.indexOf('=');
  if (position < 1) {
    throw new Error(`${option} must be name=value, got ${text}`);
  }
  return [text.slice(0, position), text.slice(position + 1)];
}
