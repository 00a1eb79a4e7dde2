import { Annotations, Duration, IResource } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { Construct } from 'constructs';
import { nameOf } from './handlers/release/contract';
import { requireSamePlace } from './private/given-resource';
import { requireInput } from './private/input';
import { isKnown, refuse, requireInteger, requirePattern, requireUnit } from './private/validation';

/**
 * CodeDeploy's limit between the first and the last traffic shift.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
 */
const MAXIMUM_SHIFT = Duration.days(2);

/**
 * CodePipeline's limit for an action that invokes a function, minus one hour for the hooks.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
 */
const MAXIMUM_WATCH_MINUTES = 23 * 60;

/** Options for `DeploymentConfig.allAtOnce`. */
export interface AllAtOnceOptions {
  /**
   * Name of the deployment configuration. CodeDeploy cannot change a deployment configuration: to change the numbers of
   * a deployed pipeline, use another name.
   *
   * @default - `<projectName>-config` with the numbers, for example `inventory-config-linear-25-10m`; CloudFormation
   * generates the name if the numbers are known at deployment only
   */
  readonly deploymentConfigName?: string;
}

/** Options for `DeploymentConfig.linear` and `DeploymentConfig.canary`. */
export interface TimeBasedOptions extends AllAtOnceOptions {
  /** Percentage of the traffic to shift in each step (linear) or in the first step (canary): between 1 and 99. */
  readonly percentage: number;
  /**
   * Time between two traffic shifts, in whole minutes. At most two days may pass between the first and the last shift.
   */
  readonly interval: Duration;
}

/**
 * How the traffic shifts to a new version.
 *
 * @example
 * const deploymentConfig = DeploymentConfig.linear({ percentage: 25, interval: Duration.minutes(10) });
 */
export abstract class DeploymentConfig {
  /** Shifts all traffic at once. */
  public static allAtOnce(options: AllAtOnceOptions = {}): DeploymentConfig {
    requireInput('DeploymentConfig.allAtOnce', { options });
    return new NewDeploymentConfig({
      trafficRouting: codedeploy.TrafficRouting.allAtOnce(),
      name: options.deploymentConfigName,
      suffix: '',
      minutes: 0,
    });
  }

  /** Shifts the same percentage at each interval, until all traffic has shifted. */
  public static linear(options: TimeBasedOptions): DeploymentConfig {
    requireInput('DeploymentConfig.linear', { options });
    // The first shift happens immediately: 25 % every 10 minutes takes 30 minutes.
    const minutes = (Math.ceil(100 / options.percentage) - 1) * validateTimes('linear', options);
    validateTotal('linear', options, minutes);
    return new NewDeploymentConfig({
      trafficRouting: codedeploy.TrafficRouting.timeBasedLinear(options),
      name: options.deploymentConfigName,
      ...timesOf('linear', options, minutes),
    });
  }

  /** Shifts a first percentage, and the rest after the interval. */
  public static canary(options: TimeBasedOptions): DeploymentConfig {
    requireInput('DeploymentConfig.canary', { options });
    const minutes = validateTimes('canary', options);
    validateTotal('canary', options, minutes);
    return new NewDeploymentConfig({
      trafficRouting: codedeploy.TrafficRouting.timeBasedCanary(options),
      name: options.deploymentConfigName,
      ...timesOf('canary', options, minutes),
    });
  }

  /**
   * An existing deployment configuration.
   *
   * @param deploymentConfig predefined, such as `LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES`, or your own
   */
  public static existing(deploymentConfig: codedeploy.ILambdaDeploymentConfig): DeploymentConfig {
    requireInput('DeploymentConfig.existing', { deploymentConfig });
    return new ExistingDeploymentConfig(deploymentConfig);
  }

  /**
   * Minutes between the first and the last traffic shift; undefined if unknown.
   *
   * @internal
   */
  public abstract readonly _minutes?: number;

  /** @internal */
  public abstract _bind(scope: Construct, projectName: string): codedeploy.ILambdaDeploymentConfig;
}

interface NewDeploymentConfigProps {
  readonly trafficRouting: codedeploy.TrafficRouting;
  /** The name that the user gave. */
  readonly name?: string;
  /** The end of the default name; undefined if the numbers are unknown. */
  readonly suffix?: string;
  readonly minutes?: number;
}

/**
 * Returns the end of the default name of a linear configuration or a canary.
 *
 * @internal
 */
export function configSuffix(kind: string, percentage: number, minutes: number): string {
  return `-${kind}-${percentage}-${minutes}m`;
}

