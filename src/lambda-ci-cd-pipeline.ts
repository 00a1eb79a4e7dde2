import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { createApprovalActions } from './approval';
import { createArtifactBucket } from './artifact-store';
import { createBuildProject, packedDirectory } from './build-project';
import { createDeployment, Deployment } from './deployment';
import { DeploymentAlarm } from './deployment-alarm';
import { DeploymentConfig } from './deployment-config';
import {
  ARTIFACTS,
  CHECK_VARIABLES,
  DEPLOY_VARIABLES,
  IGNORE_ALARMS_VARIABLE,
  nameOf,
  PUBLISH_VARIABLES,
  STAGES,
  StepParameters,
  VERIFY_ACTION,
} from './handlers/release/contract';
import { LambdaCiCdPipelineProps, validateProps, validateSource } from './lambda-ci-cd-pipeline-props';
import { createNotificationRules, createNotificationTopic, NotificationConfig } from './notification';
import { requireTimelyAlarms } from './private/alarm-window';
import { claimAlias, claimProjectName } from './private/name-clash';
import { nameDefaultPolicy } from './private/service-role';
import { acknowledgeStepActions, createStepAction, whenFunctionIsMissing } from './private/step-action';
import { bakes, createReleaseFunction } from './release-function';
import { SourceConfig } from './source/config';
import { TargetFunctionConfig } from './target-function/config';
import { ILiveAlias } from './target-function/live-alias';
import { createVerificationProject, VerificationOptions } from './verification';

/**
 * A CI/CD pipeline from a repository to a Lambda function: it creates the function, builds and tests the code,
 * publishes a version, shifts the traffic of the alias, watches alarms, and rolls back.
 *
 * @example
 * new LambdaCiCdPipeline(this, 'Pipeline', {
 *   projectName: 'inventory-allocation',
 *   source: Source.connection('acme/inventory-allocation'),
 *   targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' }),
 * });
 */
export class LambdaCiCdPipeline extends Construct {
  /** The pipeline. Stages that you add to it get the permissions that they need. */
  public readonly pipeline: codepipeline.Pipeline;
  /** The CodeDeploy application. */
  public readonly application: codedeploy.ILambdaApplication;
  /** The CodeDeploy deployment group. */
  public readonly deploymentGroup: codedeploy.ILambdaDeploymentGroup;
  /** The CodeDeploy deployment configuration. */
  public readonly deploymentConfig: codedeploy.ILambdaDeploymentConfig;
  /** The alarms that stop a deployment. */
  public readonly alarms: cloudwatch.IAlarm[];
  /** The artifact bucket. */
  public readonly artifactBucket: s3.IBucket;
  /** The function. It exists from the first deployment of the stack. */
  public readonly targetFunction: lambda.IFunction;
  /** The alias that callers invoke. It exists from the first deployment of the stack. */
  public readonly alias: ILiveAlias;
  /** Service role of the pipeline. */
  public readonly pipelineRole: iam.IRole;
  /** Service role of CodeDeploy. */
  public readonly deploymentRole: iam.IRole;
  private readonly project?: codebuild.Project;

  constructor(scope: Construct, id: string, props: LambdaCiCdPipelineProps) {
    super(scope, id);
    validateProps(props);
    claimProjectName(this, props.projectName);
    const { projectName } = props;

    this.artifactBucket = createArtifactBucket(this, projectName, props.artifactStore);
    const target = props.targetFunction._bind(this, { projectName, artifactBucket: this.artifactBucket });
    claimAlias(this, target);
    const deploymentConfig = props.deploymentConfig ?? DeploymentConfig.allAtOnce();
    this.deploymentConfig = deploymentConfig._bind(this, projectName);
    this.alarms = this.createAlarms(props, target, deploymentConfig._minutes);

    this.pipelineRole = props.pipelineRole ?? this.createPipelineRole(projectName);
    this.pipeline = this.createPipeline(projectName);
    const sourceOutput = new codepipeline.Artifact(ARTIFACTS.sourceOutput);
    const source = this.addSourceStage(props, sourceOutput);
    validateSource(props, { source, imageRepository: target.imageRepository });

    this.project = source.containerImage ? undefined : this.createBuildProject(props, target);
    const notices = props.notifications && createNotificationTopic(this, projectName, props.notifications);
    const release = this.createReleaseFunction(props, target, notices);
    const provided = target.provide(release);
    this.targetFunction = provided.targetFunction;
    this.alias = provided.alias;
    const deployment = this.createDeployment(props, target, release);
    this.application = deployment.application;
    this.deploymentGroup = deployment.deploymentGroup;
    this.deploymentRole = deployment.role;

    // A new pipeline starts a run. No other resource should fail after that.
    const before = [deployment.resource, target.configuration, provided.resource];
    this.pipeline.node.addDependency(...before.filter((each) => each !== undefined));
    this.addStages(props, {
      target,
      release,
      sourceOutput,
      revision: source.revision,
      sourceDirectory: this.project && packedDirectory(props.buildProject ?? {}),
    });
    if (notices) {
      createNotificationRules(this, this.pipeline, release, notices);
    }
    [this.pipelineRole, this.project?.role].forEach((role) => role && nameDefaultPolicy(this, role));
  }

