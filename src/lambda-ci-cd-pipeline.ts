import { Aspects, Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { approvalActions } from './approval';
import { artifactBucket } from './artifact-store';
import { buildProject } from './build-project';
import { deployment } from './deployment';
import { DeploymentAlarm } from './deployment-alarm';
import { DeploymentConfig } from './deployment-config';
import {
  CHECK_VARIABLES,
  IGNORE_ALARMS_VARIABLE,
  PUBLISH_VARIABLES,
  StepParameters,
} from './handlers/release/contract';
import { LambdaCiCdPipelineProps } from './lambda-ci-cd-pipeline-props';
import { notification, notificationRules } from './notification';
import { acknowledgeWildcard } from './private/acknowledgement';
import { claimAlias, claimProjectName } from './private/name-clash';
import { requireProjectName } from './private/project-name';
import { ReplacementWarning } from './private/replacement-warning';
import { nameDefaultPolicy } from './private/service-role';
import { refuse, requireDuration } from './private/validation';
import { bakes, releaseFunction } from './release-function';
import { SourceConfig } from './source/config';
import { TargetFunctionConfig } from './target-function/config';
import { RESULT_VARIABLE, VerificationOptions, verificationProject } from './verification';

/**
 * A CI/CD pipeline from a repository to a Lambda function: it checks and creates the function, builds, tests, publishes a version, shifts
 * the alias to it, watches alarms and rolls back.
 *
 * @example
 * new LambdaCiCdPipeline(this, 'Pipeline', {
 *   projectName: 'inventory-allocation',
 *   source: Source.connection('acme/inventory-allocation'),
 *   targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' }),
 * });
 */
export class LambdaCiCdPipeline extends Construct {
  /** The pipeline; stages that are added to it get their permissions. */
  public readonly pipeline: codepipeline.Pipeline;
  /** The CodeDeploy application. */
  public readonly application: codedeploy.ILambdaApplication;
  /** The CodeDeploy deployment group. */
  public readonly deploymentGroup: codedeploy.ILambdaDeploymentGroup;
  /** The CodeDeploy deployment configuration. */
  public readonly deploymentConfig: codedeploy.ILambdaDeploymentConfig;
  /** The alarms that stop a deployment. */
  public readonly alarms: cloudwatch.IAlarm[];
  /** The bucket for artifacts. */
  public readonly artifactBucket: s3.IBucket;
  /** The function; it exists from the first run of the pipeline on. */
  public readonly targetFunction: lambda.IFunction;
  /** The alias that everybody invokes; it exists from the first run of the pipeline on. */
  public readonly alias: lambda.IAlias;
  /** Service role of the pipeline. */
  public readonly pipelineRole: iam.IRole;
  /** Service role of CodeDeploy. */
  public readonly deploymentRole: iam.IRole;
  private readonly project?: codebuild.Project;

  constructor(scope: Construct, id: string, props: LambdaCiCdPipelineProps) {
    super(scope, id);
    validate(props);
    claimProjectName(this, props.projectName);
    const { projectName, preTrafficHook, postTrafficHook, bakeTime = Duration.minutes(5) } = props;
    const projectDescription = props.projectDescription ?? projectName;

    this.artifactBucket = artifactBucket(this, projectName, props.artifactStore ?? {});
    const target = props.targetFunction._bind(this, { projectName, artifactBucket: this.artifactBucket });
    claimAlias(this, target.targetFunction, target.aliasName);
    this.targetFunction = target.targetFunction;
    this.alias = target.alias;
    this.deploymentConfig = (props.deploymentConfig ?? DeploymentConfig.allAtOnce())._bind(this, projectName);
    const alarms = props.alarms ?? [DeploymentAlarm.errors(), DeploymentAlarm.throttles()];
    this.alarms = alarms.map((alarm) => alarm._bind(this, { ...target, projectName }));

    this.pipelineRole =
      props.pipelineRole ??
      new iam.Role(this, 'CodePipelineServiceRole', {
        assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com'),
        description: `Runs the pipeline ${projectName}-pipeline`,
      });
    this.pipeline = this.createPipeline(projectName);
    const sourceOutput = new codepipeline.Artifact('SourceOutput');
    const { containerImage = false, revision } = this.addSourceStage(props, sourceOutput);
    validateImage(props, target, containerImage);
    this.project = containerImage
      ? undefined
      : buildProject(this, {
          ...target,
          projectName,
          projectDescription,
          codeArtifact: props.codeArtifact,
          options: props.buildProject ?? {},
        });

    const notices = props.notifications && notification(this, projectName, props.notifications);
    const release = releaseFunction(this, {
      ...target,
      notification: notices,
      projectName,
      buildProjectName: props.buildProject?.projectName ?? `${projectName}-build`,
      bakeTime,
      preTrafficHook,
      postTrafficHook,
      artifactBucket: this.artifactBucket,
      deploymentConfig: this.deploymentConfig,
      cloudFormationRole: target.template?.role,
      role: props.releaseFunctionRole,
    });
    const { application, deploymentGroup, role } = deployment(this, {
      projectName,
      bakeFunction: bakes(bakeTime) ? release : undefined,
      preTrafficHook,
      postTrafficHook,
      targetFunction: this.targetFunction,
      deploymentConfig: this.deploymentConfig,
      alarms: this.alarms,
      autoRollback: props.autoRollback ?? {},
      role: props.deploymentRole,
    });
    this.application = application;
    this.deploymentGroup = deploymentGroup;
    this.deploymentRole = role;

    this.addStages(props, target, { sourceOutput, release, revision });
    if (notices) {
      notificationRules(this, this.pipeline, release, notices);
    }
    Aspects.of(this).add(new ReplacementWarning());
    acknowledgeWildcard(this.pipelineRole, '*', 'lambda:ListFunctions has no resource type');
    acknowledgeWildcard(
      this.pipelineRole,
      `${release.functionArn}:*`,
      'the CDK grants an invocation with it: the release function has no versions',
    );
    nameDefaultPolicy(this, this.pipelineRole);
    if (this.project) {
      nameDefaultPolicy(this, this.buildRole);
    }
  }

  /** The CodeBuild project; there is none when the source is a container image. */
  public get buildProject(): codebuild.IProject {
    return this.project ?? noBuild('buildProject');
  }

  /** Service role of the build; there is none when the source is a container image. */
  public get buildRole(): iam.IRole {
    return this.project?.role ?? noBuild('buildRole');
  }

  private createPipeline(projectName: string): codepipeline.Pipeline {
    return new codepipeline.Pipeline(this, 'CodePipeline', {
      pipelineName: `${projectName}-pipeline`,
      pipelineType: codepipeline.PipelineType.V2,
      executionMode: codepipeline.ExecutionMode.QUEUED, // one after the other: a run that overtook another would deploy the older code last
      crossAccountKeys: false,
      restartExecutionOnUpdate: true, // a stack update that changes the function's configuration changes the pipeline, and is released by its next run
      role: this.pipelineRole,
      usePipelineRoleForActions: true,
      artifactBucket: this.artifactBucket,
      variables: [
        new codepipeline.Variable({
          variableName: IGNORE_ALARMS_VARIABLE,
          defaultValue: 'false',
          description: 'true lets this one run deploy although an alarm is red, and without watching the alarms',
        }),
      ],
    });
  }

  private addStages(props: LambdaCiCdPipelineProps, target: TargetFunctionConfig, options: StageOptions): void {
    const { sourceOutput, release } = options;
    this.addFunctionStages(target, options);
    // A source that is an image already is what the build would put out.
    const buildOutput = this.project ? this.addBuildStage(this.project, sourceOutput) : sourceOutput;
    if (props.approvals && props.approvals.length > 0) {
      this.pipeline.addStage({ stageName: 'Approve', actions: approvalActions(props.approvals) });
    }
    const previousVersion = this.addDeployStage(buildOutput, target, options);
    if (props.verification) {
      this.addVerifyStage(props.projectName, props.verification, target, { sourceOutput, release, previousVersion });
    }
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
    this.pipeline.addStage({ stageName: 'Source', actions: [config.action] });
    config.triggers?.forEach((trigger) => this.pipeline.addTrigger(trigger));
    return config;
  }

  private addFunctionStages({ template }: TargetFunctionConfig, { sourceOutput, release }: StageOptions): void {
    const check = step(release, 'CheckLambdaFunction', { step: 'check' }, { inputs: [sourceOutput] });
    this.pipeline.addStage({ stageName: 'CheckLambdaFunction', actions: [check] });
    const parameters = template && {
      templatePath: template.templatePath,
      parametersPath: template.parametersPath,
      stackName: template.stackName,
    };
    this.pipeline.addStage({
      stageName: 'CreateLambdaFunction',
      beforeEntry: whenMissing(check.variable(CHECK_VARIABLES.functionExists)),
      actions: [step(release, 'CreateLambdaFunction', { step: 'create', ...parameters }, { inputs: [sourceOutput] })],
    });
  }

  private addBuildStage(project: codebuild.IProject, input: codepipeline.Artifact): codepipeline.Artifact {
    const output = new codepipeline.Artifact('BuildOutput');
    this.pipeline.addStage({
      stageName: 'Build',
      actions: [new actions.CodeBuildAction({ actionName: 'BuildAction', project, input, outputs: [output] })],
    });
    return output;
  }

  /** Publishing and deploying are one stage: between two the next run could come in. */
  private addDeployStage(
    buildOutput: codepipeline.Artifact,
    target: TargetFunctionConfig,
    { release, revision }: StageOptions,
  ): string {
    const appSpecFile = new codepipeline.Artifact('AppSpecFile');
    const publish = step(
      release,
      'CreateAppSpecFile',
      { step: 'publish', description: revision, configuration: target.configurationDigest },
      {
        inputs: [buildOutput],
        outputs: [appSpecFile],
        runOrder: 1,
      },
    );
    const deploy = step(
      release,
      'DeployAction',
      { step: 'deploy', ignoreAlarms: `#{variables.${IGNORE_ALARMS_VARIABLE}}` },
      {
        inputs: [buildOutput, appSpecFile],
        runOrder: 2,
      },
    );
    this.pipeline.addStage({ stageName: 'Deploy', actions: [publish, deploy] });
    return publish.variable(PUBLISH_VARIABLES.currentVersion);
  }

  private addVerifyStage(
    projectName: string,
    options: VerificationOptions,
    target: TargetFunctionConfig,
    { sourceOutput, release, previousVersion }: StageOptions & { readonly previousVersion: string },
  ): void {
    const project = verificationProject(this, { ...target, projectName, options });
    const verify = new actions.CodeBuildAction({
      actionName: 'VerifyAction',
      project,
      input: sourceOutput,
      type: actions.CodeBuildActionType.TEST,
      variablesNamespace: 'VerifyAction',
    });
    const rollback = () =>
      step(
        release,
        'RollbackAction',
        {
          step: 'rollback',
          verification: verify.variable(RESULT_VARIABLE),
          previousVersion,
        },
        { runOrder: 2 },
      );
    this.pipeline.addStage({
      stageName: 'Verify',
      actions: [verify, ...((options.rollBack ?? true) ? [rollback()] : [])],
    });
  }
}

interface StageOptions {
  readonly sourceOutput: codepipeline.Artifact;
  readonly release: lambda.IFunction;
  /** What the source is at, for descriptions. */
  readonly revision?: string;
}

type StepOptions = Pick<actions.LambdaInvokeActionProps, 'inputs' | 'outputs' | 'runOrder'>;

/** An action that has the release function do one of its steps. */
function step(
  release: lambda.IFunction,
  actionName: string,
  userParameters: StepParameters,
  options: StepOptions,
): actions.LambdaInvokeAction {
  return new actions.LambdaInvokeAction({
    actionName,
    lambda: release,
    userParameters,
    variablesNamespace: actionName,
    ...options,
  });
}

/** The stage is entered when the check found no function, and skipped otherwise. */
function whenMissing(functionExists: string): codepipeline.Conditions {
  const rule = new codepipeline.Rule({
    name: 'FunctionIsMissing',
    provider: 'VariableCheck',
    version: '1',
    configuration: { Variable: functionExists, Value: 'false', Operator: 'EQ' },
  });
  return { conditions: [{ result: codepipeline.Result.SKIP, rules: [rule] }] };
}

function validate({ projectName, source, artifactStore, targetFunction, bakeTime }: LambdaCiCdPipelineProps): void {
  for (const [prop, given] of Object.entries({ projectName, source, targetFunction })) {
    if (given === undefined) {
      refuse({ prop, allowed: 'given', given, remedy: 'a pipeline needs projectName, source and targetFunction' });
    }
  }
  requireProjectName(projectName, {
    bucket: !artifactStore?.bucket && !artifactStore?.bucketName,
    function: !targetFunction._functionName,
  });
  requireDuration(
    'bakeTime',
    bakeTime,
    Duration.seconds(0),
    Duration.minutes(15),
    'the release function bakes, and Lambda ends it after 15 minutes',
  );
}

function noBuild(attribute: string): never {
  throw new Error(`${attribute} of this pipeline is not there: its source is a container image, and nothing is built`);
}

/** An image comes from an image source or from a build that may use Docker, and a package from neither. */
function validateImage(
  { buildProject: options }: LambdaCiCdPipelineProps,
  { imageRepository }: TargetFunctionConfig,
  containerImage: boolean,
): void {
  if (containerImage && !imageRepository) {
    refuse({
      prop: 'targetFunction',
      allowed: 'made from container images, because the source is one',
      given: 'a function from a package',
      remedy: 'use TargetFunction.createFromImage({ repository }), or a source that holds code',
    });
  }
  if (containerImage && options) {
    refuse({
      prop: 'buildProject',
      allowed: 'left out when the source is a container image',
      given: options,
      remedy: 'nothing is built: leave it out',
    });
  }
  if (imageRepository && !containerImage && !options?.environment?.privileged && !options?.buildSpec) {
    refuse({
      prop: 'buildProject.environment.privileged',
      allowed: 'true, because building a container image needs the Docker daemon',
      given: options?.environment?.privileged,
      remedy: 'set it, or use Source.ecr for images that are built elsewhere',
    });
  }
}
