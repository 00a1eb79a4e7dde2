import { SecretValue } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DeploymentConfig, LambdaCiCdPipelineProps, TargetFunction } from '../../../src';
import { addPipeline, newStack } from '../../support/stacks';

const pipeline = (props: Partial<LambdaCiCdPipelineProps>) => addPipeline(props, newStack());

/** Places whose values anybody with access to the console or the template can read. */
test.each<[string, (secret: string) => unknown]>([
  ['projectDescription', (projectDescription) => pipeline({ projectDescription })],
  ['buildProject.description', (description) => pipeline({ buildProject: { description } })],
  ['buildProject.installCommands[1]', (secret) => pipeline({ buildProject: { installCommands: ['ls', secret] } })],
  ['verification.commands[0]', (secret) => pipeline({ verification: { commands: [`curl -u ${secret}`] } })],
  [
    'approvals[0].additionalInformation',
    (additionalInformation) => pipeline({ approvals: [{ additionalInformation }] }),
  ],
  [
    'approvals[0].externalEntityLink',
    (secret) => pipeline({ approvals: [{ externalEntityLink: `https://${secret}@example.com` }] }),
  ],
  [
    'description of TargetFunction.create',
    (description) =>
      TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler', description }),
  ],
  [
    'deploymentConfigName of DeploymentConfig.allAtOnce',
    (deploymentConfigName) => DeploymentConfig.allAtOnce({ deploymentConfigName }),
  ],
])('%s is no secret', (prop, use) => {
  const message =
    `${prop} must be a value other than a secret, because everyone who can read the resource can read this value; ` +
    'pass the name or the ARN of the secret, and read the secret at run time';
  expect(() => use(SecretValue.secretsManager('database').unsafeUnwrap())).toThrow(message);
  expect(() => use(SecretValue.ssmSecure('/database').unsafeUnwrap())).toThrow(message);
  expect(() => use('{{resolve:secretsmanager:database}}')).toThrow(message);
});
