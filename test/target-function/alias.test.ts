import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { ILiveAlias, LambdaCiCdPipeline, TargetFunction } from '../../src';
import { addPipeline, newStack } from '../support/stacks';
import { actionsOf, allStatements, flat, propertiesOf, resourceWithPrefix } from '../support/template-queries';

const RESOURCE = 'Custom::LambdaFunctionWithAlias';
const PYTHON = { runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' };

/** The template of a stack with a pipeline, and with what `use` adds to it. */
function templateWith(
  use: (cicd: LambdaCiCdPipeline, stack: Stack) => void,
  targetFunction?: TargetFunction,
): Template {
  const stack = newStack();
  use(addPipeline(targetFunction ? { targetFunction } : {}, stack), stack);
  return Template.fromStack(stack);
}

const permission = (given: lambda.Permission) =>
  propertiesOf(
    templateWith(({ alias }) => alias.addPermission('Given', given)),
    'AWS::Lambda::Permission',
    { Principal: Match.not('events.amazonaws.com') },
  );

describe('the custom resource', () => {
  const template = templateWith(() => undefined);

  test('has the names, and the part of the configuration that the placeholder needs', () => {
    const { FunctionName, AliasName, Configuration, ServiceTimeout } = propertiesOf(template, RESOURCE);
    expect([FunctionName, AliasName, ServiceTimeout]).toEqual(['inventory-allocation', 'live', '300']);
    expect(Object.keys(JSON.parse(flat(Configuration))).sort()).toEqual([
      'Architectures',
      'Handler',
      'Role',
      'Runtime',
      'Timeout',
      'VpcConfig',
    ]);
  });

  test('comes before the pipeline, so that no run starts in a stack that fails', () => {
    const { DependsOn } = resourceWithPrefix(template, 'AWS::CodePipeline::Pipeline', 'PipelineCodePipeline');
    expect(DependsOn.map((id: string) => id.replace(/^Pipeline|[0-9A-F]{8}$/g, ''))).toEqual(
      expect.arrayContaining(['FunctionWithAlias', 'CodeDeployDeploymentGroup', 'TargetFunctionConfiguration']),
    );
  });

  test('comes after the permissions of the execution role', () => {
    const queued = templateWith(({ alias }, stack) =>
      alias.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Queue'))),
    );
    const { DependsOn } = Object.values(queued.findResources(RESOURCE))[0];
    expect(DependsOn).toContainEqual(expect.stringContaining('TargetFunctionServiceRoleDefaultPolicy'));
  });

  test('adds no permission to the release function that adds permissions', () => {
    expect(actionsOf(allStatements(template))).not.toContain('lambda:AddPermission');
    expect(actionsOf(allStatements(template)).filter((action) => action.includes('*'))).toEqual([]);
  });
});

describe('a permission on the alias keeps every condition of the principal', () => {
  test.each<[string, lambda.Permission, object]>([
    [
      'an organization',
      { principal: new iam.OrganizationPrincipal('o-abc1234567') },
      { Principal: '*', PrincipalOrgID: 'o-abc1234567' },
    ],
    [
      'the account of a service principal',
      {
        principal: new iam.ServicePrincipal('s3.amazonaws.com', {
          conditions: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
        }),
      },
      { Principal: 's3.amazonaws.com', SourceAccount: '111122223333' },
    ],
    [
      'the source ARN of a service principal',
      {
        principal: new iam.ServicePrincipal('s3.amazonaws.com', {
          conditions: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } },
        }),
      },
      { Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::uploads' },
    ],
    [
      'a function URL',
      {
        principal: new iam.AnyPrincipal(),
        invokedViaFunctionUrl: true,
        functionUrlAuthType: lambda.FunctionUrlAuthType.NONE,
      },
      { InvokedViaFunctionUrl: true, FunctionUrlAuthType: 'NONE' },
    ],
    [
      'the token of an event source',
      { principal: new iam.ServicePrincipal('alexa-appkit.amazon.com'), eventSourceToken: 'skill' },
      { EventSourceToken: 'skill' },
    ],
  ])('for %s', (_, given, expected) => {
    expect(permission(given)).toMatchObject(expected);
  });

  test.each([
    [{ StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }],
    [{ StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
    [{ Bool: { 'aws:SecureTransport': 'true' } }],
  ])('or refuses it: %j', (conditions) => {
    expect(() => permission({ principal: new iam.ServicePrincipal('s3.amazonaws.com', { conditions }) })).toThrow(
      'unsupported conditions',
    );
  });
});

describe('what uses the alias waits for the custom resource', () => {
  test.each<[string, string, (alias: ILiveAlias, stack: Stack) => void]>([
    [
      'an API',
      'AWS::Lambda::Permission',
      (alias, stack) => new apigateway.LambdaRestApi(stack, 'Api', { handler: alias }),
    ],
    [
      'a queue',
      'AWS::Lambda::EventSourceMapping',
      (alias, stack) => alias.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Queue'))),
    ],
    [
      'a schedule',
      'AWS::Events::Rule',
      (alias, stack) =>
        new events.Rule(stack, 'Schedule', {
          schedule: events.Schedule.rate(Duration.hours(1)),
          targets: [new targets.LambdaFunction(alias)],
        }),
    ],
    ['a URL', 'AWS::Lambda::Url', (alias) => alias.addFunctionUrl()],
    [
      'asynchronous invocation',
      'AWS::Lambda::EventInvokeConfig',
      (alias) => alias.configureAsyncInvoke({ retryAttempts: 1 }),
    ],
    ['scaling', 'AWS::ApplicationAutoScaling::ScalableTarget', (alias) => alias.addAutoScaling({ maxCapacity: 2 })],
    ['a permission of a role', 'AWS::IAM::Policy', (alias, stack) => alias.grantInvoke(new iam.User(stack, 'User'))],
  ])('%s', (_, type, use) => {
    for (const targetFunction of [TargetFunction.create(PYTHON), undefined]) {
      const stack = newStack();
      const fn = new lambda.Function(stack, 'Owned', { ...PYTHON, code: lambda.Code.fromInline('x') });
      const { alias } = addPipeline({ targetFunction: targetFunction ?? TargetFunction.fromFunction(fn) }, stack);
      use(alias, stack);
      const used = Object.entries(Template.fromStack(stack).findResources(type));
      expect(JSON.stringify(used)).toContain('"PipelineFunctionWithAlias');
    }
  });

  test('an alarm does not, because a metric needs no function', () => {
    const template = templateWith(({ alias, targetFunction }, stack) => {
      alias.metricErrors().createAlarm(stack, 'Alias', { threshold: 1, evaluationPeriods: 1 });
      targetFunction.metricErrors().createAlarm(stack, 'Function', { threshold: 1, evaluationPeriods: 1 });
    });
    const name = { Name: 'FunctionName', Value: 'inventory-allocation' };
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Dimensions: [name, { Name: 'Resource', Value: 'inventory-allocation:live' }],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Dimensions: [name] });
  });
});

