import * as fs from 'node:fs';
import * as path from 'node:path';
import { ActionContext, ActionResult, failed, writeArtifact } from './action';
import { credentialsOf } from '../../account/account';
import { ObjectOutput } from '../../account/s3/s3';
import { list } from '../../base/list';
import { unzip } from '../../base/zip';
import { runBuild } from '../../build/build';

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Commands.html */
const TIMEOUT_SECONDS = 3600;

/** Runs the commands of an action on this machine, with the credentials of the pipeline's role. */
export async function runCommands(context: ActionContext): Promise<ActionResult> {
  const { account, caller, declaration, outputs, workFolder } = context;
  openLog(context);
  const sourceFolder = await fetchInput(context);
  const files = list(declaration.OutputArtifacts).flatMap(({ Files }) => list(Files));
  const result = await runBuild({
    buildSpec: JSON.stringify({
      version: '0.2',
      env: { 'exported-variables': list(declaration.OutputVariables) },
      phases: { build: { commands: list(declaration.Commands) } },
      ...(files.length > 0 ? { artifacts: { files } } : {}),
    }),
    sourceFolder,
    workFolder: path.join(workFolder, 'build'),
    environment: { AWS_REGION: account.region, AWS_DEFAULT_REGION: account.region, ...credentialsOf(account, caller) },
    timeoutSeconds: TIMEOUT_SECONDS,
    readStored: () => '',
    onLine: context.buildLine,
  });
  if (!result.succeeded) {
    return { ...failed(result.failure!), notes: result.notes };
  }
  for (const output of outputs) {
    await writeArtifact(context, caller, output, fs.readFileSync(result.artifact!));
  }
  const summary = `${list(declaration.Commands).length} commands succeeded`;
  return { succeeded: true, summary, variables: result.exportedVariables, notes: result.notes };
}

/** CodePipeline writes the log with the role of the action. */
function openLog({ account, caller, executionId, pipeline }: ActionContext): void {
  const group = `log-group:/aws/codepipeline/${pipeline.name}`;
  account.calls.check(caller, 'logs:CreateLogGroup', account.arn('logs', group));
  for (const action of ['CreateLogStream', 'PutLogEvents']) {
    account.calls.check(caller, `logs:${action}`, account.arn('logs', `${group}:log-stream:${executionId}`));
  }
}

async function fetchInput({ account, caller, inputs, workFolder }: ActionContext): Promise<string> {
  const folder = path.join(workFolder, 'source');
  const [{ bucket, key, versionId }, ...more] = inputs;
  if (more.length > 0) {
    throw account.refuse('an action with commands and more than one input artifact');
  }
  const input = { Bucket: bucket, Key: key, VersionId: versionId };
  const { Body } = await account.perform<Required<ObjectOutput>>(caller, 's3', 'GetObject', input);
  unzip(Body, folder);
  return folder;
}
