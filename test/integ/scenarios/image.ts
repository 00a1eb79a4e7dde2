import { equal, match, notEqual } from 'node:assert/strict';
import { build } from '../integ.image';
import { causeOf, Scenario, sourceWith, Suite } from '../support/scenario';
import { Target } from '../support/target';

const PIPELINE = 'acceptance-image-pipeline';
const FunctionName = 'acceptance-image';
const DOCKERFILE = 'FROM public.ecr.aws/lambda/nodejs:22\nCOPY index.js ./\nCMD ["index.handler"]\n';

async function live(target: Target): Promise<Record<string, any>> {
  const { members } = await target.call('the function', 'lambda', 'GetFunction', { FunctionName, Qualifier: 'live' });
  return members!;
}

async function push(target: Target, body: string): Promise<Record<string, any>> {
  const run = await target.run(PIPELINE, { files: { ...sourceWith(body), Dockerfile: DOCKERFILE } });
  equal(run.status, 'Succeeded', causeOf(run));
  return live(target);
}

const SCENARIOS: Scenario[] = [
  {
    name: 'image',
    points: [10],
    only: ['aws', 'a build of an image requires Docker'],
    run: async (target) => {
      const first = await push(target, 'return 1;');
      match(first.Code.ResolvedImageUri, /@sha256:[0-9a-f]{64}$/);
      const second = await push(target, 'return 2;');
      notEqual(second.Configuration.Version, first.Configuration.Version);
      notEqual(second.Code.ResolvedImageUri, first.Code.ResolvedImageUri);
    },
  },
];

export const IMAGE: Suite = {
  name: 'image',
  build,
  stackName: 'AcceptanceImage',
  first: 'first',
  functions: [FunctionName],
  scenarios: SCENARIOS,
};
