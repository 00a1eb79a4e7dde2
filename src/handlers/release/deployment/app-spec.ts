import { configurationError } from '../base/failure';
import { Settings } from '../base/settings';

/** The content of an AppSpec for a Lambda deployment. */
export interface AppSpec {
  readonly functionName: string;
  readonly aliasName: string;
  readonly currentVersion: string;
  readonly targetVersion: string;
  readonly beforeAllowTraffic?: string;
  readonly afterAllowTraffic?: string;
}

/** The AppSpec of a release. With a bake time, the release function is the hook, and invokes the user's hook itself. */
export function appSpecOf(settings: Settings, currentVersion: string, targetVersion: string): AppSpec {
  return {
    functionName: settings.functionName,
    aliasName: settings.aliasName,
    currentVersion,
    targetVersion,
    beforeAllowTraffic: settings.preTrafficHook,
    afterAllowTraffic: settings.bakeTimeSeconds > 0 ? settings.releaseFunctionName : settings.postTrafficHook,
  };
}

/** Renders `appspec.yml`. */
export function renderAppSpec(spec: AppSpec): string {
  const hooks = [
    ['BeforeAllowTraffic', spec.beforeAllowTraffic],
    ['AfterAllowTraffic', spec.afterAllowTraffic],
  ].filter(([, name]) => name);
  const lines = [
    'version: 0.0',
    'Resources:',
    '  - TargetFunction:',
    '      Type: AWS::Lambda::Function',
    '      Properties:',
    `        Name: ${quote(spec.functionName)}`,
    `        Alias: ${quote(spec.aliasName)}`,
    `        CurrentVersion: ${quote(spec.currentVersion)}`,
    `        TargetVersion: ${quote(spec.targetVersion)}`,
    ...(hooks.length > 0 ? ['Hooks:'] : []),
    ...hooks.map(([event, name]) => `  - ${event}: ${quote(name!)}`),
  ];
  return lines.join('\n') + '\n';
}

/** Parses the output of `renderAppSpec`. */
export function parseAppSpec(text: string): AppSpec {
  const fields = new Map(
    [...text.matchAll(/^[\s-]*(\w+): ("[^"]*")$/gm)].map(([, field, value]) => [field, JSON.parse(value) as string]),
  );
  const required = (field: string): string => {
    const value = fields.get(field);
    if (!value) {
      throw configurationError(
        `The AppSpec has no ${field}, so the step publish did not write it. Run the pipeline again.`,
      );
    }
    return value;
  };
  return {
    functionName: required('Name'),
    aliasName: required('Alias'),
    currentVersion: required('CurrentVersion'),
    targetVersion: required('TargetVersion'),
    beforeAllowTraffic: fields.get('BeforeAllowTraffic'),
    afterAllowTraffic: fields.get('AfterAllowTraffic'),
  };
}

/** CodeDeploy requires versions to be strings, so every value is quoted. */
function quote(value: string): string {
  return JSON.stringify(value);
}
