import { resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { releaseBundle } from '../../../src/private/release-bundle';

// Written by `npx projen bundle`, which `npx projen test` runs first.
const bundle = releaseBundle(resolve(__dirname, '../../../assets')).toString();

test('exports the handler', () => {
  const bundled = { exports: {} as { handler?: unknown } };
  new Function('module', 'exports', 'require', bundle)(bundled, bundled.exports, jest.requireActual);
  expect(typeof bundled.exports.handler).toBe('function');
});

test('does not hold the CDK', () => {
  expect(bundle).not.toContain('aws-cdk-lib');
});

test('stays small, because the package may have 250 kB in all', () => {
  expect(brotliCompressSync(bundle).length).toBeLessThan(85_000);
});