  /** The CodeBuild project. Not available when the source is a container image. */
  public get buildProject(): codebuild.IProject {
    return this.project ?? unavailable('buildProject');
  }

  /** Service role of the build. Not available when the source is a container image. */
  public get buildRole(): iam.IRole {
    return this.project?.role ?? unavailable('buildRole');
  }

  private createAlarms(
    { projectName, alarms, bakeTime = BAKE_TIME }: LambdaCiCdPipelineProps,
    target: TargetFunctionConfig,
    shiftMinutes: number | undefined,
  ): cloudwatch.IAlarm[] {
    const all = alarms ?? [DeploymentAlarm.errors(), DeploymentAlarm.throttles()];
    requireTimelyAlarms(
      this,
      all.map(({ _timing }) => _timing),
      { shiftMinutes, bakeTime },
    );
    return all.map((alarm) => alarm._bind(this, { projectName, target }));
  }

  private createPipelineRole(projectName: string): iam.Role {
    return new iam.Role(this, 'CodePipelineServiceRole', {
      assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com'),
      description: `Runs the pipeline ${nameOf('pipeline', projectName)}`,
    });
  }

  private createPipeline(projectName: string): codepipeline.Pipeline {
    return new codepipeline.Pipeline(this, 'CodePipeline', {
      pipelineName: nameOf('pipeline', projectName),
      pipelineType: codepipeline.PipelineType.V2,
      // One run after the other: a run that overtakes another would deploy the older code last.
      executionMode: codepipeline.ExecutionMode.QUEUED,
      crossAccountKeys: false,
      // A change of the function's configuration changes the pipeline, and the next run releases the change.
      restartExecutionOnUpdate: true,
      role: this.pipelineRole,
      usePipelineRoleForActions: true,
      artifactBucket: this.artifactBucket,
      variables: [
        new codepipeline.Variable({
          variableName: IGNORE_ALARMS_VARIABLE,
          defaultValue: 'false',
          description: 'true deploys in this run even if an alarm is in the ALARM state, and does not watch the alarms',
        }),
      ],
    });
  }

  private createBuildProject(props: LambdaCiCdPipelineProps, target: TargetFunctionConfig): codebuild.Project {
    return createBuildProject(this, {
      projectName: props.projectName,
      projectDescription: props.projectDescription ?? props.projectName,
      target,
      codeArtifact: props.codeArtifact,
      options: props.buildProject ?? {},
    });
  }

  private createReleaseFunction(
    { projectName, bakeTime = BAKE_TIME, preTrafficHook, postTrafficHook, ...props }: LambdaCiCdPipelineProps,
    target: TargetFunctionConfig,
    notices?: NotificationConfig,
  ): lambda.Function {
    return createReleaseFunction(this, {
      projectName,
      buildProjectName: props.buildProject?.projectName ?? nameOf('buildProject', projectName),
      target,
      artifactBucket: this.artifactBucket,
      deploymentConfig: this.deploymentConfig,
      bakeTime,
      preTrafficHook,
      postTrafficHook,
      notices,
      watchesVerification: props.verification?.rollBack ?? props.verification !== undefined,
      role: props.releaseFunctionRole,
    });
  }

  private createDeployment(
    { projectName, bakeTime = BAKE_TIME, preTrafficHook, postTrafficHook, ...props }: LambdaCiCdPipelineProps,
    target: TargetFunctionConfig,
    release: lambda.IFunction,
  ): Deployment {
    return createDeployment(this, {
      projectName,
      target,
      deploymentConfig: this.deploymentConfig,
      alarms: this.alarms,
      autoRollback: props.autoRollback,
      bakeFunction: bakes(bakeTime) ? release : undefined,
      preTrafficHook,
      postTrafficHook,
      role: props.deploymentRole,
    });
  }

  private addStages(props: LambdaCiCdPipelineProps, parts: StageParts): void {
    this.addFunctionStages(parts);
    // An image source already provides the output of a build.
    const buildOutput = this.project ? this.addBuildStage(this.project, parts.sourceOutput) : parts.sourceOutput;
    if (props.approvals && props.approvals.length > 0) {
      this.pipeline.addStage({ stageName: STAGES.approve, actions: createApprovalActions(this, props.approvals) });
    }
    const versions = this.addDeployStage(buildOutput, parts);
    if (props.verification) {
      this.addVerifyStage(props.projectName, props.verification, parts, versions);
    }
    acknowledgeStepActions(this.pipelineRole, parts.release);
  }

