import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

// Written by `npx projen bundle`, which `npx projen test` runs first.
const bundle = readFileSync(resolve(__dirname, '../../../assets/handlers/release/index.js'), 'utf8');

test('exports the handler', () => {
  const bundled = { exports: {} as { handler?: unknown } };
  new Function('module', 'exports', 'require', bundle)(bundled, bundled.exports, jest.requireActual);
  expect(typeof bundled.exports.handler).toBe('function');
});

test('does not hold the CDK', () => {
  expect(bundle).not.toContain('aws-cdk-lib');
});

test('stays small, because the package may have 250 kB in all', () => {
  expect(gzipSync(bundle, { level: 9 }).length).toBeLessThan(100_000);
});
