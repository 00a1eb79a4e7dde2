import { App, Stack } from 'aws-cdk-lib';
import { addPipeline, newStack } from '../support/stacks';

const OREGON = { account: '111122223333', region: 'us-west-2' };
const IRELAND = { account: '111122223333', region: 'eu-west-1' };

test('fails when two pipelines of a stack have the same name', () => {
  const stack = newStack();
  addPipeline({ projectName: 'inventory' }, stack, 'First');
  expect(() => addPipeline({ projectName: 'inventory' }, stack, 'Second')).toThrow(
    /projectName of .*\/Second must be different from that of every other pipeline in the account and region, .*, got ".*inventory.*", which is that of .*\/First too/,
  );
});

test('fails when pipelines of two stacks in the same account and region have the same name', () => {
  const app = new App();
  addPipeline({ projectName: 'inventory' }, new Stack(app, 'One', { env: OREGON }), 'Pipeline');
  expect(() => addPipeline({ projectName: 'inventory' }, new Stack(app, 'Two', { env: OREGON }), 'Pipeline')).toThrow(/give one of them another name/);
});

test('takes the same name in another region', () => {
  const app = new App();
  addPipeline({ projectName: 'inventory' }, new Stack(app, 'One', { env: OREGON }), 'Pipeline');
  addPipeline({ projectName: 'inventory', artifactStore: { bucketName: 'inventory-eu-west-1' } }, new Stack(app, 'Two', { env: IRELAND }), 'Pipeline');
});

test('takes the same name in another app', () => {
  addPipeline({ projectName: 'inventory' }, newStack(), 'Pipeline');
  addPipeline({ projectName: 'inventory' }, newStack(), 'Pipeline');
});
