import { App, Duration, Token } from 'aws-cdk-lib';
import { DeploymentAlarm, DeploymentConfig, LambdaCiCdPipeline, LambdaCiCdPipelineProps, Source } from '../../src';
import { addPipeline, MINIMAL, newStack } from '../support/stacks';

const pipeline = (props: Partial<LambdaCiCdPipelineProps>) => () => addPipeline(props, newStack());
const number = Token.asNumber({ Ref: 'Number' });

test.each<[string, () => unknown, string]>([
  [
    'an empty description',
    pipeline({ projectDescription: ' ' }),
    'projectDescription must be 1 to 200 characters, got " "; ',
  ],
  [
    'a long description',
    pipeline({ projectDescription: 'a'.repeat(201) }),
    'projectDescription must be 1 to 200 characters, got 201 characters; ',
  ],
  [
    'a project with spaces',
    pipeline({ buildProject: { projectName: 'my project' } }),
    'buildProject.projectName must be 2 to 150 letters, digits, hyphens, and underscores, ',
  ],
  [
    'no concurrent builds',
    pipeline({ buildProject: { concurrentBuildLimit: 0 } }),
    'buildProject.concurrentBuildLimit must be an integer between 1 and 10000, got 0; ',
  ],
  [
    'a combination that the CDK refuses',
    pipeline({ buildProject: { badge: true } }),
    'buildProject must be valid for the CDK; the CDK reports: Badge is not supported for source type CODEPIPELINE',
  ],
  [
    'an empty command',
    pipeline({ buildProject: { buildCommands: ['make', ''] } }),
    'buildProject.buildCommands[1] must be a command that runs something, got ""; ',
  ],
  [
    'a prefix without a bucket',
    pipeline({ artifactStore: { serverAccessLogsPrefix: 'logs' } }),
    'artifactStore.serverAccessLogsPrefix must be omitted without serverAccessLogsBucket, got "logs"; ',
  ],
  [
    'an expiration of half a day',
    pipeline({ artifactStore: { expiration: Duration.hours(180) } }),
    'artifactStore.expiration must be a whole number of days, got 7 days 12 hours; ',
  ],
  [
    'a timeout in a token of another unit',
    pipeline({ buildProject: { timeout: Duration.hours(number) } }),
    'buildProject.timeout must be given in minutes, because the CDK cannot convert a token to another unit, ' +
      'got a token in hours; use Duration.minutes',
  ],
  [
    'a timeout of an approval that is a token',
    pipeline({ approvals: [{ timeout: Duration.minutes(number) }] }),
    'timeout of approvals must be known at synthesis, because the CDK checks the timeout of an approval, got a token; ',
  ],
  [
    'an interval in a token of another unit',
    () => DeploymentConfig.canary({ percentage: 10, interval: Duration.seconds(number) }),
    'interval of DeploymentConfig.canary must be given in minutes, ',
  ],
  [
    'a period that is a token',
    () => DeploymentAlarm.errors({ period: Duration.seconds(number) }),
    'period of LambdaErrorsAlarm must be known at synthesis, because the CDK checks the period of a metric, got a token; ',
  ],
  [
    'a statistic that CloudWatch does not have',
    () => DeploymentAlarm.duration({ maximum: Duration.seconds(1), statistic: 'Mean' }),
    'statistic of DeploymentAlarm.duration must be a statistic of CloudWatch, got "Mean"; ',
  ],
  [
    'a maximum of nothing',
    () => DeploymentAlarm.duration({ maximum: Duration.seconds(0) }),
    'maximum of DeploymentAlarm.duration must be between ',
  ],
  [
    'a host that is no ARN',
    () => Source.connection('acme/orders', { hostArn: 'my-host' }),
    'hostArn must be the ARN of a host, ',
  ],
  [
    'a filter without patterns',
    () => Source.connection('acme/orders', { pushFilter: [{}] }),
    'pushFilter must be a list of filters with patterns, got a filter without patterns; ',
  ],
  [
    'an empty pattern',
    () => Source.connection('acme/orders', { pushFilter: [{ branchesIncludes: [''] }] }),
    'pushFilter.branchesIncludes[0] must be 1 to 255 characters, got ""; ',
  ],
  [
    'a branch that Git does not accept',
    () => Source.connection('acme/orders', { branch: '../main' }),
    'branch must be the name of a single branch, got "../main"; ',
  ],
  [
    'an app instead of a stack',
    () => new LambdaCiCdPipeline(new App(), 'Pipeline', MINIMAL),
    'scope of LambdaCiCdPipeline must be valid for the CDK; the CDK reports: ',
  ],
  [
    'an empty id',
    () => new LambdaCiCdPipeline(newStack(), '', MINIMAL),
    'id of LambdaCiCdPipeline must be a text, got ""; ',
  ],
])('fails with %s', (_, given, message) => {
  expect(given).toThrow(message);
});

test.each(['p99', 'p99.9', 'Average', 'tm95', 'TM(10%:90%)', 'IQM'])('accepts the statistic %s', (statistic) => {
  expect(() => DeploymentAlarm.duration({ maximum: Duration.seconds(1), statistic })).not.toThrow();
});
