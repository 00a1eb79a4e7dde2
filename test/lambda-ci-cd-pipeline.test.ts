import { readFileSync } from 'node:fs';
import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatchActions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { DeploymentAlarm, LambdaCiCdPipeline, Source, TargetFunction } from '../src';
import { addPipeline, newStack, pipelineWith } from './support/stacks';
import {
  action,
  actionsOf,
  allStatements,
  flat,
  logicalIds,
  propertiesOf,
  releaseFunctionOf,
  resourcesOf,
  stage,
  stageNames,
  statementsOf,
} from './support/template-queries';

const { template: minimal, pipeline: minimalPipeline, stack: minimalStack } = pipelineWith();

const names = (artifacts: { Name: string }[] = []) => artifacts.map(({ Name }) => Name);

describe('the names of the design document', () => {
  test.each([
    ['AWS::CodePipeline::Pipeline', 'Name', 'inventory-allocation-pipeline'],
    ['AWS::CodeBuild::Project', 'Name', 'inventory-allocation-build'],
    ['AWS::CodeDeploy::Application', 'ApplicationName', 'inventory-allocation-app'],
    ['AWS::CodeDeploy::DeploymentGroup', 'DeploymentGroupName', 'inventory-allocation-group'],
    ['AWS::CodeDeploy::DeploymentConfig', 'DeploymentConfigName', 'inventory-allocation-config'],
  ])('%s has the %s %s', (type, property, name) => {
    expect(propertiesOf(minimal, type)[property]).toBe(name);
  });

  test.each(['CodeBuildServiceRole', 'CodePipelineServiceRole', 'CodeDeployServiceRole'])(
    '%s has its permissions in the policy of that name',
    (role) => {
      const inline = Object.values(minimal.findResources('AWS::IAM::Role')).flatMap(
        ({ Properties }) => Properties.Policies ?? [],
      );
      const attached = Object.values(minimal.findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties);
      expect([...inline, ...attached].map(({ PolicyName }) => PolicyName)).toContain(`${role}Policy`);
    },
  );

  test('construct ids do not change: another logical id replaces the resource', () => {
    const ids = Object.keys(minimal.toJSON().Resources).map((id) =>
      id
        .replace(/^Pipeline/, '')
        .replace(/(?<=AllowEventRule).+$/, '')
        .replace(/[0-9A-F]{8}$/, ''),
    );
    expect(ids.sort()).toEqual([
      'ArtifactStoreBucket',
      'ArtifactStoreBucketPolicy',
      'CodeBuildLogGroup',
      'CodeBuildProject',
      'CodeBuildServiceRole',
      'CodeBuildServiceRoleDefaultPolicy',
      'CodeDeployApplication',
      'CodeDeployDeploymentConfig',
      'CodeDeployDeploymentGroup',
      'CodeDeployServiceRole',
      'CodePipeline',
      'CodePipelineServiceRole',
      'CodePipelineServiceRoleDefaultPolicy',
      'ConfigurationChangeRule',
      'ConfigurationChangeRuleAllowEventRule',
      'FunctionWithAlias',
      'LambdaErrorsAlarm',
      'LambdaThrottlesAlarm',
      'ReleaseFunction',
      'ReleaseFunctionEventInvokeConfig',
      'ReleaseFunctionLogGroup',
      'ReleaseFunctionServiceRole',
      'TargetFunctionConfiguration',
      'TargetFunctionServiceRole',
    ]);
  });

  test('has at most 24 resources', () => {
    expect(Object.keys(minimal.toJSON().Resources).length).toBeLessThanOrEqual(24);
  });

  test('logical ids of what holds data or is named elsewhere do not change', () => {
    expect(
      [
        'AWS::S3::Bucket',
        'AWS::CodePipeline::Pipeline',
        'AWS::CodeDeploy::DeploymentGroup',
        'AWS::CodeBuild::Project',
      ].flatMap((type) => logicalIds(minimal, type)),
    ).toEqual([
      'PipelineArtifactStoreBucketF2443910',
      'PipelineCodePipeline4FC0E9B7',
      'PipelineCodeDeployDeploymentGroup2F04BA94',
      'PipelineCodeBuildProject13E6FBC9',
    ]);
  });
});

