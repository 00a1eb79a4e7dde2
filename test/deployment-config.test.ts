import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { DeploymentConfig } from '../src';
import { pipelineWith } from './support/stacks';
import { flat, logicalIds, propertiesOf, resourcesOf, statementsOf } from './support/template-queries';

const made = (deploymentConfig?: DeploymentConfig) =>
  propertiesOf(pipelineWith({ deploymentConfig }).template, 'AWS::CodeDeploy::DeploymentConfig');
const minutes = Duration.minutes;

describe('deploymentConfig', () => {
  test('shifts all traffic at once by default', () => {
    expect(made()).toEqual({
      ComputePlatform: 'Lambda',
      DeploymentConfigName: 'inventory-allocation-config',
      TrafficRoutingConfig: { Type: 'AllAtOnce' },
    });
  });

  test('shifts the same share again and again when it is linear', () => {
    expect(made(DeploymentConfig.linear({ percentage: 25, interval: minutes(10) })).TrafficRoutingConfig).toEqual({
      Type: 'TimeBasedLinear',
      TimeBasedLinear: { LinearPercentage: 25, LinearInterval: 10 },
    });
  });

  test('shifts a first share and then the rest when it is a canary', () => {
    expect(made(DeploymentConfig.canary({ percentage: 10, interval: Duration.hours(1) })).TrafficRoutingConfig).toEqual(
      {
        Type: 'TimeBasedCanary',
        TimeBasedCanary: { CanaryPercentage: 10, CanaryInterval: 60 },
      },
    );
  });

  test.each([
    ['all at once', DeploymentConfig.allAtOnce(), 'inventory-allocation-config'],
    [
      'linear',
      DeploymentConfig.linear({ percentage: 25, interval: minutes(10) }),
      'inventory-allocation-config-linear-25-10m',
    ],
    [
      'canary',
      DeploymentConfig.canary({ percentage: 10, interval: minutes(60) }),
      'inventory-allocation-config-canary-10-60m',
    ],
  ])('has its numbers in its name, because CodeDeploy changes none: %s', (_, deploymentConfig, name) => {
    expect(made(deploymentConfig).DeploymentConfigName).toBe(name);
  });

  test('has no minimum of healthy hosts, which Lambda does not know', () => {
    expect(made()).not.toHaveProperty('MinimumHealthyHosts');
  });

  test.each([
    DeploymentConfig.allAtOnce({ deploymentConfigName: 'own' }),
    DeploymentConfig.linear({ percentage: 25, interval: minutes(10), deploymentConfigName: 'own' }),
    DeploymentConfig.canary({ percentage: 25, interval: minutes(10), deploymentConfigName: 'own' }),
  ])('takes another name, because CodeDeploy changes none', (deploymentConfig) => {
    expect(made(deploymentConfig).DeploymentConfigName).toBe('own');
  });

  test('is used by the deployment group', () => {
    const { template } = pipelineWith();
    const [id] = logicalIds(template, 'AWS::CodeDeploy::DeploymentConfig');
    expect(propertiesOf(template, 'AWS::CodeDeploy::DeploymentGroup').DeploymentConfigName).toEqual({ Ref: id });
  });

  test('creates nothing for an existing configuration', () => {
    const { template } = pipelineWith({
      deploymentConfig: DeploymentConfig.existing(codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES),
    });
    template.resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 0);
    expect(propertiesOf(template, 'AWS::CodeDeploy::DeploymentGroup').DeploymentConfigName).toBe(
      'CodeDeployDefault.LambdaCanary10Percent5Minutes',
    );
  });

  test('may not be an existing configuration for servers', () => {
    const deploymentConfig = DeploymentConfig.existing(codedeploy.ServerDeploymentConfig.ONE_AT_A_TIME);
    expect(() => pipelineWith({ deploymentConfig })).toThrow(
      'deploymentConfig of DeploymentConfig.existing must be a configuration for Lambda functions, ' +
        'got "CodeDeployDefault.OneAtATime"',
    );
  });

  test('may not be a configuration of another Region', () => {
    const app = new App();
    const account = '111122223333';
    const elsewhere = new Stack(app, 'Elsewhere', { env: { account, region: 'us-east-1' } });
    const trafficRouting = codedeploy.TrafficRouting.allAtOnce();
    const config = new codedeploy.LambdaDeploymentConfig(elsewhere, 'Config', { trafficRouting });
    const stack = new Stack(app, 'Stack', { env: { account, region: 'eu-west-1' } });
    expect(() => pipelineWith({ deploymentConfig: DeploymentConfig.existing(config) }, stack)).toThrow(
      'deploymentConfig of DeploymentConfig.existing must be in the Region of the pipeline, eu-west-1, got us-east-1',
    );
  });

  test('may be read by the release function, and all at once for a first release', () => {
    const { template } = pipelineWith({
      deploymentConfig: DeploymentConfig.existing(codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES),
    });
    expect(
      resourcesOf(statementsOf(template, 'PipelineReleaseFunctionServiceRole'), 'codedeploy:GetDeploymentConfig').map(
        (arn) => arn.split(':').at(-1),
      ),
    ).toEqual(['CodeDeployDefault.LambdaCanary10Percent5Minutes', 'CodeDeployDefault.LambdaAllAtOnce']);
  });

  test('takes numbers that are known at deployment only', () => {
    const { template } = pipelineWith((stack) => ({
      deploymentConfig: DeploymentConfig.linear({
        percentage: new CfnParameter(stack, 'Percentage', { type: 'Number' }).valueAsNumber,
        interval: minutes(new CfnParameter(stack, 'Interval', { type: 'Number' }).valueAsNumber),
      }),
    }));
    const { TimeBasedLinear } = propertiesOf(template, 'AWS::CodeDeploy::DeploymentConfig').TrafficRoutingConfig;
    expect([flat(TimeBasedLinear.LinearPercentage), flat(TimeBasedLinear.LinearInterval)]).toEqual([
      '${Percentage}',
      '${Interval}',
    ]);
  });
});

