import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Aws, CfnCondition, CfnOutput, CfnResource, Fn, Stack, Stage } from 'aws-cdk-lib';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import { StackTemplate, Template } from '../../../rehearsal/template/form';
import { Resolver } from '../../../rehearsal/template/intrinsics';
import { assetFolder, loadAssembly, withoutFalseConditions } from '../../../rehearsal/template/template';

const folder = () => fs.mkdtempSync(path.join(os.tmpdir(), 'template-'));

function stackWith(template: Partial<Template>): StackTemplate {
  return {
    stackName: 'Shop',
    folder: '/nowhere',
    account: '111122223333',
    region: 'eu-west-1',
    template: { Resources: {}, ...template },
  };
}

function resolve(value: unknown, template: Partial<Template> = {}): unknown {
  return new Resolver(stackWith(template), (id, attribute) =>
    attribute ? `${id}-${attribute}` : id.toLowerCase(),
  ).resolve(value);
}

const BUCKET = { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } };

describe('a cloud assembly', () => {
  test('has its stacks and those of nested stages, with account and Region', () => {
    const app = new App({ outdir: folder() });
    new CfnResource(new Stack(app, 'Plain'), 'Topic', { type: 'AWS::SNS::Topic' });
    const stage = new Stage(app, 'Prod');
    new CfnResource(
      new Stack(stage, 'Placed', { env: { account: '111122223333', region: 'eu-west-1' }, stackName: 'own-name' }),
      'Topic',
      { type: 'AWS::SNS::Topic' },
    );
    const stacks = loadAssembly(app.synth().directory);
    expect(stacks.map(({ stackName, account, region }) => [stackName, account, region]).sort()).toEqual([
      ['Plain', '123456789012', 'us-east-1'],
      ['own-name', '111122223333', 'eu-west-1'],
    ]);
  });

  test('finds the folder of an asset by the key in the template', () => {
    const app = new App({ outdir: folder() });
    const source = folder();
    fs.writeFileSync(path.join(source, 'app.py'), 'x = 1');
    const stack = new Stack(new Stage(app, 'Prod'), 'Stack');
    new CfnResource(stack, 'Topic', { type: 'AWS::SNS::Topic' });
    const asset = new assets.Asset(stack, 'Asset', { path: source });
    const [loaded] = loadAssembly(app.synth().directory);
    expect(fs.readdirSync(assetFolder(loaded, asset.s3ObjectKey))).toEqual(['app.py']);
    expect(() => assetFolder(loaded, 'other.zip')).toThrow(/no asset of .* has the key other.zip/);
  });

  test('omits resources and outputs whose condition is false', () => {
    const app = new App({ outdir: folder() });
    const stack = new Stack(app, 'Stack');
    const inChina = new CfnCondition(stack, 'InChina', { expression: Fn.conditionEquals(Aws.PARTITION, 'aws-cn') });
    const elsewhere = new CfnCondition(stack, 'Elsewhere', { expression: Fn.conditionNot(inChina) });
    for (const condition of [inChina, elsewhere]) {
      new CfnResource(stack, `Topic${condition.node.id}`, { type: 'AWS::SNS::Topic' }).cfnOptions.condition = condition;
      new CfnOutput(stack, `Output${condition.node.id}`, { value: 'x', condition });
    }
    const { template } = withoutFalseConditions(loadAssembly(app.synth().directory)[0]);
    expect(Object.keys(template.Resources)).toEqual(['TopicElsewhere']);
    expect(Object.keys(template.Outputs!)).toEqual(['OutputElsewhere']);
  });

  test('fails for another folder, and says what to run', () => {
    expect(() => loadAssembly(folder())).toThrow(/is not a cloud assembly.*cdk synth/);
  });
});

