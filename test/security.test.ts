import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { LambdaCiCdPipeline } from '../src';
import { cloudFormationValidate } from './support/cloudformation-validate';
import { fullFunction, fullProps } from './support/full';
import { addPipeline, Overrides } from './support/stacks';

jest.dontMock(cloudFormationValidate!);

const PIPELINES: [string, Overrides][] = [
  ['the minimal pipeline', {}],
  ['the full pipeline', fullProps],
  ['a pipeline whose function has every option', (stack) => ({ targetFunction: fullFunction(stack) })],
];

function stackOf(overrides: Overrides, context = {}): { app: App; stack: Stack; pipeline: LambdaCiCdPipeline } {
  const app = new App({ context });
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  return { app, stack, pipeline: addPipeline(overrides, stack) };
}

function violations(app: App): object[] {
  const report = JSON.parse(readFileSync(path.join(app.synth().directory, 'validation-report.json'), 'utf8'));
  return report.pluginReports.flatMap((plugin: { violations: object[] }) => plugin.violations);
}

describe.each(PIPELINES)('%s', (_, overrides) => {
  // The function is visible to cdk-nag, and its runtime is the choice of the app.
  test("has one finding of cdk-nag's AwsSolutions pack that is not acknowledged: the runtime of the function", () => {
    const { stack, pipeline } = stackOf(overrides);
    const findings = new AwsSolutionsChecks(stack).validateScope(pipeline).violations;
    expect(
      findings.map(
        ({ ruleName, violatingResources }) =>
          `${ruleName} ${violatingResources.map(({ constructPath }) => constructPath)}`,
      ),
    ).toEqual(['AwsSolutions-L1 Stack/Pipeline/TargetFunction/Resource']);
  });

  test("passes the CDK's own validation, with its findings as errors", () => {
    const { app } = stackOf(overrides, { '@aws-cdk/core:validateAgainstDefaultRules': true });
    expect(violations(app)).toEqual([]);
  });
});

test("the CDK's own validation is at work here", () => {
  jest.spyOn(console, 'error').mockImplementation();
  const app = new App();
  new CfnResource(new Stack(app, 'Stack'), 'Role', { type: 'AWS::IAM::Role', properties: { NoSuchProperty: true } });
  expect(violations(app)).not.toEqual([]);
});

test('every acknowledged finding has its reason', () => {
  const { pipeline } = stackOf(fullProps);
  const reasons = pipeline.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.values(data));
  expect(reasons.length).toBeGreaterThan(0);
  expect(reasons.filter((reason) => typeof reason !== 'string' || reason.length < 20)).toEqual([]);
});
