import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { createApprovalActions } from './approval';
import { createArtifactBucket } from './artifact-store';
import { createBuildProject, packedDirectory } from './build-project';
import { configurationStackName, createConfigurationRule } from './configuration-change';
import { createDeployment, Deployment } from './deployment';
import { bindAlarms, BoundAlarms, defaultAlarms, defaultBakeTime } from './deployment-alarm/bind-alarms';
import { DeploymentConfig } from './deployment-config';
import {
  ARTIFACTS,
  CHECK_VARIABLES,
  CONFIGURATION_ONLY_VARIABLE,
  DEPLOY_VARIABLES,
  IGNORE_ALARMS_VARIABLE,
  nameOf,
  PUBLISH_VARIABLES,
  SOURCE_ACTION,
  STAGES,
  StepParameters,
  VERIFY_ACTION,
  VersionAlarm,
} from './handlers/release/contract';
import { bindSource, LambdaCiCdPipelineProps, validateArguments, validateSource } from './lambda-ci-cd-pipeline-props';
import { createNotificationRules, createNotificationTopic, NotificationConfig } from './notification';
import { claimAlias, claimProjectName } from './private/name-clash';
import { createPipelineRole, NamedPipeline } from './private/named-pipeline';
import { pipelineVariables } from './private/pipeline-variables';
import { nameDefaultPolicy } from './private/service-role';
import { acknowledgeStepActions, builtFor, createStepAction, whenFunctionIsMissing } from './private/step-action';
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
  /**
   * The alarms of the stack that stop a deployment. Add an action to an alarm with `addAlarmAction`. An action of an
   * imported alarm has no effect, because the alarm belongs to another stack. The alarms on the new version exist only
   * during a deployment, and are not in this list.
   */
  public readonly alarms: cloudwatch.AlarmBase[];
  /** The artifact bucket. */
  public readonly artifactBucket: s3.IBucket;
  /** The artifact `SourceOutput`. If the source is a full clone, only CodeBuild can read the artifact. */
  public readonly sourceOutput: codepipeline.Artifact;
  /**
   * The artifact `BuildOutput`, which contains the package. If the source is a container image, there is no build, and
   * this is the artifact `SourceOutput` with the details of the image.
   */
  public readonly buildOutput: codepipeline.Artifact;
  /**
   * The function. It exists from the first deployment of the stack, except for `createFromTemplate`, and for
   * `createFromImage` without `initialImage`: then from the first run of the pipeline.
   */
  public readonly targetFunction: lambda.IFunction;
  /**
   * The alias that callers invoke. It exists from the first deployment of the stack, except for `createFromTemplate`,
   * and for `createFromImage` without `initialImage`: then from the first run of the pipeline.
   */
  public readonly alias: ILiveAlias;
  /** Service role of the pipeline. */
  public readonly pipelineRole: iam.IRole;
  /** Service role of CodeDeploy. */
  public readonly deploymentRole: iam.IRole;
  /** The function that runs the steps of each release. */
  public readonly releaseFunction: lambda.IFunction;
  private readonly project?: codebuild.Project;
  private readonly notices?: NotificationConfig;
  private readonly versionAlarms: VersionAlarm[];
  private verification?: codebuild.IProject;

  constructor(scope: Construct, id: string, props: LambdaCiCdPipelineProps) {
    validateArguments(scope, id, props);
    super(scope, id);
    claimProjectName(this, props.projectName);
    const { projectName } = props;

    this.artifactBucket = createArtifactBucket(this, projectName, props.artifactStore);
    const target = props.targetFunction._bind(this, { projectName, artifactBucket: this.artifactBucket });
    claimAlias(this, target);
    const deploymentConfig = props.deploymentConfig ?? DeploymentConfig.allAtOnce();
    this.deploymentConfig = deploymentConfig._bind(this, projectName);
    const { alarms, versionAlarms } = this.createAlarms(props, target, deploymentConfig._minutes);
    this.alarms = alarms;
    this.versionAlarms = versionAlarms;

    this.pipelineRole = props.pipelineRole ?? createPipelineRole(this, projectName);
    this.pipeline = this.createPipeline(projectName);
    this.sourceOutput = new codepipeline.Artifact(ARTIFACTS.sourceOutput);
    const source = this.addSourceStage(props, this.sourceOutput);
    validateSource(props, { source, ...target });

    this.project = source.containerImage ? undefined : this.createBuildProject(props, target, source);
    // An image source already provides the output of a build.
    this.buildOutput = this.project ? new codepipeline.Artifact(ARTIFACTS.buildOutput) : this.sourceOutput;
    this.notices = props.notifications && createNotificationTopic(this, projectName, props.notifications);
    this.releaseFunction = this.createReleaseFunction(props, target);
    const provided = target.provide(this.releaseFunction);
    this.targetFunction = provided.targetFunction;
    this.alias = provided.alias;
    const deployment = this.createDeployment(props, target);
    this.application = deployment.application;
    this.deploymentGroup = deployment.deploymentGroup;
    this.deploymentRole = deployment.role;

    // A new pipeline starts a run. No other resource should fail after that.
    const before = [deployment.resource, target.configuration, provided.resource];
    this.pipeline.node.addDependency(...before.filter((each) => each !== undefined));
    const sourceDirectory = this.project && packedDirectory(props.buildProject ?? {});
    this.addStages(props, { target, source, sourceDirectory });
    this.addRules(projectName, target, source);
    [this.pipelineRole, this.project?.role].forEach((role) => role && nameDefaultPolicy(this, role));
  }

  /** The CodeBuild project. Not available when the source is a container image. */
  public get buildProject(): codebuild.IProject {
    return this.project ?? unavailable('buildProject', NO_BUILD);
  }

  /** Service role of the build. Not available when the source is a container image. */
  public get buildRole(): iam.IRole {
    return this.project?.role ?? unavailable('buildRole', NO_BUILD);
  }

  /** The CodeBuild project that runs the commands of `verification`. Not available without `verification`. */
  public get verificationProject(): codebuild.IProject {
    return this.verification ?? unavailable('verificationProject', 'this pipeline has no verification');
  }

  /** The topic that receives the notices. Not available without `notifications`. */
  public get notificationTopic(): sns.ITopic {
    return this.notices?.topic ?? unavailable('notificationTopic', 'this pipeline has no notifications');
  }

  private createAlarms(
    { projectName, alarms = defaultAlarms(), bakeTime = defaultBakeTime(alarms) }: LambdaCiCdPipelineProps,
    target: TargetFunctionConfig,
    shiftMinutes: number | undefined,
  ): BoundAlarms {
    return bindAlarms(this, alarms, { projectName, target, shiftMinutes, bakeTime });
  }

  private createPipeline(projectName: string): codepipeline.Pipeline {
    return new NamedPipeline(this, 'CodePipeline', {
      pipelineName: nameOf('pipeline', projectName),
      pipelineType: codepipeline.PipelineType.V2,
      // One run after the other: a run that overtakes another would deploy the older code last.
      executionMode: codepipeline.ExecutionMode.QUEUED,
      crossAccountKeys: false,
      role: this.pipelineRole,
      usePipelineRoleForActions: true,
      artifactBucket: this.artifactBucket,
      variables: pipelineVariables(),
    });
  }

  private createBuildProject(
    props: LambdaCiCdPipelineProps,
    target: TargetFunctionConfig,
    { clonePermissions }: SourceConfig,
  ): codebuild.Project {
    return createBuildProject(this, {
      projectName: props.projectName,
      projectDescription: props.projectDescription ?? props.projectName,
      target,
      codeArtifact: props.codeArtifact,
      clonePermissions,
      options: props.buildProject ?? {},
    });
  }

  private createReleaseFunction(
    { projectName, alarms, bakeTime = defaultBakeTime(alarms), ...props }: LambdaCiCdPipelineProps,
    target: TargetFunctionConfig,
  ): lambda.Function {
    return createReleaseFunction(this, {
      projectName,
      buildProjectName: props.buildProject?.projectName ?? nameOf('buildProject', projectName),
      target: {
        ...target,
        configurationStack: target.configuration && configurationStackName(this, target.stack),
      },
      artifactBucket: this.artifactBucket,
      deploymentConfig: this.deploymentConfig,
      bakeTime,
      preTrafficHook: props.preTrafficHook,
      postTrafficHook: props.postTrafficHook,
      versionAlarms: this.versionAlarms,
      notices: this.notices,
      watchesVerification: props.verification?.rollBack ?? props.verification !== undefined,
      role: props.releaseFunctionRole,
    });
  }

  private createDeployment(
    { projectName, alarms, bakeTime = defaultBakeTime(alarms), ...props }: LambdaCiCdPipelineProps,
    target: TargetFunctionConfig,
  ): Deployment {
    return createDeployment(this, {
      projectName,
      target,
      deploymentConfig: this.deploymentConfig,
      alarms: this.alarms,
      versionAlarms: this.versionAlarms,
      autoRollback: props.autoRollback,
      bakeFunction: bakes(bakeTime) ? this.releaseFunction : undefined,
      preTrafficHook: props.preTrafficHook,
      postTrafficHook: props.postTrafficHook,
      role: props.deploymentRole,
    });
  }

  private addStages(props: LambdaCiCdPipelineProps, parts: StageParts): void {
    this.addFunctionStages(parts);
    if (this.project) {
      this.addBuildStage(this.project);
    }
    if (props.approvals && props.approvals.length > 0) {
      this.pipeline.addStage({ stageName: STAGES.approve, actions: createApprovalActions(this, props.approvals) });
    }
    const versions = this.addDeployStage(parts);
    if (props.verification) {
      this.addVerifyStage(props.projectName, props.verification, parts, versions);
    }
    acknowledgeStepActions(this.pipelineRole, this.releaseFunction);
  }

  private addRules(projectName: string, { configuration }: TargetFunctionConfig, { revision }: SourceConfig): void {
    if (configuration) {
      createConfigurationRule(this, projectName, this.releaseFunction, revision);
    }
    if (this.notices) {
      createNotificationRules(this, this.pipeline, this.releaseFunction, this.notices);
    }
  }

  private addSourceStage(
    { projectName, source }: LambdaCiCdPipelineProps,
    output: codepipeline.Artifact,
  ): SourceConfig {
    const config = bindSource(source, this, {
      projectName,
      actionName: SOURCE_ACTION,
      output,
      role: this.pipelineRole,
      pipeline: this.pipeline,
    });
    this.pipeline.addStage({ stageName: STAGES.source, actions: [config.action] });
    config.triggers?.forEach((trigger) => this.pipeline.addTrigger(trigger));
    return config;
  }

  private addFunctionStages({ target, source, sourceDirectory }: StageParts): void {
    const inputs = source.clonePermissions ? [] : [this.sourceOutput]; // Lambda can't read a clone.
    const built = builtFor(target, sourceDirectory);
    const check = createStepAction(this.releaseFunction, { step: 'check', ...built }, { inputs });
    this.pipeline.addStage({ stageName: STAGES.check, actions: [check] });
    const { templatePath, parametersPath, stackName } = target.template ?? {};
    const template = target.template && { templatePath, parametersPath, stackName };
    this.pipeline.addStage({
      stageName: STAGES.create,
      beforeEntry: whenFunctionIsMissing(check.variable(CHECK_VARIABLES.functionExists)),
      actions: [
        createStepAction(this.releaseFunction, { step: 'create', ...template, ...(template && built) }, { inputs }),
      ],
    });
  }

  private addBuildStage(project: codebuild.IProject): void {
    const artifacts = { input: this.sourceOutput, outputs: [this.buildOutput] };
    this.pipeline.addStage({
      stageName: STAGES.build,
      actions: [new actions.CodeBuildAction({ actionName: 'BuildAction', project, ...artifacts })],
    });
  }

  /**
   * Publishes and deploys in one stage, because the next run could start between two stages. Returns the versions
   * before and after. See docs/decisions/014-publish-and-deploy-in-one-stage.md.
   */
  private addDeployStage({
    source,
    sourceDirectory,
  }: StageParts): Pick<StepParameters, 'previousVersion' | 'releasedVersion'> {
    const appSpecFile = new codepipeline.Artifact(ARTIFACTS.appSpecFile);
    const publish = createStepAction(
      this.releaseFunction,
      {
        step: 'publish',
        description: source.revision,
        configurationOnly: `#{variables.${CONFIGURATION_ONLY_VARIABLE}}`,
        sourceDirectory,
      },
      { inputs: [this.buildOutput], outputs: [appSpecFile], runOrder: 1 },
    );
    const deploy = createStepAction(
      this.releaseFunction,
      { step: 'deploy', ignoreAlarms: `#{variables.${IGNORE_ALARMS_VARIABLE}}` },
      { inputs: [this.buildOutput, appSpecFile], runOrder: 2 },
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
    { target, source }: StageParts,
    versions: Pick<StepParameters, 'previousVersion' | 'releasedVersion'>,
  ): void {
    this.verification = createVerificationProject(this, {
      projectName,
      target,
      clonePermissions: source.clonePermissions,
      options,
    });
    const verify = new actions.CodeBuildAction({
      actionName: VERIFY_ACTION,
      project: this.verification,
      input: this.sourceOutput,
      type: actions.CodeBuildActionType.TEST,
    });
    const stage = this.pipeline.addStage({ stageName: STAGES.verify, actions: [verify] });
    if (options.rollBack ?? true) {
      const executionId = codepipeline.GlobalVariables.executionId;
      stage.addAction(createStepAction(this.releaseFunction, { step: 'rollback', executionId, ...versions }, {}));
    }
  }
}

/** What the stages are made of. */
interface StageParts {
  readonly target: TargetFunctionConfig;
  readonly source: SourceConfig;
  /** The directory that a recipe packs; undefined if the user's own commands make the package. */
  readonly sourceDirectory?: string;
}

const NO_BUILD = 'the source of this pipeline is a container image';

function unavailable(attribute: string, reason: string): never {
  throw new Error(`${attribute} is not available, because ${reason}`);
}
