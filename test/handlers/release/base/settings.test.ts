import { readSettings } from '../../../../src/handlers/release/base/settings';
import { ENVIRONMENT_VARIABLES, settingsWith } from '../fixtures';

test('reads the environment', () => {
  expect(settingsWith({ CONFIGURATION_PARAMETER: '/p' })).toMatchObject({
    projectName: 'inventory',
    bakeTimeSeconds: 300,
    configurationParameter: '/p',
  });
});

test('omits an empty variable', () => {
  expect(settingsWith({ PRE_TRAFFIC_HOOK: '' }).preTrafficHook).toBeUndefined();
});

test.each(Object.keys(ENVIRONMENT_VARIABLES))('fails when %s is not set', (name) => {
  expect(() => readSettings({ ...ENVIRONMENT_VARIABLES, [name]: undefined })).toThrow(
    `The environment variable ${name}`,
  );
});

test('fails when the bake time is not a number', () => {
  expect(() => settingsWith({ BAKE_TIME_SECONDS: '5 minutes' })).toThrow(
    "BAKE_TIME_SECONDS of the release function must be a whole number of seconds, got '5 minutes'",
  );
});
