import * as path from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/** Folder of the release function: `index.js`, which is bundled when the library is released, and its source map. */
export const RELEASE_BUNDLE = path.join(__dirname, '../../assets/release');

/** The code of the release function. Node.js in Lambda does not read the source map, which is for people. */
export function releaseCode(): lambda.Code {
  return lambda.Code.fromAsset(RELEASE_BUNDLE, { exclude: ['*.map'] });
}
