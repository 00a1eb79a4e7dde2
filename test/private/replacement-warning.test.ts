import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaCiCdPipelineProps, TargetFunction } from '../../src';
import { addPipeline } from '../support/stacks';

let outdir: string;

beforeEach(() => {
  outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'synthesized-twice-'));
});

afterEach(() => {
  fs.rmSync(outdir, { recursive: true });
});

/** The warnings of a pipeline that is synthesized into the same folder each time. */
function warnings(props: Partial<LambdaCiCdPipelineProps>): string[] {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Stack');
  addPipeline(props, stack);
  app.synth();
  return stack.node
    .findAll()
    .flatMap((each) => each.node.metadata)
    .filter(({ type }) => type === 'aws:cdk:warning')
    .map(({ data }) => String(data));
}

const named = (options: object) =>
  TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler', ...options });

test('says nothing the first time', () => {
  expect(warnings({})).toEqual([]);
});

test('says nothing when no name has changed', () => {
  warnings({});
  expect(warnings({ targetFunction: named({ memorySize: 512 }) })).toEqual([]);
});

test('warns when another project name would replace the bucket, the deployment group and the function', () => {
  warnings({ projectName: 'inventory' });
  expect(warnings({ projectName: 'stock' })).toEqual(
    expect.arrayContaining([
      expect.stringContaining(
        'this deployment replaces the artifact bucket "inventory-artifact-store-" with "stock-artifact-store-": the old bucket keeps its artifacts',
      ),
      expect.stringContaining('this deployment replaces the deployment group "inventory-group" with "stock-group": '),
      expect.stringContaining('this deployment replaces the function "inventory" with "stock": '),
    ]),
  );
});

test('warns when the bucket would be replaced', () => {
  warnings({});
  expect(warnings({ artifactStore: { bucketName: 'another' } })).toEqual([
    expect.stringContaining(
      'with "another": the old bucket keeps its artifacts, and earlier runs can be neither retried nor rolled back to; ' +
        'set artifactStore.bucketName to the old name to keep the bucket',
    ),
  ]);
});

test('warns when the alias would be replaced', () => {
  warnings({});
  expect(warnings({ targetFunction: named({ aliasName: 'production' }) })).toEqual([
    expect.stringContaining(
      'this deployment replaces the alias "live" with "production": callers of the old alias receive no further releases; keep aliasName',
    ),
  ]);
});