describe('the pipeline', () => {
  test('has the stages of the design document, in its order', () => {
    expect(stageNames(minimal)).toEqual(['Source', 'CheckLambdaFunction', 'CreateLambdaFunction', 'Build', 'Deploy']);
  });

  test('is of type V2, which knows conditions and variables', () => {
    expect(propertiesOf(minimal, 'AWS::CodePipeline::Pipeline').PipelineType).toBe('V2');
  });

  test('runs one execution after the other', () => {
    expect(propertiesOf(minimal, 'AWS::CodePipeline::Pipeline').ExecutionMode).toBe('QUEUED');
  });

  test('keeps its artifacts in the bucket, and makes no key', () => {
    expect(propertiesOf(minimal, 'AWS::CodePipeline::Pipeline').ArtifactStore).toEqual({
      Type: 'S3',
      Location: { Ref: 'PipelineArtifactStoreBucketF2443910' },
    });
    minimal.resourceCountIs('AWS::KMS::Key', 0);
  });

  test('has variables that make one run ignore the alarms, or release only the configuration', () => {
    expect(propertiesOf(minimal, 'AWS::CodePipeline::Pipeline').Variables).toEqual([
      expect.objectContaining({ Name: 'IgnoreAlarms', DefaultValue: 'false' }),
      expect.objectContaining({ Name: 'ConfigurationOnly', DefaultValue: 'false' }),
    ]);
  });

  test.each([
    ['SourceAction', [], ['SourceOutput']],
    ['CheckLambdaFunction', ['SourceOutput'], []],
    ['CreateLambdaFunction', ['SourceOutput'], []],
    ['BuildAction', ['SourceOutput'], ['BuildOutput']],
    ['CreateAppSpecFile', ['BuildOutput'], ['AppSpecFile']],
    ['DeployAction', ['BuildOutput', 'AppSpecFile'], []],
  ])('%s takes %j and puts out %j', (actionName, inputs, outputs) => {
    const { InputArtifacts, OutputArtifacts } = action(minimal, actionName);
    expect({ inputs: names(InputArtifacts), outputs: names(OutputArtifacts) }).toEqual({ inputs, outputs });
  });

  test.each([
    ['CheckLambdaFunction', { step: 'check' }],
    ['CreateLambdaFunction', { step: 'create' }],
    ['CreateAppSpecFile', { step: 'publish', sourceDirectory: '.' }],
    ['DeployAction', { step: 'deploy', ignoreAlarms: '#{variables.IgnoreAlarms}' }],
  ])('%s invokes the release function with its step', (actionName, parameters) => {
    const { ActionTypeId, Configuration } = action(minimal, actionName);
    expect(ActionTypeId).toEqual({ Category: 'Invoke', Owner: 'AWS', Provider: 'Lambda', Version: '1' });
    expect(flat(Configuration.FunctionName)).toMatch(/^\$\{PipelineReleaseFunction/);
    expect(JSON.parse(Configuration.UserParameters)).toMatchObject(parameters);
  });

  test.each([
    ['the recipe packs', { sourceDirectory: './Backend/src/' }, 'Backend/src'],
    ['a build specification packs', { buildSpec: codebuild.BuildSpec.fromSourceFilename('build.yml') }, undefined],
    ['build commands pack', { buildCommands: ['zip -r "$ProjectName.zip" .'] }, undefined],
  ])('CreateAppSpecFile knows what %s', (_, buildProject, sourceDirectory) => {
    const { Configuration } = action(pipelineWith({ buildProject }).template, 'CreateAppSpecFile');
    expect(JSON.parse(Configuration.UserParameters).sourceDirectory).toBe(sourceDirectory);
  });

  test('publishes before it deploys, in the same stage', () => {
    const { Actions } = stage(minimal, 'Deploy');
    expect(Actions.map(({ Name, RunOrder }) => [Name, RunOrder])).toEqual([
      ['CreateAppSpecFile', 1],
      ['DeployAction', 2],
    ]);
  });

  test('skips the creation unless the check says that the function is missing', () => {
    expect(stage(minimal, 'CreateLambdaFunction').BeforeEntry).toEqual({
      Conditions: [
        {
          Result: 'SKIP',
          Rules: [
            {
              Name: 'FunctionIsMissing',
              RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider: 'VariableCheck', Version: '1' },
              Configuration: { Variable: '#{CheckLambdaFunction.FunctionExists}', Value: 'false', Operator: 'EQ' },
            },
          ],
        },
      ],
    });
  });

  test('reads no variable of the stage that may be skipped', () => {
    expect(JSON.stringify(propertiesOf(minimal, 'AWS::CodePipeline::Pipeline'))).not.toContain(
      '#{CreateLambdaFunction.',
    );
  });

  test('gives each action the role of the pipeline, without a second role', () => {
    expect(
      ['SourceAction', 'CheckLambdaFunction', 'BuildAction', 'DeployAction'].map(
        (name) => action(minimal, name).RoleArn,
      ),
    ).toEqual([undefined, undefined, undefined, undefined]);
    expect(logicalIds(minimal, 'AWS::IAM::Role')).toHaveLength(5);
  });
});