describe('a deployment that takes two days', () => {
  test.each([
    ['canary', () => DeploymentConfig.canary({ percentage: 10, interval: minutes(2880) })],
    ['linear', () => DeploymentConfig.linear({ percentage: 50, interval: minutes(2880) })],
    ['linear, counted from the first shift', () => DeploymentConfig.linear({ percentage: 25, interval: minutes(960) })],
  ])('is allowed: %s', (_, config) => {
    expect(config).not.toThrow();
  });
});

describe('fails when', () => {
  const WHOLE = 'an integer between 1 and 99';
  const NO_STEPS = 'to shift all traffic at once use DeploymentConfig.allAtOnce()';

  test.each([
    ['linear', 0],
    ['linear', 100],
    ['linear', 12.5],
    ['linear', -1],
    ['canary', 0],
    ['canary', 100],
  ] as const)('the percentage of %s is %d', (kind, percentage) => {
    expect(() => DeploymentConfig[kind]({ percentage, interval: minutes(1) })).toThrow(
      `percentage of DeploymentConfig.${kind} must be ${WHOLE}, got ${percentage}; ${NO_STEPS}`,
    );
  });

  test.each([
    ['linear', Duration.seconds(90), '1 minute 30 seconds'],
    ['canary', Duration.seconds(30), '30 seconds'],
    ['canary', minutes(0), '0 minutes'],
  ] as const)('the interval of %s is not in whole minutes: %s', (kind, interval, given) => {
    expect(() => DeploymentConfig[kind]({ percentage: 10, interval })).toThrow(
      `interval of DeploymentConfig.${kind} must be whole minutes, at least 1 (CodeDeploy's unit), got ${given}; ` +
        'for example Duration.minutes(10)',
    );
  });

  test.each([
    ['canary', 10, minutes(2881), 2881],
    ['linear', 10, Duration.hours(6), 3240],
  ] as const)('%s takes longer than two days', (kind, percentage, interval, total) => {
    expect(() => DeploymentConfig[kind]({ percentage, interval })).toThrow(
      `interval of DeploymentConfig.${kind} must be short enough to shift all traffic within 2 days (CodeDeploy's limit), ` +
        `got ${interval.toHumanString()}, which takes ${total} minutes with a percentage of ${percentage}; ` +
        'use a shorter interval or a higher percentage',
    );
  });

  test.each(['CodeDeployDefault.Mine', 'with space', 'x'.repeat(101), ''])('the name is %j', (deploymentConfigName) => {
    expect(() => DeploymentConfig.allAtOnce({ deploymentConfigName })).toThrow(
      'deploymentConfigName must be 1 to 100 letters, digits, and + = , . @ - _, and must not start with "CodeDeployDefault.", ' +
        `got ${JSON.stringify(deploymentConfigName)}; choose another name`,
    );
  });
});

describe('a shift that is longer than CodePipeline watches an action', () => {
  const warnings = (duration: number) => {
    const { stack } = pipelineWith({
      deploymentConfig: DeploymentConfig.canary({ percentage: 10, interval: Duration.minutes(duration) }),
    });
    return stack.node
      .findAll()
      .flatMap((each) => each.node.metadata)
      .filter(({ type }) => type === 'aws:cdk:warning')
      .map(({ data }) => String(data));
  };

  test('causes a warning', () => {
    expect(warnings(2880)).toEqual([
      expect.stringContaining(
        'the traffic shift takes 2880 minutes, but CodePipeline stops an action after a day: the run fails while the deployment ' +
          'continues, and nobody is notified of the result; use a shorter interval or a higher percentage',
      ),
    ]);
  });

  test('begins at 23 hours', () => {
    expect(warnings(23 * 60)).toEqual([]);
  });
});
