import * as fs from 'node:fs';
import * as path from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { fullFunction, fullProps } from './full';
import { newStack, Overrides, pipelineWith } from './stacks';
import { CodeArtifact, Source, TargetFunction } from '../../src';

const PIPELINES: { [name: string]: Overrides } = {
  minimal: {},
  full: fullProps,
  'full-function': (stack) => ({ targetFunction: fullFunction(stack) }),
  'new-connection': {
    source: Source.connection('acme/inventory-allocation'),
    codeArtifact: CodeArtifact.create({ domainName: 'acme', repositoryName: 'python' }),
  },
  'template-in-source': {
    targetFunction: TargetFunction.createFromTemplate({
      templatePath: 'function.yml',
      runtime: lambda.Runtime.PYTHON_3_13,
    }),
  },
};

/** Writes the templates into a folder, for a checker from outside. */
const [folder] = process.argv.slice(2);
for (const [name, overrides] of Object.entries(PIPELINES)) {
  const { template } = pipelineWith(overrides, newStack({ '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true }));
  fs.writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(template.toJSON(), undefined, 2));
}
