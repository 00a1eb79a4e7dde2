import * as fs from 'fs';
import * as path from 'path';
import { brotliDecompressSync } from 'zlib';
import { Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';

/** The code of the release function, as one file of JavaScript. In the package it is compressed, as it is the largest part of it. */
export function releaseBundle(assets: string): Buffer {
  return brotliDecompressSync(fs.readFileSync(path.join(assets, 'handlers/release/index.js.br')));
}

/** The code of the release function, unpacked into the app's output. */
export function releaseCode(scope: IConstruct, assets: string): lambda.Code {
  const folder = path.join(Stage.of(scope)!.assetOutdir, 'release-function');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'index.js'), releaseBundle(assets));
  return lambda.Code.fromAsset(folder);
}
