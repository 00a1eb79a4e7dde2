import { deployStacks } from '../../../rehearsal/stack/stack';
import { Resource } from '../../../rehearsal/template/form';
import { StandIn } from '../support/stand-in';

let standIn: StandIn;

beforeEach(async () => {
  standIn = await StandIn.start();
});

afterEach(() => standIn.stop());

function deploy(Resources: Record<string, Resource>, stackName = 'Demo') {
  const stack = { stackName, template: { Resources }, folder: '/', account: '123456789012', region: 'us-east-1' };
  return standIn.account.clock.run(() => deployStacks(standIn.account, [stack]));
}

/** A deployment configuration, which CloudFormation cannot change in place. */
function config(percentage: number, DeploymentConfigName?: string): Resource {
  const TimeBasedCanary = { CanaryPercentage: percentage, CanaryInterval: 5 };
  return {
    Type: 'AWS::CodeDeploy::DeploymentConfig',
    Properties: {
      DeploymentConfigName,
      ComputePlatform: 'Lambda',
      TrafficRoutingConfig: { Type: 'TimeBasedCanary', TimeBasedCanary },
    },
  };
}

const parameter = (Value: string, more = {}): Resource => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name: '/orders', Type: 'String', Value, ...more },
});

test('a named resource that must be replaced fails the update of its stack', async () => {
  await deploy({ Config: config(10, 'orders-config') });
  await expect(deploy({ Config: config(20, 'orders-config') })).rejects.toThrow(
    'the stack Demo fails at Config (AWS::CodeDeploy::DeploymentConfig): CloudFormation cannot update a stack when a ' +
      'custom-named resource requires replacing. Rename orders-config and update the stack again. ' +
      '(TrafficRoutingConfig changed)',
  );
});

test.each<[string, Resource, Resource]>([
  ['without a change', config(10, 'orders-config'), config(10, 'orders-config')],
  ['under another name', config(10, 'orders-config'), config(20, 'other-config')],
  ['without a name of its own', config(10), config(20)],
  ['in a property that can be updated', parameter('a'), parameter('b')],
])('a resource is updated %s', async (_, before, after) => {
  await deploy({ Resource: before });
  await expect(deploy({ Resource: after })).resolves.toBeDefined();
});

test('the name of a deleted resource is free again', async () => {
  await deploy({ Config: config(10, 'orders-config') });
  await deploy({ Other: parameter('a') });
  await expect(deploy({ NewConfig: config(20, 'orders-config') })).resolves.toBeDefined();
});

test('a resource under another logical id fails while the first one has the name', async () => {
  await deploy({ Config: config(10, 'orders-config') });
  await expect(deploy({ NewConfig: config(10, 'orders-config') })).rejects.toThrow(
    "Resource of type 'AWS::CodeDeploy::DeploymentConfig' with identifier 'orders-config' already exists. " +
      '(It is Demo/Config)',
  );
  await expect(deploy({ Config: config(10, 'orders-config') }, 'Other')).rejects.toThrow('already exists');
});

test.each([
  ['braces', 'Hello {{name}}', {}, 'cannot nest another parameter'],
  ['more than 4 kB', 'x'.repeat(4097), {}, 'a maximum parameter value of 4096 characters'],
  ['more than 8 kB', 'x'.repeat(8193), { Tier: 'Intelligent-Tiering' }, 'a maximum parameter value of 8192 characters'],
])('a parameter with %s fails the stack', async (_, value, more, message) => {
  await expect(deploy({ Parameter: parameter(value, more) })).rejects.toThrow(message);
});

test('a large parameter is stored if its tier allows it', async () => {
  await deploy({ Parameter: parameter('x'.repeat(8192), { Tier: 'Intelligent-Tiering' }) });
  expect(standIn.account.ssm.find('/orders')?.value).toHaveLength(8192);
});
