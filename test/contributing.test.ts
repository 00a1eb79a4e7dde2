import * as fs from 'node:fs';
import * as path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as construct from '../src';
import { fullProps } from './support/full';
import { filesIn } from './support/imports';
import { pipelineWith } from './support/stacks';
import { STAGES, STEPS } from '../src/handlers/release/contract';

const read = (file: string) => fs.readFileSync(path.join(__dirname, '..', file), 'utf8');

/** The static factories of the choices. A new factory is in this list without a change here. */
const FACTORIES = Object.entries(construct).flatMap(([name, choice]) =>
  typeof choice === 'function' && choice !== construct.LambdaCiCdPipeline
    ? Object.getOwnPropertyNames(choice)
        .filter((member) => !['length', 'name', 'prototype'].includes(member))
        .map((member) => `${name}.${member}`)
    : [],
);

const factoriesOf = (choice: string) =>
  FACTORIES.filter((factory) => factory.startsWith(`${choice}.`)).map((factory) => factory.split('.')[1]);

interface Action {
  readonly Name: string;
  readonly Configuration: { readonly UserParameters?: string };
}

const { template } = pipelineWith((stack) => fullProps(stack));
const [pipeline] = Object.values(template.findResources('AWS::CodePipeline::Pipeline'));
const ACTIONS: Action[] = pipeline.Properties.Stages.flatMap(({ Actions }: { Actions: Action[] }) => Actions);
const stepOf = ({ Configuration }: Action) => /"step":"(\w+)"/.exec(JSON.stringify(Configuration).replace(/\\/g, ''));

test('the factories are found', () => {
  expect(FACTORIES).toEqual(expect.arrayContaining(['DeploymentAlarm.errors', 'Source.s3', 'TargetFunction.create']));
});

test.each(FACTORIES)('docs/guide.md describes %s', (factory) => {
  expect(read('docs/guide.md')).toMatch(new RegExp(`\\b${factory.replace('.', '\\.')}\\b`));
});

test.each(STEPS.map((step) => [step]))('an action runs the step %s, and docs/resources.md describes it', (step) => {
  const action = ACTIONS.find((each) => stepOf(each)?.[1] === step);
  expect(read('docs/resources.md')).toContain(`\`${action?.Name}\``);
});

test.each(Object.values(STAGES))('docs/resources.md describes the stage %s', (stage) => {
  expect(read('docs/resources.md')).toContain(`| \`${stage}\` |`);
});

function optionsOf(kind: string, failures: cloudwatch.IMetric): object {
  const maximum = Duration.seconds(1);
  return { duration: { maximum }, latency: { maximum }, versionMetric: { failures } }[kind as 'duration'] ?? {};
}

/** The metrics of an alarm of the stack, or of the alarm that the release function creates for a version. */
function metricsOf(kind: string): string[] {
  const factory = construct.DeploymentAlarm[kind as 'versionMetric'] as (options: object) => construct.DeploymentAlarm;
  const failures = new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Errors' });
  const bound = pipelineWith({ alarms: [factory(optionsOf(kind, failures))] }).template;
  const [alarm] = Object.values(bound.findResources('AWS::CloudWatch::Alarm'));
  return alarm ? [alarm.Properties.MetricName] : ['Invocations', kind === 'latency' ? 'Duration' : 'Errors'];
}

test.each(factoriesOf('DeploymentAlarm').filter((kind) => kind !== 'existing'))(
  'docs/rehearsal.md names the metrics of DeploymentAlarm.%s',
  (kind) => {
    const row = read('docs/rehearsal.md')
      .split('\n')
      .find((line) => line.includes('by function, alias and executed version'));
    metricsOf(kind).forEach((metric) => expect(row).toContain(metric));
  },
);

test.each(factoriesOf('Source'))('a test rehearses Source.%s', (kind) => {
  const tests = [...filesIn('test/rehearsal'), 'test/support/stacks.ts'].map(read);
  expect(tests.some((text) => text.includes(`Source.${kind}(`))).toBe(true);
});

test('CONTRIBUTING.md names files that exist', () => {
  const named = [...read('CONTRIBUTING.md').matchAll(/`((?:\.?[\w-]+\/)*[\w.-]*\/?)`/g)]
    .map(([, file]) => file)
    .filter(
      (file) =>
        /\/|\.(ts|md|json)$/.test(file) && /^(src|test|rehearsal|docs|projenrc|languages|examples)\//.test(file),
    );
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((file) => !fs.existsSync(path.join(__dirname, '..', file)))).toEqual([]);
});
