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
        'the artifact bucket "inventory-artifact-store" would be replaced by "stock-artifact-store": the old one stays with its artifacts',
      ),
      expect.stringContaining('the deployment group "inventory-group" would be replaced by "stock-group": '),
      expect.stringContaining('the function "inventory" would be replaced by "stock": '),
    ]),
  );
});

test('warns when the bucket would be replaced', () => {
  warnings({});
  expect(warnings({ artifactStore: { bucketName: 'another' } })).toEqual([
    expect.stringContaining(
      'would be replaced by "another": the old one stays with its artifacts, and no stage can be retried or rolled back to them; ' +
        'give the old name as artifactStore.bucketName to keep it',
    ),
  ]);
});

test('warns when the alias would be another', () => {
  warnings({});
  expect(warnings({ targetFunction: named({ aliasName: 'production' }) })).toEqual([
    expect.stringContaining(
      'the alias "live" would be replaced by "production": whoever invokes the old alias gets no release any more; keep aliasName',
    ),
  ]);
});