describe('permissions', () => {
  const pipelineStatements = statementsOf(minimal, 'PipelineCodePipelineServiceRole');
  const buildStatements = statementsOf(minimal, 'PipelineCodeBuildServiceRole');

  test('hold no wildcard action', () => {
    expect(actionsOf(allStatements(minimal)).filter((iamAction) => iamAction.includes('*'))).toEqual([]);
  });

  test('are on all resources only where AWS knows no narrower one', () => {
    const everywhere = allStatements(minimal).filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(actionsOf(everywhere)).toEqual([
      'cloudwatch:DescribeAlarms',
      'codedeploy:BatchGetDeploymentTargets',
      'codedeploy:ListDeploymentTargets',
      'codepipeline:PutJobFailureResult',
      'codepipeline:PutJobSuccessResult',
      'lambda:ListFunctions',
    ]);
  });

  test('of the build hold no right on a function', () => {
    expect(
      actionsOf(buildStatements).filter((iamAction) => /^(lambda|codedeploy|iam|codepipeline):/.test(iamAction)),
    ).toEqual([]);
  });

  test('of the build on S3 are to read and write artifacts', () => {
    expect(actionsOf(buildStatements).filter((iamAction) => iamAction.startsWith('s3:'))).toEqual([
      's3:GetObject',
      's3:GetObjectVersion',
      's3:PutObject',
    ]);
    expect(resourcesOf(buildStatements, 's3:PutObject')).toEqual(['${PipelineArtifactStoreBucketF2443910.Arn}/*']);
  });

  test('of the pipeline hold no right on the function: it invokes the release function', () => {
    expect(actionsOf(pipelineStatements)).toEqual([
      'codebuild:BatchGetBuilds',
      'codebuild:StartBuild',
      'codebuild:StopBuild',
      'codeconnections:UseConnection',
      'codestar-connections:UseConnection',
      'lambda:InvokeFunction',
      'lambda:ListFunctions',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:PutObject',
      's3:PutObjectAcl',
    ]);
    expect(
      resourcesOf(pipelineStatements, 'lambda:InvokeFunction').filter(
        (arn) => !arn.startsWith('${PipelineReleaseFunction'),
      ),
    ).toEqual([]);
  });

  test('pass one role, and to Lambda alone', () => {
    const passing = allStatements(minimal).filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
    expect(passing.map(({ Resource, Condition }) => [flat(Resource), Condition])).toEqual([
      [
        '${PipelineTargetFunctionServiceRoleB853040E.Arn}',
        { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      ],
    ]);
  });

  test('allow nobody to delete a function or a version', () => {
    expect(actionsOf(allStatements(minimal)).filter((iamAction) => iamAction.includes('Delete'))).toEqual([]);
  });
});

describe('what is read from the construct', () => {
  test('is of the resources in the stack', () => {
    const { pipeline, buildProject, application, deploymentGroup, deploymentConfig, alarms, artifactBucket } =
      minimalPipeline;
    const read = [
      pipeline.pipelineName,
      buildProject.projectName,
      application.applicationName,
      deploymentGroup.deploymentGroupName,
      deploymentConfig.deploymentConfigName,
      artifactBucket.bucketName,
      ...alarms.map(({ alarmName }) => alarmName),
    ];
    expect(read.map((name) => flat(minimalStack.resolve(name)).replace(/[0-9A-F]{8}\}$/, '}'))).toEqual([
      'inventory-allocation-pipeline',
      '${PipelineCodeBuildProject}',
      '${PipelineCodeDeployApplication}',
      '${PipelineCodeDeployDeploymentGroup}',
      '${PipelineCodeDeployDeploymentConfig}',
      '${PipelineArtifactStoreBucket}',
      '${PipelineLambdaErrorsAlarm}',
      '${PipelineLambdaThrottlesAlarm}',
    ]);
  });

  test('are the three service roles', () => {
    const { pipelineRole, buildRole, deploymentRole } = minimalPipeline;
    expect([pipelineRole, buildRole, deploymentRole].map(({ node }) => node.id)).toEqual([
      'CodePipelineServiceRole',
      'CodeBuildServiceRole',
      'CodeDeployServiceRole',
    ]);
  });

  test('are the function and the alias, which exist when the custom resource exists', () => {
    const { targetFunction, alias } = minimalPipeline;
    const [id] = logicalIds(minimal, 'Custom::LambdaFunctionWithAlias');
    expect(flat(minimalStack.resolve(targetFunction.functionArn))).toBe(`\${${id}.FunctionArn}`);
    expect(flat(minimalStack.resolve(targetFunction.functionName))).toBe(`\${${id}.FunctionName}`);
    expect(flat(minimalStack.resolve(alias.functionArn))).toBe(`\${${id}.AliasArn}`);
    expect(flat(minimalStack.resolve(alias.functionName))).toBe(`\${${id}.FunctionName}:live`);
  });

  test('is the artifact of the source and of the build', () => {
    const { sourceOutput, buildOutput } = minimalPipeline;
    expect([sourceOutput.artifactName, buildOutput.artifactName]).toEqual(['SourceOutput', 'BuildOutput']);
  });

  test('is the artifact of the source as the output of the build, if the source is a container image', () => {
    const { pipeline } = pipelineWith((stack) => {
      const repository = new ecr.Repository(stack, 'Images');
      return { source: Source.ecr(repository), targetFunction: TargetFunction.createFromImage({ repository }) };
    });
    expect(pipeline.buildOutput).toBe(pipeline.sourceOutput);
  });

  test('is the release function', () => {
    expect(minimalPipeline.releaseFunction.node.path).toBe('Stack/Pipeline/ReleaseFunction');
  });

  test('is the project of the verification', () => {
    const { pipeline } = pipelineWith({ verification: { commands: ['true'] } });
    expect(pipeline.verificationProject.node.path).toBe('Stack/Pipeline/VerificationProject');
  });

  test('is the topic of the notices', () => {
    const { pipeline } = pipelineWith({ notifications: { emails: ['team@example.com'] } });
    expect(pipeline.notificationTopic.node.path).toBe('Stack/Pipeline/NotificationTopic');
    const { stack, pipeline: own } = pipelineWith((given) => ({
      notifications: { topic: sns.Topic.fromTopicArn(given, 'Own', 'arn:aws:sns:eu-west-1:111122223333:own') },
    }));
    expect(own.notificationTopic).toBe(stack.node.findChild('Own'));
  });

  test.each([
    ['verificationProject', 'this pipeline has no verification'],
    ['notificationTopic', 'this pipeline has no notifications'],
  ] as const)('is no %s if %s', (attribute, reason) => {
    expect(() => minimalPipeline[attribute]).toThrow(`${attribute} is not available, because ${reason}`);
  });

  test('lets the user add an action to an alarm', () => {
    const stack = newStack();
    const topic = new sns.Topic(stack, 'Alerts');
    addPipeline({}, stack).alarms.forEach((alarm) => alarm.addAlarmAction(new cloudwatchActions.SnsAction(topic)));
    const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.map(({ Properties }) => Properties.AlarmActions)).toEqual(
      alarms.map(() => [{ Ref: expect.stringMatching(/^Alerts/) }]),
    );
  });

  test('lets the user grant the right to invoke the alias', () => {
    const stack = newStack();
    addPipeline({}, stack).alias.grantInvoke(
      new iam.Role(stack, 'Caller', { assumedBy: new iam.AccountRootPrincipal() }),
    );
    expect(resourcesOf(statementsOf(Template.fromStack(stack), 'Caller'), 'lambda:InvokeFunction')[0]).toMatch(
      /AliasArn}$/,
    );
  });
});

