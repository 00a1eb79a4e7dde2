import { nextStep, Situation } from '../../../../src/handlers/release/deployment/next-step';
import { CurrentConfiguration } from '../../../../src/handlers/release/function/lambda-function';
import { PLACEHOLDER_DESCRIPTION } from '../fixtures';

const ORDINARY: Situation = {
  functionName: 'orders',
  aliasName: 'live',
  targetVersion: '3',
  alias: { version: '2', weights: {} },
  current: { Role: 'r', Description: '' } as CurrentConfiguration,
  target: { Role: 'r', Description: '' } as CurrentConfiguration,
  activeAlarms: [],
  ignoreAlarms: false,
  judgesVersions: false,
};
const PLACEHOLDER = { Role: 'r', Description: PLACEHOLDER_DESCRIPTION } as CurrentConfiguration;
const IN_ALARM = [{ name: 'errors', reason: '5 errors' }];
const ALIAS_IN_ALARM = [{ ...IN_ALARM[0], name: 'alias errors', isOfAlias: true }];

test.each<[string, Partial<Situation>, object]>([
  [
    'deploys when nothing prevents it',
    {},
    { step: 'deploy', currentVersion: '2', allAtOnceReason: undefined, ignoreAlarmsReason: undefined },
  ],
  ['creates the alias when there is none', { alias: undefined, current: undefined }, { step: 'create alias' }],
  [
    'waits for a deployment that somebody else started',
    { runningDeployment: 'd-9' },
    { step: 'wait', deploymentId: 'd-9' },
  ],
  [
    'waits instead of clearing the weights of a running deployment',
    { runningDeployment: 'd-9', alias: { version: '2', weights: { 3: 0.1 } } },
    { step: 'wait' },
  ],
  [
    'waits while Lambda holds the traffic for provisioned concurrency',
    { alias: { version: '2', weights: { 1: 1 } }, allocation: { status: 'IN_PROGRESS' } },
    { step: 'wait for Lambda', waitFor: expect.stringContaining('the provisioned concurrency of version 2') },
  ],
  [
    'waits while Lambda ends its routing',
    { alias: { version: '2', weights: { 1: 1 } }, allocation: { status: 'READY' } },
    { step: 'wait for Lambda' },
  ],
  [
    'refuses when Lambda holds the traffic forever, with the command that ends that',
    { alias: { version: '2', weights: { 1: 1 } }, allocation: { status: 'FAILED' } },
    {
      step: 'refuse',
      message: expect.stringMatching(
        /version 2: no reason given\..*update-alias --function-name orders --name live --function-version 1 /,
      ),
    },
  ],
  [
    'clears weights when no deployment is running',
    { alias: { version: '2', weights: { 3: 0.1 } } },
    { step: 'clear weights', version: '2' },
  ],
  [
    'clears weights even when an alarm prevents the deployment',
    { alias: { version: '2', weights: { 3: 0.1 } }, activeAlarms: IN_ALARM },
    { step: 'clear weights' },
  ],
  ['does nothing when the alias points to the version', { alias: { version: '3', weights: {} } }, { step: 'nothing' }],
  [
    'does nothing when the alias points to the version and an alarm is in ALARM',
    { alias: { version: '3', weights: {} }, activeAlarms: IN_ALARM },
    { step: 'nothing' },
  ],
  [
    'fails when an alarm is in ALARM',
    { activeAlarms: IN_ALARM },
    { step: 'refuse', message: expect.stringContaining('errors (5 errors)') },
  ],
  [
    'fails when an alarm of the alias is in ALARM and no alarm judges the versions',
    { activeAlarms: ALIAS_IN_ALARM },
    { step: 'refuse' },
  ],
  [
    'deploys without the alarms of the alias that are in ALARM when version alarms judge',
    { activeAlarms: ALIAS_IN_ALARM, judgesVersions: true },
    { step: 'deploy', omittedAlarms: ['alias errors'], ignoreAlarmsReason: undefined },
  ],
  [
    'fails when another alarm is in ALARM, although version alarms judge',
    { activeAlarms: [...ALIAS_IN_ALARM, ...IN_ALARM], judgesVersions: true },
    { step: 'refuse', message: expect.not.stringContaining('alias errors') },
  ],
  [
    'says how to release a fix in spite of the alarms',
    { activeAlarms: IN_ALARM },
    { message: expect.stringContaining('IgnoreAlarms=true') },
  ],
  [
    'deploys in spite of an alarm when the alarms are ignored',
    { activeAlarms: IN_ALARM, ignoreAlarms: true },
    { step: 'deploy', ignoreAlarmsReason: expect.stringContaining('IgnoreAlarms=true') },
  ],
  [
    'ignores the alarms on request even when none is in ALARM',
    { ignoreAlarms: true },
    { step: 'deploy', ignoreAlarmsReason: expect.any(String) },
  ],
  [
    'replaces placeholder code all at once',
    { current: PLACEHOLDER },
    { step: 'deploy', allAtOnceReason: 'version 2 is placeholder code', ignoreAlarmsReason: undefined },
  ],
  [
    'ignores alarms that placeholder code caused',
    { current: PLACEHOLDER, activeAlarms: IN_ALARM },
    { step: 'deploy', ignoreAlarmsReason: expect.stringContaining('placeholder') },
  ],
  [
    'shifts all at once when the execution role changes',
    { target: { Role: 'other' } as CurrentConfiguration },
    { allAtOnceReason: expect.stringContaining('execution roles') },
  ],
  [
    'shifts all at once when the dead-letter queue changes',
    { target: { Role: 'r', DeadLetterConfig: { TargetArn: 'q' } } as CurrentConfiguration },
    { allAtOnceReason: expect.stringContaining('dead-letter') },
  ],
  [
    'fails when the version was deleted',
    { target: undefined },
    { step: 'refuse', message: expect.stringContaining('Version 3 no longer exists') },
  ],
])('%s', (_, situation, step) => {
  expect(nextStep({ ...ORDINARY, ...situation })).toMatchObject(step);
});