describe('intrinsic functions', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['Ref of a resource', { Ref: 'Bucket' }, 'bucket'],
    ['GetAtt', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'Bucket-Arn'],
    ['GetAtt as text, with a nested attribute', { 'Fn::GetAtt': 'Bucket.A.B' }, 'Bucket-A.B'],
    ['Sub', { 'Fn::Sub': '${AWS::Partition}:${Bucket}:${Bucket.Arn}:${!Kept}' }, 'aws:bucket:Bucket-Arn:${Kept}'],
    [
      'Sub with variables',
      { 'Fn::Sub': ['${name}-${AWS::AccountId}', { name: { Ref: 'Bucket' } }] },
      'bucket-111122223333',
    ],
    ['Join', { 'Fn::Join': ['/', ['a', { Ref: 'Bucket' }]] }, 'a/bucket'],
    ['Select of Split', { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    [
      'NoValue in an object and in a list',
      { kept: [1, { Ref: 'AWS::NoValue' }], gone: { Ref: 'AWS::NoValue' } },
      { kept: [1] },
    ],
    [
      'the condition of a policy, which is not a function',
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  ])('%s', (_, value, expected) => {
    expect(resolve(value, BUCKET)).toEqual(expected);
  });

  test('If follows the condition, with And, Or, Not and Equals', () => {
    const Conditions = {
      Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
      Both: {
        'Fn::And': [
          { Condition: 'Here' },
          { 'Fn::Not': [{ 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': ['a', 'c'] }] }] },
        ],
      },
    };
    expect(resolve({ 'Fn::If': ['Both', 'yes', 'no'] }, { Conditions })).toBe('yes');
    expect(resolve({ 'Fn::If': ['Both', { Ref: 'AWS::NoValue' }, 'no'] }, { Conditions })).toBeUndefined();
  });

  test('FindInMap reads the mapping', () => {
    expect(
      resolve(
        { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'memory'] },
        { Mappings: { Sizes: { 'eu-west-1': { memory: 512 } } } },
      ),
    ).toBe(512);
  });

  test('parameters have their default values, and the version of the bootstrap stack is known', () => {
    const Parameters = {
      Name: { Type: 'String', Default: 'shop' },
      Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
      BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
    };
    expect(resolve([{ Ref: 'Name' }, { Ref: 'Zones' }, { Ref: 'BootstrapVersion' }], { Parameters })).toEqual([
      'shop',
      ['a', 'b'],
      '30',
    ]);
  });

  test('ImportValue reads the export of another stack', () => {
    const resolver = new Resolver(
      stackWith({}),
      () => undefined,
      (name) => (name === 'shared-key' ? 'key-1' : undefined),
    );
    expect(resolver.resolve({ 'Fn::ImportValue': 'shared-key' })).toBe('key-1');
    expect(() => resolver.resolve({ 'Fn::ImportValue': 'other' })).toThrow(
      /no stack of this cloud assembly exports other/,
    );
  });

  test.each<[string, unknown, RegExp]>([
    [
      'an unknown function, with its name and its place',
      { a: [{ 'Fn::Cidr': ['10.0.0.0/16', 1, 8] }] },
      /Shop: Fn::Cidr is not rehearsed \(at a\/0\/Fn::Cidr\)/,
    ],
    ['an unknown name', { Ref: 'Nobody' }, /Nobody is neither a parameter nor a resource/],
    [
      'a parameter without a default value',
      { Ref: 'Wanted' },
      /the parameter Wanted has no default value: pass --parameter Shop:Wanted=<value>/,
    ],
    ['an index outside of the list', { 'Fn::Select': [3, ['a']] }, /a list of 1 has no item 3/],
  ])('fails for %s', (_, value, message) => {
    const Parameters = { Wanted: { Type: 'String' } };
    expect(() => resolve(value, { Parameters })).toThrow(message);
  });

  test('a stored value comes from the user, by its name', () => {
    const Parameters = { Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/ami' } };
    const resolver = new Resolver(
      stackWith({ Parameters }),
      () => undefined,
      () => undefined,
      (name) => `value of ${name}`,
    );
    expect(resolver.resolve([{ Ref: 'Stored' }, 'x{{resolve:secretsmanager:db:SecretString:user}}'])).toEqual([
      'value of /ami',
      'xvalue of db:SecretString:user',
    ]);
  });
});