describe('the function', () => {
  test('may call an API that invokes its alias', () => {
    const stack = newStack();
    const api = new apigateway.RestApi(stack, 'Api');
    const targetFunction = TargetFunction.create({ ...PYTHON, environment: { API_URL: api.url } });
    const { alias } = addPipeline({ targetFunction }, stack);
    api.root.addMethod('GET', new apigateway.LambdaIntegration(alias));
    expect(() => Template.fromStack(stack)).not.toThrow(); // It looks for circular dependencies.
  });

  test('gets permissions for its role, and has the connections of its VPC', () => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const { targetFunction, alias } = addPipeline({ targetFunction: TargetFunction.create({ ...PYTHON, vpc }) }, stack);
    new sqs.Queue(stack, 'Queue').grantSendMessages(alias);
    new ec2.SecurityGroup(stack, 'Database', { vpc }).connections.allowFrom(targetFunction, ec2.Port.tcp(5432));
    const template = Template.fromStack(stack);
    expect(actionsOf(allStatements(template))).toContain('sqs:SendMessage');
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 5432 });
  });

  test('of another stack is scaled by its imported alias too', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    const fn = lambda.Function.fromFunctionName(stack, 'Fn', 'orders');
    const version = lambda.Version.fromVersionArn(stack, 'Version', `${fn.functionArn}:1`);
    const imported = lambda.Alias.fromAliasAttributes(stack, 'Live', { aliasName: 'live', aliasVersion: version });
    const targetFunction = TargetFunction.fromAlias(imported, { runtime: lambda.Runtime.PYTHON_3_13 });
    addPipeline({ targetFunction }, stack).alias.addAutoScaling({ minCapacity: 2, maxCapacity: 5 });
    Template.fromStack(stack).hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ResourceId: Match.anyValue(),
      MinCapacity: 2,
    });
  });
});

