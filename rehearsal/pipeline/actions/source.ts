import { createHash } from 'node:crypto';
import { ActionContext, ActionResult, failed, writeArtifact } from './action';
import { zipTexts } from '../../base/zip';

/** A source action with a connection. The source folder of the rehearsal replaces the repository. */
export async function fetchConnection(context: ActionContext): Promise<ActionResult> {
  const { ConnectionArn, FullRepositoryId, BranchName } = context.configuration;
  const { account, caller, outputs } = context;
  account.calls.check(caller, `${ConnectionArn.split(':')[2]}:UseConnection`, ConnectionArn);
  for (const { bucket, key } of outputs) {
    account.calls.check(caller, 's3:PutObjectAcl', `arn:aws:s3:::${bucket}/${key}`); // a canned access control list
  }
  return writeSource(context, { BranchName, ConnectionArn, FullRepositoryName: FullRepositoryId });
}

/** A source action with CodeCommit. */
export async function fetchCodeCommit(context: ActionContext): Promise<ActionResult> {
  const {
    account,
    caller,
    configuration: { RepositoryName, BranchName },
  } = context;
  for (const action of ['GetBranch', 'GetCommit', 'UploadArchive', 'GetUploadArchiveStatus']) {
    account.calls.check(caller, `codecommit:${action}`, account.arn('codecommit', RepositoryName));
  }
  return writeSource(context, { BranchName, CommitterDate: context.source.authorDate, RepositoryName });
}

/** A source action with an object in S3, which is the zipped source. */
export async function fetchObject(context: ActionContext): Promise<ActionResult> {
  const {
    account,
    caller,
    configuration: { S3Bucket, S3ObjectKey },
    source,
    outputs,
  } = context;
  account.calls.check(caller, 's3:GetBucketVersioning', `arn:aws:s3:::${S3Bucket}`);
  account.calls.check(caller, 's3:GetObject', `arn:aws:s3:::${S3Bucket}/${S3ObjectKey}`);
  account.calls.check(caller, 's3:GetObjectVersion', `arn:aws:s3:::${S3Bucket}/${S3ObjectKey}`);
  checkTags(context, `arn:aws:s3:::${S3Bucket}/${S3ObjectKey}`);
  for (const output of outputs) {
    await writeArtifact(context, caller, output, source.zip);
  }
  const variables = {
    BucketName: S3Bucket,
    ObjectKey: S3ObjectKey,
    ETag: account.nextId('etag', 32),
    VersionId: source.versionId ?? account.nextId('version', 32),
  };
  return {
    succeeded: true,
    summary: `${source.commitId.slice(0, 7)} ${source.message}, as ${S3Bucket}/${S3ObjectKey}`,
    notes: source.notes,
    variables,
  };
}

/** CodePipeline copies an object with its tags, and reads the tags of a version. */
function checkTags({ account, caller, source, outputs }: ActionContext, objectArn: string): void {
  if (Object.keys(source.tags ?? {}).length === 0) {
    return;
  }
  account.calls.check(caller, 's3:GetObjectTagging', objectArn);
  account.calls.check(caller, 's3:GetObjectVersionTagging', objectArn);
  for (const { bucket, key } of outputs) {
    account.calls.check(caller, 's3:PutObjectTagging', `arn:aws:s3:::${bucket}/${key}`);
  }
}

/** A source action with an image in ECR. The source folder replaces its content and determines its digest. */
export async function fetchImage(context: ActionContext): Promise<ActionResult> {
  const {
    account,
    caller,
    configuration: { RepositoryName, ImageTag = 'latest' },
    source,
    outputs,
  } = context;
  account.calls.check(caller, 'ecr:DescribeImages', account.arn('ecr', `repository/${RepositoryName}`));
  const digest = `sha256:${createHash('sha256').update(source.zip).digest('hex')}`;
  const uri = `${account.id}.dkr.ecr.${account.region}.amazonaws.com/${RepositoryName}@${digest}`;
  const detail = {
    ImageDigest: digest,
    Version: '1.0',
    RegistryId: account.id,
    RepositoryName,
    ImageURI: uri,
    ImageTags: [ImageTag],
  };
  for (const output of outputs) {
    await writeArtifact(context, caller, output, zipTexts({ 'imageDetail.json': JSON.stringify(detail) }));
  }
  const variables = { RegistryId: account.id, RepositoryName, ImageTag, ImageDigest: digest, ImageURI: uri };
  return {
    succeeded: true,
    summary: `${RepositoryName}:${ImageTag} at ${digest}`,
    notes: ['the source replaces the image: the rehearsal builds no image'],
    variables,
  };
}

/** The format of an artifact that refers to the repository. Only CodeBuild can read such an artifact. */
export const CLONE = 'CODEBUILD_CLONE_REF';

/** A reference to a commit, with which a build clones the repository. */
export interface CloneReference {
  readonly ConnectionArn?: string;
  readonly RepositoryName?: string;
  readonly CommitId: string;
}

function reference({ configuration: { ConnectionArn, RepositoryName }, source }: ActionContext): Buffer {
  const content: CloneReference = { ConnectionArn, RepositoryName, CommitId: source.commitId };
  return Buffer.from(JSON.stringify(content));
}

async function writeSource(context: ActionContext, variables: Record<string, string>): Promise<ActionResult> {
  const {
    account,
    caller,
    configuration: { OutputArtifactFormat = 'CODE_ZIP' },
    source,
    outputs,
  } = context;
  if (!['CODE_ZIP', CLONE].includes(OutputArtifactFormat)) {
    throw account.refuse(`a source with the OutputArtifactFormat ${OutputArtifactFormat}`);
  }
  if (OutputArtifactFormat === CLONE && !source.repository) {
    return failed('the source is a full clone, so --source must be a Git repository');
  }
  for (const output of outputs) {
    await writeArtifact(context, caller, output, OutputArtifactFormat === CLONE ? reference(context) : source.zip);
  }
  return {
    succeeded: true,
    summary: `${source.commitId.slice(0, 7)} ${source.message}`,
    notes: source.notes,
    variables: {
      ...variables,
      AuthorDate: source.authorDate,
      CommitId: source.commitId,
      CommitMessage: source.message,
    },
  };
}
