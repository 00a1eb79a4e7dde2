import { parse } from 'yaml';
import { appSpecOf, parseAppSpec, renderAppSpec } from '../../../../src/handlers/release/deployment/app-spec';
import { settingsWith } from '../fixtures';

test('renders the AppSpec that CodeDeploy expects', () => {
  const text = renderAppSpec(appSpecOf(settingsWith({ PRE_TRAFFIC_HOOK: 'before' }), '1', '2'));
  expect(parse(text)).toEqual({
    version: 0,
    Resources: [
      {
        TargetFunction: {
          Type: 'AWS::Lambda::Function',
          Properties: { Name: 'inventory-allocation', Alias: 'live', CurrentVersion: '1', TargetVersion: '2' },
        },
      },
    ],
    Hooks: [{ BeforeAllowTraffic: 'before' }, { AfterAllowTraffic: 'inventory-release' }],
  });
});

test('writes versions as strings', () => {
  expect(renderAppSpec(appSpecOf(settingsWith(), '1', '2'))).toContain('TargetVersion: "2"');
});

test('makes the release function the hook when there is a bake time', () => {
  expect(appSpecOf(settingsWith({ POST_TRAFFIC_HOOK: 'after' }), '1', '2').afterAllowTraffic).toBe('inventory-release');
});

test("makes the user's function the hook when there is no bake time", () => {
  expect(
    appSpecOf(settingsWith({ POST_TRAFFIC_HOOK: 'after', BAKE_TIME_SECONDS: '0' }), '1', '2').afterAllowTraffic,
  ).toBe('after');
});

test('omits hooks when there are none', () => {
  expect(parse(renderAppSpec(appSpecOf(settingsWith({ BAKE_TIME_SECONDS: '0' }), '1', '2'))).Hooks).toBeUndefined();
});

test('parses its own output', () => {
  const spec = appSpecOf(
    settingsWith({ PRE_TRAFFIC_HOOK: 'arn:aws:lambda:us-east-1:123456789012:function:before' }),
    '1',
    '2',
  );
  expect(parseAppSpec(renderAppSpec(spec))).toEqual(spec);
});

test('fails when a field is missing', () => {
  expect(() => parseAppSpec('version: 0.0\n')).toThrow('The AppSpec has no Name');
});
