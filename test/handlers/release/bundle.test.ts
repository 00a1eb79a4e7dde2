import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RELEASE_BUNDLE } from '../../../src/private/release-bundle';

// Written by `npx projen bundle`, which `npx projen test` runs first.
const bundle = readFileSync(join(RELEASE_BUNDLE, 'index.js'), 'utf8');

test('exports the handler', () => {
  const bundled = { exports: {} as { handler?: unknown } };
  new Function('module', 'exports', 'require', bundle)(bundled, bundled.exports, jest.requireActual);
  expect(typeof bundled.exports.handler).toBe('function');
});

test('does not hold the CDK', () => {
  expect(bundle).not.toContain('aws-cdk-lib');
});
