import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { AwsError } from '../../base/aws-error';
import { unzip } from '../../base/zip';
import type { Account } from '../account';
import { readPackage } from './checks';
import { invalidParameter } from './errors';
import { CodeInput } from './input';
import { CodeState } from './state';
import { HttpRequest, HttpResponse } from '../http';
import { Caller } from '../iam/iam';

/** Reads the code of a call: a package, which the account keeps, or an image in ECR. */
export async function readCode(
  account: Account,
  code: CodeInput,
  { functionArn, caller }: { functionArn: string; caller?: Caller },
): Promise<CodeState> {
  if (code.ImageUri) {
    return imageOf(account, code.ImageUri, functionArn);
  }
  const bytes = await readPackage(account, code, caller);
  const hash = createHash('sha256').update(bytes).digest('hex');
  fs.mkdirSync(folderOf(account), { recursive: true });
  fs.writeFileSync(path.join(folderOf(account), `${hash}.zip`), bytes);
  return { packageHash: hash, packageSize: bytes.length };
}

const CODE_PATH = '/lambda-code/';

/** Returns the URL from which a caller of GetFunction downloads a package. */
export function codeLocation({ endpoint }: Account, { packageHash }: CodeState): string {
  return `${endpoint}${CODE_PATH}${packageHash}.zip`;
}

/** Whether the request downloads a package. The URL replaces the signature. */
export function isCodeRequest({ method, path: requested }: HttpRequest): boolean {
  return method === 'GET' && requested.startsWith(CODE_PATH);
}

/** Returns the package. */
export function downloadCode(account: Account, { path: requested }: HttpRequest): HttpResponse {
  const body = fs.readFileSync(path.join(folderOf(account), path.basename(requested)));
  return { status: 200, headers: { 'content-type': 'application/zip' }, body };
}

/** Returns the folder with the unzipped package. */
export function packageFolder(account: Account, { packageHash }: CodeState): string {
  const folder = path.join(folderOf(account), packageHash);
  const task = path.join(folder, 'task'); // Node.js finds the AWS SDK of the runtime in the folder above
  if (!fs.existsSync(task)) {
    unzip(fs.readFileSync(`${folder}.zip`), task);
  }
  return task;
}

/** Rejects code of another package type: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html */
export function checkPackageType(isImage: boolean, code: CodeInput): void {
  if (isImage === (code.ImageUri !== undefined)) {
    return;
  }
  const message = isImage
    ? 'Please provide ImageUri when updating a function with packageType Image.'
    : "Please don't provide ImageUri when updating a function with packageType Zip.";
  throw invalidParameter(message);
}

/** Checks that the policy of the repository allows Lambda to pull the image. */
function imageOf(account: Account, imageUri: string, functionArn: string): CodeState {
  const [, owner, region, name, given, tag] =
    /^(\d{12})\.dkr\.ecr\.([\w-]+)\.amazonaws\.com\/([^@:]+)(?:@sha256:([0-9a-f]{64})|:([\w.-]+))$/.exec(imageUri) ??
    [];
  // The rehearsal has no images, so a tag gets a digest of its own.
  const digest = given ?? (tag && createHash('sha256').update(imageUri).digest('hex'));
  if (!digest) {
    throw account.refuse(`the image ${imageUri}. Rehearsed are images in ECR by tag or digest`);
  }
  const repository = `arn:aws:ecr:${region}:${owner}:repository/${name}`;
  if (!account.repositories.has(repository)) {
    account.notRehearsed.add(
      `whether the policy of the repository ${name} allows Lambda to pull images: no template contains it`,
    );
  } else if (
    !['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].every((action) =>
      account.iam.serviceMay('lambda.amazonaws.com', action, repository, { 'aws:SourceArn': functionArn }),
    )
  ) {
    throw new AwsError(
      403,
      'AccessDeniedException',
      'Lambda does not have permission to access the ECR image. Check the ECR permissions.',
    );
  }
  return { packageHash: digest, packageSize: 0, imageUri };
}

function folderOf({ folder }: Account): string {
  return path.join(folder, 'packages');
}
