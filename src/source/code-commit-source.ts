import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SourceBindOptions, SourceConfig, SourceKind } from './config';
import { describeRevision } from '../handlers/release/contract';
import { requireSamePlace } from '../private/given-resource';
import { BRANCH, requirePattern } from '../private/validation';

/** Options for `Source.codeCommit`. */
export interface CodeCommitSourceOptions {
  /**
   * Branch that starts the pipeline on a push.
   *
   * @default 'main'
   */
  readonly branch?: string;

  /**
   * Whether the build gets a Git clone with the history, instead of the files of the commit. Only CodeBuild actions can
   * then read the source, so `TargetFunction.createFromTemplate` is not available.
   *
   * @default false
   */
  readonly fullClone?: boolean;
}

/** A CodeCommit repository. */
export class CodeCommitSource implements SourceKind {
  constructor(
    private readonly repository: codecommit.IRepository,
    private readonly options: CodeCommitSourceOptions,
  ) {
    requirePattern(options.branch, BRANCH, {
      prop: 'branch',
      allowed: 'the name of a single branch',
      remedy: 'create a pipeline for each branch, because CodePipeline has no branch patterns for CodeCommit',
    });
  }

  public bind(scope: Construct, { actionName, output }: SourceBindOptions): SourceConfig {
    requireSamePlace(scope, 'repository of Source.codeCommit', this.repository, this.repository.repositoryArn);
    const action = new actions.CodeCommitSourceAction({
      actionName,
      output,
      repository: this.repository,
      branch: this.options.branch ?? 'main',
      trigger: actions.CodeCommitTrigger.EVENTS,
      codeBuildCloneOutput: this.options.fullClone,
    });
    const pull = () =>
      new iam.PolicyStatement({ actions: ['codecommit:GitPull'], resources: [this.repository.repositoryArn] });
    return {
      action,
      revision: describeRevision({ type: 'COMMIT_ID', value: action.variables.commitId }),
      clonePermissions: this.options.fullClone ? [pull()] : undefined,
    };
  }
}
