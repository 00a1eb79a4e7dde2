import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { AwsError } from '../../base/aws-error';
import { unzip } from '../../base/zip';
import { Account } from '../account';
import { readPackage } from './checks';
import { CodeState } from './state';
import { Caller } from '../iam/iam';

/** The code that a call gives: a package, which is kept, or an image of ECR. */
export async function readCode(
  account: Account,
  code: any,
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

/** The folder with a package, unzipped. */
export function packageFolder(account: Account, { packageHash }: CodeState): string {
  const folder = path.join(folderOf(account), packageHash);
  if (!fs.existsSync(folder)) {
    unzip(fs.readFileSync(`${folder}.zip`), folder);
  }
  return folder;
}

/** Refuses code of another kind than the function's: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html. */
export function checkKind(isImage: boolean, code: any): void {
  if (isImage === (code.ImageUri !== undefined)) {
    return;
  }
  const message = isImage
    ? 'Please provide ImageUri when updating a function with packageType Image.'
    : 'Please do not provide ImageUri when updating a function with packageType Zip.';
  throw new AwsError(400, 'InvalidParameterValueException', message);
}

/** Lambda fetches the image by the policy of the repository. */
function imageOf(account: Account, imageUri: string, functionArn: string): CodeState {
  const [, owner, region, name, digest] =
    /^(\d{12})\.dkr\.ecr\.([\w-]+)\.amazonaws\.com\/([^@:]+)@sha256:([0-9a-f]{64})$/.exec(imageUri) ?? [];
  if (!digest) {
    throw account.refuse(`the image ${imageUri}: one of ECR, by its digest, is`);
  }
  const repository = `arn:aws:ecr:${region}:${owner}:repository/${name}`;
  if (!account.repositories.has(repository)) {
    account.notRehearsed.add(
      `whether the policy of the repository ${name} lets Lambda fetch images: it is in none of the templates`,
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
