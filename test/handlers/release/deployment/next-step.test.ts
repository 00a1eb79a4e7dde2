import { nextStep, Situation } from '../../../../src/handlers/release/deployment/next-step';
import {
  CurrentConfiguration,
  PLACEHOLDER_DESCRIPTION,
} from '../../../../src/handlers/release/function/lambda-function';

const ORDINARY: Situation = {
  aliasName: 'live',
  targetVersion: '3',
  alias: { version: '2', weights: {} },
  current: { Role: 'r', Description: '' } as CurrentConfiguration,
  target: { Role: 'r', Description: '' } as CurrentConfiguration,
  redAlarms: [],
  ignoreAlarms: false,
};
const PLACEHOLDER = { Role: 'r', Description: PLACEHOLDER_DESCRIPTION } as CurrentConfiguration;
const RED = [{ name: 'errors', reason: '5 errors' }];

test.each<[string, Partial<Situation>, object]>([
  [
    'deploys when nothing is in the way',
    {},
    { step: 'deploy', currentVersion: '2', allAtOnceBecause: undefined, ignoreAlarmsBecause: undefined },
  ],
  ['makes the alias when there is none', { alias: undefined, current: undefined }, { step: 'create alias' }],
  ['waits for a deployment of somebody else', { runningDeployment: 'd-9' }, { step: 'wait', deploymentId: 'd-9' }],
  [
    'waits before it looks at weights that a running deployment has set',
    { runningDeployment: 'd-9', alias: { version: '2', weights: { 3: 0.1 } } },
    { step: 'wait' },
  ],
  [
    'clears weights that nobody shifts any more',
    { alias: { version: '2', weights: { 3: 0.1 } } },
    { step: 'clear weights', version: '2' },
  ],
  [
    'clears weights before it refuses because of an alarm',
    { alias: { version: '2', weights: { 3: 0.1 } }, redAlarms: RED },
    { step: 'clear weights' },
  ],
  ['has nothing to do when the alias is there', { alias: { version: '3', weights: {} } }, { step: 'nothing' }],
  [
    'has nothing to do even when an alarm is red',
    { alias: { version: '3', weights: {} }, redAlarms: RED },
    { step: 'nothing' },
  ],
  [
    'refuses when an alarm is red',
    { redAlarms: RED },
    { step: 'refuse', because: expect.stringContaining('errors (5 errors)') },
  ],
  ['tells how to let a fix through', { redAlarms: RED }, { because: expect.stringContaining('IgnoreAlarms=true') }],
  [
    'lets a fix through when the alarms are ignored',
    { redAlarms: RED, ignoreAlarms: true },
    { step: 'deploy', ignoreAlarmsBecause: expect.stringContaining('IgnoreAlarms=true') },
  ],
  [
    'ignores the alarms when it is told to, red or not',
    { ignoreAlarms: true },
    { step: 'deploy', ignoreAlarmsBecause: expect.any(String) },
  ],
  [
    'replaces placeholder code all at once',
    { current: PLACEHOLDER },
    { step: 'deploy', allAtOnceBecause: 'version 2 is placeholder code', ignoreAlarmsBecause: undefined },
  ],
  [
    'lets no alarm that placeholder code made red hold up the first release',
    { current: PLACEHOLDER, redAlarms: RED },
    { step: 'deploy', ignoreAlarmsBecause: expect.stringContaining('placeholder') },
  ],
  [
    'shifts all at once when the execution role changes',
    { target: { Role: 'other' } as CurrentConfiguration },
    { allAtOnceBecause: expect.stringContaining('execution roles') },
  ],
  [
    'shifts all at once when the dead-letter queue changes',
    { target: { Role: 'r', DeadLetterConfig: { TargetArn: 'q' } } as CurrentConfiguration },
    { allAtOnceBecause: expect.stringContaining('dead-letter') },
  ],
  [
    'refuses when the version was deleted',
    { target: undefined },
    { step: 'refuse', because: expect.stringContaining('version 3 does not exist') },
  ],
])('%s', (_, situation, step) => {
  expect(nextStep({ ...ORDINARY, ...situation })).toMatchObject(step);
});