  private addSourceStage(
    { projectName, source }: LambdaCiCdPipelineProps,
    output: codepipeline.Artifact,
  ): SourceConfig {
    const config = source.bind(this, {
      projectName,
      actionName: 'SourceAction',
      output,
      role: this.pipelineRole,
      pipeline: this.pipeline,
    });
    this.pipeline.addStage({ stageName: STAGES.source, actions: [config.action] });
    config.triggers?.forEach((trigger) => this.pipeline.addTrigger(trigger));
    return config;
  }

  private addFunctionStages({ target, release, sourceOutput, sourceDirectory }: StageParts): void {
    const inputs = [sourceOutput];
    const built = builtFor(target, sourceDirectory);
    const check = createStepAction(release, { step: 'check', ...built }, { inputs });
    this.pipeline.addStage({ stageName: STAGES.check, actions: [check] });
    const { templatePath, parametersPath, stackName } = target.template ?? {};
    const template = target.template && { templatePath, parametersPath, stackName };
    this.pipeline.addStage({
      stageName: STAGES.create,
      beforeEntry: whenFunctionIsMissing(check.variable(CHECK_VARIABLES.functionExists)),
      actions: [createStepAction(release, { step: 'create', ...template, ...(template && built) }, { inputs })],
    });
  }

  private addBuildStage(project: codebuild.IProject, input: codepipeline.Artifact): codepipeline.Artifact {
    const output = new codepipeline.Artifact(ARTIFACTS.buildOutput);
    this.pipeline.addStage({
      stageName: STAGES.build,
      actions: [new actions.CodeBuildAction({ actionName: 'BuildAction', project, input, outputs: [output] })],
    });
    return output;
  }

  /**
   * Publishes and deploys in one stage, because the next run could start between two stages. Returns the versions
   * before and after. See docs/decisions/014-publish-and-deploy-in-one-stage.md.
   */
  private addDeployStage(
    buildOutput: codepipeline.Artifact,
    { target, release, revision, sourceDirectory }: StageParts,
  ): Pick<StepParameters, 'previousVersion' | 'releasedVersion'> {
    const appSpecFile = new codepipeline.Artifact(ARTIFACTS.appSpecFile);
    const publish = createStepAction(
      release,
      { step: 'publish', description: revision, configuration: target.configurationDigest, sourceDirectory },
      { inputs: [buildOutput], outputs: [appSpecFile], runOrder: 1 },
    );
    const deploy = createStepAction(
      release,
      { step: 'deploy', ignoreAlarms: `#{variables.${IGNORE_ALARMS_VARIABLE}}` },
      { inputs: [buildOutput, appSpecFile], runOrder: 2 },
    );
    this.pipeline.addStage({ stageName: STAGES.deploy, actions: [publish, deploy] });
    return {
      previousVersion: publish.variable(PUBLISH_VARIABLES.currentVersion),
      releasedVersion: deploy.variable(DEPLOY_VARIABLES.currentVersion),
    };
  }

  /** The rollback runs beside the verification, because CodePipeline runs no action after a failed one. */
  private addVerifyStage(
    projectName: string,
    options: VerificationOptions,
    { target, release, sourceOutput }: StageParts,
    versions: Pick<StepParameters, 'previousVersion' | 'releasedVersion'>,
  ): void {
    const verify = new actions.CodeBuildAction({
      actionName: VERIFY_ACTION,
      project: createVerificationProject(this, { projectName, target, options }),
      input: sourceOutput,
      type: actions.CodeBuildActionType.TEST,
    });
    const stage = this.pipeline.addStage({ stageName: STAGES.verify, actions: [verify] });
    if (options.rollBack ?? true) {
      const executionId = codepipeline.GlobalVariables.executionId;
      stage.addAction(createStepAction(release, { step: 'rollback', executionId, ...versions }, {}));
    }
  }
}

const BAKE_TIME = Duration.minutes(5);

/** What the stages are made of. */
interface StageParts {
  readonly target: TargetFunctionConfig;
  readonly release: lambda.IFunction;
  readonly sourceOutput: codepipeline.Artifact;
  /** The revision of the source, for the descriptions of the published versions. */
  readonly revision?: string;
  /** The directory that a recipe packs; undefined if the user's own commands make the package. */
  readonly sourceDirectory?: string;
}

/** Returns the runtime of the recipe, if the pipeline does not configure the function and can't change its runtime. */
function builtFor(
  { configuration, runtime, architecture }: TargetFunctionConfig,
  packedFrom: string | undefined,
): Pick<StepParameters, 'runtime' | 'architecture'> {
  const isFixed = !configuration && packedFrom !== undefined && runtime.name !== lambda.Runtime.FROM_IMAGE.name;
  return isFixed ? { runtime: runtime.name, architecture: architecture.name } : {};
}

function unavailable(attribute: string): never {
  throw new Error(`${attribute} is not available, because the source of this pipeline is a container image`);
}
