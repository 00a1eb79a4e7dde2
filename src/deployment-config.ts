import { Annotations, Duration } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { Construct } from 'constructs';
import { refuse, requireInteger, requirePattern } from './private/validation';

/** CodeDeploy's limit from the first shift to the last: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const LONGEST_SHIFT_MINUTES = 2880;

/** CodePipeline's for an action that invokes a function, less what the hooks may take: https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html */
const LONGEST_WATCH_MINUTES = 23 * 60;

/** Options of `DeploymentConfig.allAtOnce`. */
export interface AllAtOnceOptions {
  /**
   * Name of the deployment configuration. CodeDeploy never changes one: to change the numbers of a pipeline that is deployed, give another name.
   *
   * @default - `<projectName>-config`
   */
  readonly deploymentConfigName?: string;
}

/** Options of `DeploymentConfig.linear` and `DeploymentConfig.canary`. */
export interface TimeBasedOptions extends AllAtOnceOptions {
  /** Share of the traffic that each step (linear) or the first step (canary) shifts: 1 to 99 percent. */
  readonly percentage: number;
  /** Time between two steps, in whole minutes. From the first shift to the last it may be two days at most. */
  readonly interval: Duration;
}

/**
 * How the traffic moves to a new version.
 *
 * @example
 * const deploymentConfig = DeploymentConfig.linear({ percentage: 25, interval: Duration.minutes(10) });
 */
export abstract class DeploymentConfig {
  /** All traffic at once. */
  public static allAtOnce(options: AllAtOnceOptions = {}): DeploymentConfig {
    return new NewDeploymentConfig(codedeploy.TrafficRouting.allAtOnce(), options.deploymentConfigName);
  }

  /** The same share again and again, until all traffic has moved. */
  public static linear(options: TimeBasedOptions): DeploymentConfig {
    // The first step is at once, so that 25 % every 10 minutes takes 30 minutes.
    const minutes = (Math.ceil(100 / options.percentage) - 1) * validateTimes('linear', options);
    validateTotal('linear', options, minutes);
    return new NewDeploymentConfig(
      codedeploy.TrafficRouting.timeBasedLinear(options),
      options.deploymentConfigName,
      minutes,
    );
  }

  /** A first share, and the rest after the interval. */
  public static canary(options: TimeBasedOptions): DeploymentConfig {
    const minutes = validateTimes('canary', options);
    validateTotal('canary', options, minutes);
    return new NewDeploymentConfig(
      codedeploy.TrafficRouting.timeBasedCanary(options),
      options.deploymentConfigName,
      minutes,
    );
  }

  /**
   * A deployment configuration that exists.
   *
   * @param deploymentConfig one of CodeDeploy's, such as `LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES`, or one that you made
   */
  public static existing(deploymentConfig: codedeploy.ILambdaDeploymentConfig): DeploymentConfig {
    return new ExistingDeploymentConfig(deploymentConfig);
  }

  /** @internal */
  public abstract _bind(scope: Construct, projectName: string): codedeploy.ILambdaDeploymentConfig;
}

class NewDeploymentConfig extends DeploymentConfig {
  constructor(
    private readonly trafficRouting: codedeploy.TrafficRouting,
    private readonly name?: string,
    private readonly minutes = 0,
  ) {
    super();
    requirePattern(name, /^(?!CodeDeployDefault\.)[\w+=,.@-]{1,100}$/, {
      prop: 'deploymentConfigName',
      allowed: '1 to 100 letters, digits and + = , . @ - _, not beginning with "CodeDeployDefault."',
      remedy: 'choose another name',
    });
  }

  public _bind(scope: Construct, projectName: string): codedeploy.ILambdaDeploymentConfig {
    if (this.minutes > LONGEST_WATCH_MINUTES) {
      Annotations.of(scope).addWarningV2(
        'cdk-lambda-ci-cd-pipeline:longer-than-a-day',
        `the traffic shifts for ${this.minutes} minutes, and CodePipeline ends an action after a day: the run then ends red although CodeDeploy goes on, ` +
          'and nobody is told how it ended; use a shorter interval or a higher percentage',
      );
    }
    return new codedeploy.LambdaDeploymentConfig(scope, 'CodeDeployDeploymentConfig', {
      deploymentConfigName: this.name ?? `${projectName}-config`,
      trafficRouting: this.trafficRouting,
    });
  }
}

class ExistingDeploymentConfig extends DeploymentConfig {
  constructor(private readonly deploymentConfig: codedeploy.ILambdaDeploymentConfig) {
    super();
  }

  public _bind(): codedeploy.ILambdaDeploymentConfig {
    return this.deploymentConfig;
  }
}

function validateTimes(kind: string, options: TimeBasedOptions): number {
  requireInteger(
    `percentage of DeploymentConfig.${kind}`,
    options.percentage,
    1,
    99,
    'for all the traffic in one step use DeploymentConfig.allAtOnce()',
  );
  if (options.interval.isUnresolved()) {
    return 0;
  }
  const minutes = options.interval.toMinutes({ integral: false });
  if (!Number.isInteger(minutes) || minutes < 1) {
    refuse({
      prop: `interval of DeploymentConfig.${kind}`,
      allowed: 'whole minutes, at least one',
      given: options.interval.toHumanString(),
      remedy: 'CodeDeploy counts in minutes: use Duration.minutes(n)',
    });
  }
  return minutes;
}

function validateTotal(kind: string, options: TimeBasedOptions, minutes: number): void {
  if (minutes > LONGEST_SHIFT_MINUTES) {
    refuse({
      prop: `DeploymentConfig.${kind}`,
      allowed: `done within two days (${LONGEST_SHIFT_MINUTES} minutes) from the first shift to the last`,
      given: `${options.percentage} % with an interval of ${options.interval.toHumanString()}, which takes ${minutes} minutes`,
      remedy: 'use a shorter interval or a higher percentage',
    });
  }
}
