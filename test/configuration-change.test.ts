import { App, CfnParameter, NestedStack, SecretValue, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaCiCdPipelineProps, Source, TargetFunction } from '../src';
import { addPipeline, pipelineWith } from './support/stacks';
import { flat, propertiesOf, releaseFunctionOf } from './support/template-queries';

const FUNCTION = { runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' };
const PARAMETER = 'AWS::SSM::Parameter';

/** The value of the parameter of a function that a stack owns. */
function ownedValue(owner: Stack, options: Partial<lambda.FunctionProps>): string {
  const fn = new lambda.Function(owner, 'Own', { ...FUNCTION, code: lambda.Code.fromInline('x'), ...options });
  addPipeline({ targetFunction: TargetFunction.fromFunction(fn) }, owner);
  return flat(propertiesOf(Template.fromStack(owner), PARAMETER).Value);
}

describe('a changed configuration', () => {
  test('invokes the release function', () => {
    const { template } = pipelineWith();
    expect(propertiesOf(template, 'AWS::Events::Rule')).toMatchObject({
      EventPattern: {
        source: ['aws.ssm'],
        'detail-type': ['Parameter Store Change'],
        detail: {
          name: ['/lambda-ci-cd-pipeline/inventory-allocation/function-configuration'],
          operation: ['Update'],
        },
      },
    });
    expect(propertiesOf(template, PARAMETER).Name).toBe(
      '/lambda-ci-cd-pipeline/inventory-allocation/function-configuration',
    );
  });

  test('of a function from a template in the source is released with its template, so there is no rule', () => {
    const targetFunction = TargetFunction.createFromTemplate({
      runtime: FUNCTION.runtime,
      templatePath: 'function.yml',
    });
    pipelineWith({ targetFunction }).template.resourceCountIs('AWS::Events::Rule', 0);
  });

  test('of an imported function is unknown, so there is no rule', () => {
    const props = (stack: Stack): Partial<LambdaCiCdPipelineProps> => ({
      targetFunction: TargetFunction.fromFunction(lambda.Function.fromFunctionName(stack, 'Imported', 'orders'), {
        runtime: FUNCTION.runtime,
      }),
    });
    pipelineWith(props).template.resourceCountIs('AWS::Events::Rule', 0);
  });
});

describe('the configuration of a function that a stack owns', () => {
  test('is in a parameter', () => {
    expect(JSON.parse(ownedValue(new Stack(new App(), 'Stack'), { memorySize: 512 }))).toMatchObject({
      MemorySize: 512,
    });
  });

  test('is in the stack of the function, so that the stacks import nothing from each other', () => {
    const app = new App();
    const owner = new Stack(app, 'Owner');
    const release = new Stack(app, 'Release');
    const fn = new lambda.Function(owner, 'Own', { ...FUNCTION, code: lambda.Code.fromInline('x') });
    addPipeline({ targetFunction: TargetFunction.fromFunction(fn) }, release);

    Template.fromStack(owner).resourceCountIs(PARAMETER, 1);
    const template = Template.fromStack(release);
    template.resourceCountIs(PARAMETER, 0);
    expect(releaseFunctionOf(template).Environment.Variables.CONFIGURATION_STACK).toBe('Owner');
  });

  test('is released when the stack around a nested stack has settled', () => {
    const app = new App();
    const owner = new Stack(app, 'Owner');
    const nested = new NestedStack(owner, 'Nested');
    const release = new Stack(app, 'Release');
    const fn = new lambda.Function(nested, 'Own', {
      ...FUNCTION,
      functionName: 'orders',
      code: lambda.Code.fromInline('x'),
    });
    addPipeline({ targetFunction: TargetFunction.fromFunction(fn) }, release);
    expect(releaseFunctionOf(Template.fromStack(release)).Environment.Variables.CONFIGURATION_STACK).toBe('Owner');
  });

  test('names secrets, and does not contain them', () => {
    const value = ownedValue(new Stack(new App(), 'Stack'), {
      environment: { KEY: SecretValue.secretsManager('orders').unsafeUnwrap() },
    });
    expect(value).toContain('resolve:secretsmanager:orders');
    expect(value).not.toContain('{{resolve');
  });

  test('names parameters without echo, and does not contain their values', () => {
    const stack = new Stack(new App(), 'Stack');
    const key = new CfnParameter(stack, 'Key', { noEcho: true });
    expect(ownedValue(stack, { environment: { KEY: key.valueAsString } })).toContain('"KEY":"Key"');
  });

  test('has the overrides of the resource', () => {
    const stack = new Stack(new App(), 'Stack');
    const fn = new lambda.Function(stack, 'Own', { ...FUNCTION, code: lambda.Code.fromInline('x') });
    const resource = fn.node.defaultChild as lambda.CfnFunction;
    resource.addPropertyOverride('MemorySize', 333);
    resource.addPropertyOverride('RecursiveLoop', 'Allow');
    addPipeline({ targetFunction: TargetFunction.fromFunction(fn) }, stack);
    const value = JSON.parse(flat(propertiesOf(Template.fromStack(stack), PARAMETER).Value));
    expect(value).toMatchObject({ MemorySize: 333 });
    expect(value).not.toHaveProperty('RecursiveLoop');
  });
});

describe('an output with the command for a configuration change', () => {
  class OwnSource extends Source {
    constructor(private readonly revision?: string) {
      super();
    }

    public bind(...parameters: Parameters<Source['bind']>) {
      return { ...Source.connection('acme/orders').bind(...parameters), revision: this.revision };
    }
  }

  const outputsWith = (source: Source) => Object.keys(pipelineWith({ source }).template.findOutputs('*'));

  test.each([undefined, 'build 7 on Monday', 'tag v1'])('exists for a source with the revision %s', (revision) => {
    expect(outputsWith(new OwnSource(revision))).toContainEqual(expect.stringContaining('ConfigurationChange'));
  });

  test.each(['commit abc', 'object version abc', 'image sha256:abc'])('is omitted with the revision %s', (revision) => {
    expect(outputsWith(new OwnSource(revision))).not.toContainEqual(expect.stringContaining('ConfigurationChange'));
  });
});
