import { SecretValue } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { LambdaCiCdPipelineProps } from '../../src';
import { pipelineWith } from '../support/stacks';
import { propertiesOf } from '../support/template-queries';

const { SECRETS_MANAGER, PARAMETER_STORE } = codebuild.BuildEnvironmentVariableType;
const inPlainText = () => SecretValue.secretsManager('database').unsafeUnwrap();

test.each<[string, (value: string) => Partial<LambdaCiCdPipelineProps>]>([
  [
    'buildProject.environmentVariables.TOKEN',
    (value) => ({ buildProject: { environmentVariables: { TOKEN: { value } } } }),
  ],
  [
    'buildProject.environment.environmentVariables.TOKEN',
    (value) => ({ buildProject: { environment: { environmentVariables: { TOKEN: { value } } } } }),
  ],
  [
    'verification.environment.environmentVariables.TOKEN',
    (value) => ({
      verification: { commands: ['make test'], environment: { environmentVariables: { TOKEN: { value } } } },
    }),
  ],
  [
    'verification.environmentVariables.TOKEN',
    (value) => ({ verification: { commands: ['make test'], environmentVariables: { TOKEN: { value } } } }),
  ],
])('%s is no secret in plain text', (prop, props) => {
  const message =
    `${prop} must be a value other than a secret, because everyone who can read the build project can read this value; ` +
    'set the type to SECRETS_MANAGER or PARAMETER_STORE, and the value to the name of the secret';
  expect(() => pipelineWith(props(inPlainText()))).toThrow(message);
  expect(() => pipelineWith(props(`https://user:${SecretValue.ssmSecure('/database').unsafeUnwrap()}@host`))).toThrow(
    message,
  );
  expect(() => pipelineWith(props('{{resolve:secretsmanager:database}}'))).toThrow(message);
});

test('a secret is a reference, which the template holds without the value', () => {
  const { template } = pipelineWith({
    buildProject: {
      environmentVariables: {
        TOKEN: { type: SECRETS_MANAGER, value: 'team/token' },
        ADDRESS: { type: PARAMETER_STORE, value: '/team/address' },
      },
    },
  });
  expect(propertiesOf(template, 'AWS::CodeBuild::Project').Environment.EnvironmentVariables.slice(1)).toEqual([
    { Name: 'TOKEN', Type: 'SECRETS_MANAGER', Value: 'team/token' },
    { Name: 'ADDRESS', Type: 'PARAMETER_STORE', Value: '/team/address' },
  ]);
});

test('a secret in plain text may be asked for', () => {
  pipelineWith({
    buildProject: {
      checkSecretsInPlainTextEnvVariables: false,
      environmentVariables: { TOKEN: { value: inPlainText() } },
    },
  });
});
