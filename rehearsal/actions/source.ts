import { ActionContext, ActionResult, writeArtifact } from './action';

/** A source action: what AWS would fetch comes from the folder that the rehearsal was given. */
export async function fetchSource(context: ActionContext): Promise<ActionResult> {
  const { account, caller, configuration, source, outputs } = context;
  const { ConnectionArn, FullRepositoryId, BranchName, OutputArtifactFormat = 'CODE_ZIP' } = configuration;
  if (OutputArtifactFormat !== 'CODE_ZIP') throw account.refuse(`a source with OutputArtifactFormat ${OutputArtifactFormat}`);
  account.calls.check(caller, `${ConnectionArn.split(':')[2]}:UseConnection`, ConnectionArn);
  for (const output of outputs) await writeArtifact(context, caller, output, source.zip);
  return {
    succeeded: true,
    summary: `${source.commitId.slice(0, 7)} ${source.message}`,
    notes: source.notes,
    variables: {
      AuthorDate: source.authorDate,
      BranchName,
      CommitId: source.commitId,
      CommitMessage: source.message,
      ConnectionArn,
      FullRepositoryName: FullRepositoryId,
    },
  };
}

/** A CodeCommit source. */
export async function fetchCodeCommit(context: ActionContext): Promise<ActionResult> {
  const { account, caller, configuration, source, outputs } = context;
  const { RepositoryName, BranchName, OutputArtifactFormat = 'CODE_ZIP' } = configuration;
  if (OutputArtifactFormat !== 'CODE_ZIP') throw account.refuse(`a source with OutputArtifactFormat ${OutputArtifactFormat}`);
  for (const action of ['GetBranch', 'GetCommit', 'UploadArchive', 'GetUploadArchiveStatus']) {
    account.calls.check(caller, `codecommit:${action}`, account.arn('codecommit', RepositoryName));
  }
  for (const output of outputs) await writeArtifact(context, caller, output, source.zip);
  return {
    succeeded: true,
    summary: `${source.commitId.slice(0, 7)} ${source.message}`,
    notes: source.notes,
    variables: {
      AuthorDate: source.authorDate,
      BranchName,
      CommitId: source.commitId,
      CommitMessage: source.message,
      CommitterDate: source.authorDate,
      RepositoryName,
    },
  };
}
