import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const FOLDER = resolve(__dirname, '../../../src/handlers/release');
let bundle: string;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [`${FOLDER}/release.lambda.ts`],
    alias: { '@aws-sdk/credential-provider-node': `${FOLDER}/lambda-credentials.ts` },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    write: false,
  });
  bundle = outputFiles[0].text;
});

test('exports the handler', () => {
  const bundled = { exports: {} as { handler?: unknown } };
  new Function('module', 'exports', 'require', bundle)(bundled, bundled.exports, jest.requireActual);
  expect(typeof bundled.exports.handler).toBe('function');
});

test('does not hold the CDK', () => {
  expect(bundle).not.toContain('aws-cdk-lib');
});

test('stays small', () => {
  expect(gzipSync(bundle, { level: 9 }).length).toBeLessThan(190_000);
});