const IMAGE_BUILD = { buildProject: { environment: { privileged: true } } };

describe('a function that the first run creates', () => {
  const late: [string, (stack: Stack) => TargetFunction][] = [
    [
      'from a template',
      () => TargetFunction.createFromTemplate({ templatePath: 'template.yml', runtime: lambda.Runtime.PYTHON_3_13 }),
    ],
    [
      'from its first image',
      (stack) => TargetFunction.createFromImage({ repository: new ecr.Repository(stack, 'Images') }),
    ],
  ];

  describe.each(late)('%s', (_, target) => {
    const lateAlias = () => {
      const stack = newStack();
      return { stack, ...addPipeline({ targetFunction: target(stack), ...IMAGE_BUILD }, stack) };
    };

    test.each<[string, (parts: ReturnType<typeof lateAlias>) => unknown]>([
      ['addPermission', ({ alias }) => alias.addPermission('P', { principal: new iam.AnyPrincipal() })],
      [
        'addEventSource',
        ({ alias, stack }) => alias.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Q'))),
      ],
      ['addFunctionUrl', ({ alias }) => alias.addFunctionUrl()],
      ['configureAsyncInvoke', ({ alias }) => alias.configureAsyncInvoke({ retryAttempts: 1 })],
      ['addAutoScaling', ({ alias }) => alias.addAutoScaling({ maxCapacity: 2 })],
      [
        'addPermission',
        ({ alias, stack }) => new apigateway.LambdaRestApi(stack, 'Api', { handler: alias }).root.addMethod('GET'),
      ],
      [
        'addPermission',
        ({ targetFunction }) => targetFunction.grantInvoke(new iam.ServicePrincipal('s3.amazonaws.com')),
      ],
    ])('refuses %s, because the stack is deployed before', (method, use) => {
      expect(() => use(lateAlias())).toThrow(
        `the function for ${method} must be a function that exists when the stack is deployed, got a function that ` +
          'the first run of the pipeline creates',
      );
    });

    test('has no custom resource', () => {
      const { stack } = lateAlias();
      Template.fromStack(stack).resourceCountIs(RESOURCE, 0);
    });

    test('gives a role the permission to invoke it', () => {
      const { stack, alias } = lateAlias();
      alias.grantInvoke(new iam.User(stack, 'User'));
      expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).toContain(
        'lambda:InvokeFunction',
      );
    });
  });

  test('exists from the first deployment with initialImage', () => {
    const stack = newStack();
    const repository = new ecr.Repository(stack, 'Images');
    const targetFunction = TargetFunction.createFromImage({ repository, initialImage: 'latest' });
    addPipeline({ targetFunction, ...IMAGE_BUILD }, stack).alias.addFunctionUrl();
    const { InitialImage } = propertiesOf(Template.fromStack(stack), RESOURCE);
    expect(JSON.stringify(InitialImage)).toContain(':latest');
  });

  test('refuses an initialImage that is a whole URI', () => {
    const repository = ecr.Repository.fromRepositoryName(newStack(), 'Images', 'orders');
    expect(() => TargetFunction.createFromImage({ repository, initialImage: 'acme/orders:1' })).toThrow(
      'initialImage of TargetFunction.createFromImage must be a tag or a digest of an image in the repository, ' +
        'got "acme/orders:1"; for example "latest"',
    );
  });
});
