import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BuildProjectOptions } from '../../../src';

/** A function in a public repository, and the settings with which it is built. */
export interface PublicFunction {
  /** Owner and name on GitHub. */
  readonly repository: string;
  readonly commit: string;
  readonly runtime: lambda.Runtime;
  readonly handler: string;
  /** At most two settings: a reader of the guide finds them without a look into a log. */
  readonly buildProject?: Pick<BuildProjectOptions, 'sourceDirectory' | 'dependencyFile' | 'testDirectory'>;
  /** Environment variables of the build that the repository documents. */
  readonly variables?: Record<string, string>;
  /** Tools that this machine must have. */
  readonly tools?: string[];
  /** Text in the cause of the failure. Without it, a version with the package is published. */
  readonly red?: string;
  /** The cause of the failure for a reader of the table. */
  readonly why?: string;
}