/** Returns the numbers for the name, because a changed configuration must be a new one. */
function timesOf(
  kind: string,
  { percentage, interval }: TimeBasedOptions,
  minutes: number,
): Pick<NewDeploymentConfigProps, 'suffix' | 'minutes'> {
  const isNumeric = isKnown(percentage) && !interval.isUnresolved();
  return isNumeric ? { suffix: configSuffix(kind, percentage, interval.toMinutes()), minutes } : {};
}

class NewDeploymentConfig extends DeploymentConfig {
  public readonly _minutes?: number;

  constructor(private readonly props: NewDeploymentConfigProps) {
    super();
    this._minutes = props.minutes;
    requirePattern(props.name, /^(?!CodeDeployDefault\.)[\w+=,.@-]{1,100}$/, {
      prop: 'deploymentConfigName',
      allowed: '1 to 100 letters, digits, and + = , . @ - _, and must not start with "CodeDeployDefault."',
      remedy: 'choose another name',
    });
  }

  public _bind(scope: Construct, projectName: string): codedeploy.ILambdaDeploymentConfig {
    const { name, suffix, minutes = 0, trafficRouting } = this.props;
    if (minutes > MAXIMUM_WATCH_MINUTES) {
      Annotations.of(scope).addWarningV2(
        'cdk-lambda-ci-cd-pipeline:longer-than-a-day',
        `the traffic shift takes ${minutes} minutes, but CodePipeline stops an action after a day: the run ` +
          'fails while the deployment continues, and nobody is notified of the result; ' +
          'use a shorter interval or a higher percentage',
      );
    }
    const defaultName = suffix === undefined ? undefined : `${nameOf('deploymentConfig', projectName)}${suffix}`;
    return new codedeploy.LambdaDeploymentConfig(scope, 'CodeDeployDeploymentConfig', {
      deploymentConfigName: name ?? defaultName,
      trafficRouting,
    });
  }
}

class ExistingDeploymentConfig extends DeploymentConfig {
  public readonly _minutes?: number;

  constructor(private readonly deploymentConfig: codedeploy.ILambdaDeploymentConfig) {
    super();
    this._minutes = deploymentConfig.deploymentConfigName === 'CodeDeployDefault.LambdaAllAtOnce' ? 0 : undefined;
  }

  public _bind(scope: Construct): codedeploy.ILambdaDeploymentConfig {
    const { deploymentConfigName, deploymentConfigArn } = this.deploymentConfig;
    const prop = 'deploymentConfig of DeploymentConfig.existing';
    // The type has the same members for servers and for ECS.
    requirePattern(deploymentConfigName, /^(?!CodeDeployDefault\.(?!Lambda))/, {
      prop,
      allowed: 'a configuration for Lambda functions',
      remedy: 'for example codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES',
    });
    // A predefined configuration is not a construct, and its ARN is in the Region of the pipeline.
    if (Construct.isConstruct(this.deploymentConfig)) {
      requireSamePlace(scope, prop, this.deploymentConfig as unknown as IResource, deploymentConfigArn);
    }
    return this.deploymentConfig;
  }
}

/** Returns the minutes of the interval, or 0 if the interval is a token. */
function validateTimes(kind: string, options: TimeBasedOptions): number {
  requireInteger(
    `percentage of DeploymentConfig.${kind}`,
    options.percentage,
    1,
    99,
    'to shift all traffic at once use DeploymentConfig.allAtOnce()',
  );
  if (options.interval.isUnresolved()) {
    requireUnit(`interval of DeploymentConfig.${kind}`, options.interval, 'minutes');
    return 0;
  }
  const minutes = options.interval.toMinutes({ integral: false });
  if (!Number.isInteger(minutes) || minutes < 1) {
    refuse({
      prop: `interval of DeploymentConfig.${kind}`,
      allowed: "whole minutes, at least 1 (CodeDeploy's unit)",
      given: options.interval,
      remedy: 'for example Duration.minutes(10)',
    });
  }
  return minutes;
}

function validateTotal(kind: string, { percentage, interval }: TimeBasedOptions, minutes: number): void {
  if (minutes > MAXIMUM_SHIFT.toMinutes()) {
    refuse({
      prop: `interval of DeploymentConfig.${kind}`,
      allowed: `short enough to shift all traffic within ${MAXIMUM_SHIFT.toHumanString()} (CodeDeploy's limit)`,
      described: `${interval.toHumanString()}, which takes ${minutes} minutes with a percentage of ${percentage}`,
      remedy: 'use a shorter interval or a higher percentage',
    });
  }
}
