import { targetOf } from './report';
import type { Account } from '../account/account';
import { NotRehearsedError } from '../base/aws-error';
import { readZip } from '../base/zip';
import { BuildSpecError, buildSpecFile, parseBuildSpec } from '../build/buildspec';
import { searchPath } from '../build/environment';
import { checkTools } from '../build/required-tools';
import { isInvocable } from '../function/runtime';
import { Deployment } from '../stack/context';
import { PipelineDefinition } from '../stack/pipeline-definition';

/** Fails before the first action if this machine lacks a tool that a build of a pipeline needs. */
export function checkBuilds({ projects }: Deployment, pipelines: readonly PipelineDefinition[], source: Buffer): void {
  const actions = pipelines.flatMap(({ properties }) => properties.Stages).flatMap(({ Actions }) => Actions);
  const files = readZip(source);
  const folders = new Set([...files.keys()].map((name) => name.replace(/\/$/, '')));
  for (const { ActionTypeId, Configuration = {} } of actions) {
    const project = ActionTypeId.Provider === 'CodeBuild' ? projects.get(String(Configuration.ProjectName)) : undefined;
    const text = project?.Source?.BuildSpec ?? '';
    const file = buildSpecFile(text);
    const content = file ? files.get(file)?.().toString() : text;
    if (project && content !== undefined) {
      checkText(content, (name) => folders.has(name));
    }
  }
}

/** Fails before the first action if the rehearsal cannot invoke the function of a pipeline. */
export function checkRuntimes(account: Account, pipelines: readonly PipelineDefinition[]): void {
  for (const { properties } of pipelines) {
    const target = targetOf(account, properties);
    const runtime = target && account.lambda.find(target.functionName)?.latest.configuration.Runtime;
    if (runtime && !isInvocable(runtime)) {
      throw new NotRehearsedError(
        `invocations of a function with ${runtime}. --without-invocations rehearses everything else`,
      );
    }
  }
}

/** The build reports a damaged buildspec, as CodeBuild does. */
function checkText(text: string, exists: (file: string) => boolean): void {
  try {
    checkTools(parseBuildSpec(text), { searched: searchPath(), exists });
  } catch (error) {
    if (!(error instanceof BuildSpecError)) {
      throw error;
    }
  }
}
