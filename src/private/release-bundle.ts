import * as fs from 'node:fs';
import * as path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';

/** The code of the release function, as one file of JavaScript: the second of the package's two bundles, which are compressed together. */
export function releaseBundle(assets: string): Buffer {
  const bundles = brotliDecompressSync(fs.readFileSync(path.join(assets, 'bundles.br')));
  return bundles.subarray(bundles.indexOf('\0') + 1);
}

/** The code of the release function, unpacked into the app's output. */
export function releaseCode(scope: IConstruct, assets: string): lambda.Code {
  const folder = path.join(Stage.of(scope)!.assetOutdir, 'release-function');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'index.js'), releaseBundle(assets));
  return lambda.Code.fromAsset(folder);
}