describe('a stage that the user adds', () => {
  test('gets its permissions', () => {
    const stack = newStack();
    const { pipeline } = addPipeline({}, stack);
    const check = new lambda.Function(stack, 'Smoke', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = 1'),
    });
    pipeline.addStage({
      stageName: 'Smoke',
      actions: [new actions.LambdaInvokeAction({ actionName: 'Smoke', lambda: check })],
    });
    const template = Template.fromStack(stack);
    expect(stageNames(template).at(-1)).toBe('Smoke');
    expect(
      resourcesOf(statementsOf(template, 'PipelineCodePipelineServiceRole'), 'lambda:InvokeFunction').join(),
    ).toContain('${Smoke');
  });

  test('may be another build of the same artifacts', () => {
    const stack = newStack();
    const { pipeline, buildOutput } = addPipeline({}, stack);
    const project = new codebuild.PipelineProject(stack, 'Scan', {
      buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
    });
    pipeline.addStage({
      stageName: 'Scan',
      actions: [new actions.CodeBuildAction({ actionName: 'Scan', project, input: buildOutput })],
    });
    const template = Template.fromStack(stack);
    expect(
      resourcesOf(statementsOf(template, 'PipelineCodePipelineServiceRole'), 'codebuild:StartBuild').join(),
    ).toContain('${Scan');
    expect(resourcesOf(statementsOf(template, 'ScanRole'), 's3:GetObject').join()).toContain(
      'PipelineArtifactStoreBucket',
    );
  });
});

