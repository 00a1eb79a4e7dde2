import { Tags } from 'aws-cdk-lib';
import { handlerFile, pipelineApp, Rehearsed, Run, summaryOf } from '../support/run';

jest.setTimeout(120_000);

const tagged = (tags: Record<string, string>) =>
  pipelineApp((stack) => {
    Object.entries(tags).forEach(([name, value]) => Tags.of(stack).add(name, value));
    return {};
  });
const tagging = ({ calls }: Run) =>
  calls
    .filter(({ action }) => action === 'lambda:TagResource')
    .map(({ resource, allowed }) => `${resource} ${allowed}`);

test('the function gets the tags of the stack at its creation, and their changes', async () => {
  const account = new Rehearsed();
  const files = { 'index.js': handlerFile(1) };
  const created = await account.push(tagged({ team: 'warehouse' }), files);
  const changed = await account.push(tagged({ team: 'stock' }), files);

  expect([created.cause, changed.cause]).toEqual([undefined, undefined]);
  expect(tagging(created)).toContain('arn:aws:lambda:us-east-1:123456789012:function:orders true');
  expect(tagging(changed)).toEqual(['arn:aws:lambda:us-east-1:123456789012:function:orders true']);
  expect(summaryOf(changed, 'DeployAction')).toContain('nothing to deploy');
});

test('a release in an app without tags sets the tag of the project', async () => {
  const run = await new Rehearsed().push(pipelineApp(), { 'index.js': handlerFile(1) });
  expect(run.cause).toBeUndefined();
  expect(tagging(run)).toContain('arn:aws:lambda:us-east-1:123456789012:function:orders true');
});
