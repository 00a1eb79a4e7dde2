import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BuildProjectOptions, CreateFunctionOptions, LambdaCiCdPipelineProps } from '../../src';

/** A file of a repository: its text, or what else it is. */
export type RepositoryFile = string | { readonly link: string } | { readonly folder: true };

/** A repository, how its pipeline is set up, and how its build has to end. */
export interface BuildCase {
  /** What the repository is, in plain words. */
  readonly name: string;
  readonly runtime: lambda.Runtime;
  readonly handler: string;
  readonly files: Record<string, RepositoryFile>;
  readonly buildProject?: BuildProjectOptions;
  readonly functionOptions?: Partial<CreateFunctionOptions>;
  readonly props?: Partial<LambdaCiCdPipelineProps>;
  /** Tools that this machine must have: the case is skipped without them. */
  readonly tools?: string[];
  /** Whether the rehearsal can invoke the function: it has no runtime for some languages. Default: true. */
  readonly isInvoked?: boolean;
  /** Text in the cause of the failure; without it the function is built, released and invoked without an error. */
  readonly red?: string[];
  /** Files that the package has. */
  readonly packed?: string[];
  /** Files that the package lacks: a name ends a path. */
  readonly notPacked?: string[];
  /** Text in the summary of the build, or in its notes. */
  readonly says?: string[];
  /** Whether a second build in another folder has to make the same bytes. */
  readonly sameBytes?: boolean;
}