describe('a stage with commands or a scan', () => {
  const withStage = (newAction: (cicd: LambdaCiCdPipeline) => actions.Action, props = {}) => {
    const stack = newStack();
    const cicd = addPipeline(props, stack);
    const placement = { justAfter: cicd.pipeline.stage('Build') };
    cicd.pipeline.addStage({ stageName: 'Scan', placement, actions: [newAction(cicd)] });
    return Template.fromStack(stack); // fails if there is a circular dependency
  };
  const scan = new codepipeline.Artifact('ScanOutput');

  test.each([
    [
      'CommandsAction',
      'logs:PutLogEvents',
      ({ buildOutput }: LambdaCiCdPipeline) =>
        new actions.CommandsAction({ actionName: 'Scan', input: buildOutput, commands: ['ls'] }),
    ],
    [
      'InspectorSourceCodeScanAction',
      'inspector-scan:ScanSbom',
      ({ sourceOutput }: LambdaCiCdPipeline) =>
        new actions.InspectorSourceCodeScanAction({ actionName: 'Scan', input: sourceOutput, output: scan }),
    ],
  ])('%s gets its permissions without a circular dependency, and without a wildcard', (_, permission, newAction) => {
    const template = withStage(newAction);
    const granted = actionsOf(statementsOf(template, 'PipelineCodePipelineServiceRole'));
    expect(stageNames(template).slice(3)).toEqual(['Build', 'Scan', 'Deploy']);
    expect(granted).toContain(permission);
    expect(granted.filter((each) => each.includes('*'))).toEqual([]);
  });

  test("writes to the log group of this pipeline only, and also in a role of the user's", () => {
    const stack = newStack();
    const pipelineRole = new iam.Role(stack, 'Own', {
      assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com'),
    });
    const { pipeline, buildOutput } = addPipeline({ pipelineRole }, stack);
    const commands = new actions.CommandsAction({ actionName: 'Scan', input: buildOutput, commands: ['ls'] });
    pipeline.addStage({ stageName: 'Scan', actions: [commands] });
    const logGroups = resourcesOf(statementsOf(Template.fromStack(stack), 'Own'), 'logs:PutLogEvents');
    expect(logGroups.every((arn) => arn.includes('log-group:/aws/codepipeline/inventory-allocation-pipeline'))).toBe(
      true,
    );
  });

  test('may come right before the deployment', () => {
    const stack = newStack();
    const { pipeline } = addPipeline({}, stack);
    const approval = new actions.ManualApprovalAction({ actionName: 'Look' });
    pipeline.addStage({
      stageName: 'Look',
      placement: { rightBefore: pipeline.stage('Deploy') },
      actions: [approval],
    });
    expect(stageNames(Template.fromStack(stack)).slice(3)).toEqual(['Build', 'Look', 'Deploy']);
  });
});

describe('projectDescription', () => {
  test('is the name of the project by default', () => {
    expect(propertiesOf(minimal, 'AWS::CodeBuild::Project').Description).toBe('Build project for inventory-allocation');
  });

  test('describes the build project', () => {
    const { template } = pipelineWith({ projectDescription: 'the allocation of stock' });
    expect(propertiesOf(template, 'AWS::CodeBuild::Project').Description).toBe(
      'Build project for the allocation of stock',
    );
  });
});

describe("a role of the user's", () => {
  const own = (stack: Stack, id: string, service: string) =>
    new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal(`${service}.amazonaws.com`) });

  test.each([
    ['pipelineRole', 'codepipeline', 'codebuild:StartBuild'],
    ['deploymentRole', 'codedeploy', 'lambda:UpdateAlias'],
    ['releaseFunctionRole', 'lambda', 'lambda:PublishVersion'],
  ])('%s gets the permissions, and no other role is made', (prop, service, iamAction) => {
    const { template } = pipelineWith((stack) => ({ [prop]: own(stack, 'Own', service) }));
    expect(actionsOf(statementsOf(template, 'Own'))).toContain(iamAction);
    expect(logicalIds(template, 'AWS::IAM::Role')).toHaveLength(5);
  });

  test.each([
    ['pipelineRole', 'codepipeline'],
    ['deploymentRole', 'codedeploy'],
    ['releaseFunctionRole', 'lambda'],
  ])('%s keeps the name of its policy', (prop, service) => {
    const { template } = pipelineWith((stack) => ({ [prop]: own(stack, 'Own', service) }));
    const policy = Object.values(template.findResources('AWS::IAM::Policy')).find(({ Properties }) =>
      flat(Properties.Roles[0]).startsWith('${Own'),
    )!;
    expect(policy.Properties.PolicyName).toMatch(/^OwnDefaultPolicy/);
  });

  test.each(['pipelineRole', 'deploymentRole', 'releaseFunctionRole'])('%s may be an imported one', (prop) => {
    const { template } = pipelineWith((stack) => ({
      [prop]: iam.Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::111122223333:role/own'),
    }));
    expect(JSON.stringify(template.toJSON())).toContain('arn:aws:iam::111122223333:role/own');
    expect(logicalIds(template, 'AWS::IAM::Role')).toHaveLength(4);
  });
});

describe('bakeTime', () => {
  const seconds = (template: Template) => releaseFunctionOf(template).Environment.Variables.BAKE_TIME_SECONDS;

  test('is five minutes by default', () => {
    expect(seconds(minimal)).toBe('300');
  });

  test('is handed to the release function in seconds', () => {
    expect(seconds(pipelineWith({ bakeTime: Duration.minutes(15) }).template)).toBe('900');
  });

  test('lets CodeDeploy invoke the release function as a hook', () => {
    expect(resourcesOf(statementsOf(minimal, 'PipelineCodeDeployServiceRole'), 'lambda:InvokeFunction')[0]).toMatch(
      /^\$\{PipelineReleaseFunction.*\.Arn\}$/,
    );
  });

  test('of zero needs no hook', () => {
    const { template } = pipelineWith({ bakeTime: Duration.seconds(0), alarms: [] });
    expect(seconds(template)).toBe('0');
    expect(resourcesOf(statementsOf(template, 'PipelineCodeDeployServiceRole'), 'lambda:InvokeFunction')).toEqual([]);
  });

  test('may be known at deployment only', () => {
    const { template } = pipelineWith((stack) => ({
      bakeTime: Duration.seconds(new CfnParameter(stack, 'Bake', { type: 'Number' }).valueAsNumber),
    }));
    expect(flat(seconds(template))).toBe('${Bake}');
    expect(resourcesOf(statementsOf(template, 'PipelineCodeDeployServiceRole'), 'lambda:InvokeFunction')).toHaveLength(
      1,
    );
  });

  test.each([
    [
      Duration.minutes(16),
      "bakeTime must be between 0 seconds and 15 minutes (Lambda's limit for the release function, which bakes), " +
        'got 16 minutes; for example Duration.minutes(5)',
    ],
    [Duration.hours(1), /^bakeTime must be between 0 seconds and 15 minutes .*, got 1 hour; /],
  ])('fails when it is longer than Lambda lets a function run: %s', (bakeTime, message) => {
    expect(() => addPipeline({ bakeTime }, newStack())).toThrow(message);
  });
});

describe('several pipelines', () => {
  const second = { projectName: 'order-intake' };

  test('share a stack', () => {
    const stack = newStack();
    addPipeline({}, stack, 'One');
    addPipeline(second, stack, 'Two');
    Template.fromStack(stack).resourceCountIs('AWS::CodePipeline::Pipeline', 2);
  });

  test('are in two stacks of an app', () => {
    const app = new App();
    const [one, two] = [new Stack(app, 'One'), new Stack(app, 'Two')];
    addPipeline({}, one);
    addPipeline(second, two);
    expect(
      [one, two].map((stack) => propertiesOf(Template.fromStack(stack), 'AWS::CodePipeline::Pipeline').Name),
    ).toEqual(['inventory-allocation-pipeline', 'order-intake-pipeline']);
  });

  test('may share their choices', () => {
    const shared = {
      alarms: [DeploymentAlarm.errors()],
      targetFunction: TargetFunction.create({ runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler' }),
    };
    const stack = newStack();
    addPipeline(shared, stack, 'One');
    addPipeline({ ...shared, ...second }, stack, 'Two');
    expect(
      Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(
        ({ Properties }) => Properties.AlarmName,
      ),
    ).toEqual(['inventory-allocation-LambdaErrorsAlarm', 'order-intake-LambdaErrorsAlarm']);
  });
});

describe('the template', () => {
  const recommended = JSON.parse(readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8'));
  const flagged = pipelineWith(
    {},
    newStack({ ...recommended, '@aws-cdk/core:validateAgainstDefaultRules': false }),
  ).template;
  const withoutPolicies = (template: Template) =>
    JSON.parse(JSON.stringify(template.toJSON().Resources), (key, value) =>
      /^(Policies|PolicyDocument)$/.test(key) ? undefined : value,
    );

  test('is the same each time', () => {
    expect(pipelineWith().template.toJSON()).toEqual(minimal.toJSON());
  });

  test('is the same with all recommended feature flags, but for the order in policies', () => {
    expect(withoutPolicies(flagged)).toEqual(withoutPolicies(minimal));
  });

  test('allows the same with all recommended feature flags', () => {
    const roles = logicalIds(minimal, 'AWS::IAM::Role');
    expect(roles.map((role) => actionsOf(statementsOf(flagged, role)))).toEqual(
      roles.map((role) => actionsOf(statementsOf(minimal, role))),
    );
  });

  test('is the same in any environment but for its values: an account and a Region may be given', () => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    expect(Object.keys(pipelineWith({}, stack).template.toJSON().Resources)).toEqual(
      Object.keys(minimal.toJSON().Resources),
    );
  });

  test('names no partition', () => {
    expect(
      JSON.stringify(minimal.toJSON()).replace(/arn:aws:codeconnections:eu-west-1:111122223333/g, ''),
    ).not.toContain('arn:aws:');
  });

  test('has neither a version nor an alias: no stack update moves traffic', () => {
    minimal.resourceCountIs('AWS::Lambda::Version', 0);
    minimal.resourceCountIs('AWS::Lambda::Alias', 0);
    expect(JSON.stringify(minimal.toJSON())).not.toContain('UpdatePolicy');
  });
});

test.each(['projectName', 'source', 'targetFunction'])('fails without %s, where no compiler asks for it', (prop) => {
  expect(() => pipelineWith({ [prop]: undefined })).toThrow(
    new RegExp(`^${prop} must be a .*, got nothing; set it, because it has no default$`),
  );
});

describe('projectName', () => {
  test('may be known at deployment only', () => {
    const { template } = pipelineWith((stack) => ({
      projectName: new CfnParameter(stack, 'ProjectName').valueAsString,
    }));
    expect(flat(propertiesOf(template, 'AWS::CodePipeline::Pipeline').Name)).toBe('${ProjectName}-pipeline');
    expect(flat(propertiesOf(template, 'AWS::S3::Bucket').BucketName)).toMatch(/^\$\{ProjectName\}-store-/);
    expect(flat(releaseFunctionOf(template).Environment.Variables.FUNCTION_NAME)).toBe('${ProjectName}');
  });
});

test('the commit of the source describes the version', () => {
  const { description } = JSON.parse(action(pipelineWith().template, 'CreateAppSpecFile').Configuration.UserParameters);
  expect(description).toBe('commit #{Source_SourceAction_NS.CommitId}');
});

test('an update of the stack does not start the pipeline', () => {
  const { RestartExecutionOnUpdate } = propertiesOf(pipelineWith().template, 'AWS::CodePipeline::Pipeline');
  expect(RestartExecutionOnUpdate).toBeUndefined();
});
