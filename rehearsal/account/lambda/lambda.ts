import { AwsError, revisionConflict } from '../../base/aws-error';
import type { Account } from '../account';
import { releaseAliases } from './alias';
import { checkConfiguration, checkTags } from './checks';
import { checkPackageType, codeLocation, readCode } from './code';
import { inState, invalidParameter, notFound } from './errors';
import {
  ChangeInput,
  CreateFunctionInput,
  FunctionInput,
  PublishInput,
  TagInput,
  UpdateCodeInput,
  UpdateConfigurationInput,
} from './input';
import { functionName, qualifierOf } from './names';
import { lambdaOperations } from './operations';
import {
  codeSha256,
  CodeState,
  describeListed,
  describeVersion,
  FunctionConfiguration,
  FunctionState,
  isSameVersion,
  revisionOf,
  VersionState,
} from './state';
import { Caller } from '../iam/iam';
import { Operation, Service } from '../service';

/** The duration of a change in Lambda. */
export const UPDATE_TIME = 3000;
const NOT_CONFIGURATION = ['FunctionName', 'Code', 'Publish', 'PackageType', 'Tags', 'RevisionId'];

/** The functions. */
export class Lambda implements Service {
  readonly prefix = 'lambda';

  readonly operations: Record<string, Operation>;

  constructor(private readonly account: Account) {
    this.operations = lambdaOperations(account);
  }

  arn(input: { FunctionName: string }): string {
    return this.account.arn('lambda', `function:${functionName(input.FunctionName)}`);
  }

  find(nameOrArn: string): FunctionState | undefined {
    const found = this.account.state.functions[functionName(nameOrArn)];
    if (found) {
      releaseAliases(this.account, found);
    }
    return found;
  }

  /** Returns a function. The error about a missing one names the qualifier of the call. */
  get(nameOrArn: string, qualifier?: string): FunctionState {
    const found = this.find(nameOrArn);
    if (!found) {
      throw notFound(this.arn({ FunctionName: nameOrArn }), qualifier);
    }
    return found;
  }

  /** Returns `$LATEST` or a published version. */
  version(fn: FunctionState, version: string): VersionState {
    const found = version === '$LATEST' ? fn.latest : fn.versions.find((candidate) => candidate.version === version);
    if (!found) {
      throw notFound(this.arn({ FunctionName: fn.name }), version);
    }
    return found;
  }

  /** Creates a function. A stack of the app has no `caller`: the rehearsal does not check its permissions. */
  async createFunction(input: CreateFunctionInput, caller?: Caller) {
    if (this.find(input.FunctionName)) {
      throw new AwsError(409, 'ResourceConflictException', `Function already exist: ${input.FunctionName}`);
    }
    if (input.Publish) {
      throw this.account.refuse('CreateFunction with Publish');
    }
    const configuration = pick(input);
    checkConfiguration(this.account, configuration, this.arn(input), caller);
    if (input.Tags && caller) {
      this.account.calls.check(caller, 'lambda:TagResource', this.arn(input));
    }
    checkTags(input.Tags ?? {});
    checkPackageType(input.PackageType === 'Image', input.Code ?? {});
    const code = await readCode(this.account, input.Code ?? {}, { functionArn: this.arn(input), caller });
    const latest = this.next('$LATEST', configuration, code, true);
    const name = input.FunctionName;
    this.account.state.functions[name] = {
      name,
      latest,
      versions: [],
      aliases: {},
      permissions: [],
      tags: input.Tags ?? {},
    };
    return this.describe(input);
  }

  async updateCode(input: UpdateCodeInput, caller?: Caller) {
    const fn = this.changeable(input);
    if (input.Publish || input.DryRun) {
      throw this.account.refuse('UpdateFunctionCode with Publish or DryRun');
    }
    checkPackageType(fn.latest.imageUri !== undefined, input);
    const code = await readCode(this.account, input, { functionArn: this.arn(input), caller });
    const configuration = {
      ...fn.latest.configuration,
      ...(input.Architectures ? { Architectures: input.Architectures } : {}),
    };
    fn.latest = wake(fn.latest, this.next('$LATEST', configuration, code, false));
    return this.describe(input);
  }

  updateConfiguration(input: UpdateConfigurationInput, caller?: Caller) {
    const fn = this.changeable(input);
    const configuration = { ...fn.latest.configuration, ...pick(input) };
    checkConfiguration(this.account, configuration, this.arn(input), caller, fn.latest.configuration);
    fn.latest = wake(fn.latest, this.next('$LATEST', configuration, fn.latest, false), true);
    return this.describe(input);
  }

  publish(input: PublishInput) {
    const fn = this.changeable(input);
    const { latest } = fn;
    const current = codeSha256(latest);
    if (input.CodeSha256 && input.CodeSha256 !== current) {
      throw invalidParameter(
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST ` +
          `(${current}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    }
    const last = fn.versions.at(-1);
    if (!last || !isSameVersion(last, latest)) {
      const next = this.next(String(Number(last?.version ?? 0) + 1), latest.configuration, latest, true);
      const readyAt = hasSnapshot(latest) ? next.readyAt : next.lastModified;
      fn.versions.push({ ...next, readyAt, description: input.Description });
      this.renewRevision(fn);
    }
    return this.describe({ ...input, Qualifier: fn.versions.at(-1)!.version });
  }

  describe(input: FunctionInput) {
    const { fn, version } = this.qualified(input);
    const now = this.account.clock.now();
    return describeVersion(this.arn(input), this.version(fn, version), now, qualifierOf(input));
  }

  /** Returns the function and the version that a call is about. */
  private qualified(input: FunctionInput): { readonly fn: FunctionState; readonly version: string } {
    const qualifier = qualifierOf(input);
    const fn = this.get(input.FunctionName, qualifier);
    return { fn, version: qualifier ? (fn.aliases[qualifier]?.version ?? qualifier) : '$LATEST' };
  }

  getFunction(input: FunctionInput) {
    const { fn, version } = this.qualified(input);
    const code = this.version(fn, version);
    const { imageUri } = code;
    const Code = imageUri
      ? { RepositoryType: 'ECR', ImageUri: imageUri, ResolvedImageUri: imageUri }
      : { RepositoryType: 'S3', Location: codeLocation(this.account, code) };
    const Tags = Object.keys(fn.tags).length > 0 ? fn.tags : undefined;
    return { Configuration: this.describe(input), Code, Tags };
  }

  listVersions(input: FunctionInput) {
    const fn = this.get(input.FunctionName);
    return {
      Versions: [fn.latest, ...fn.versions].map((version) =>
        describeListed(this.arn(input), version, this.account.clock.now(), version.version),
      ),
    };
  }

  tag({ Resource, Tags }: TagInput) {
    if (qualifierOf({ FunctionName: Resource })) {
      throw invalidParameter('Tags on function aliases and versions are not supported. Please specify a function ARN.');
    }
    const fn = this.get(Resource);
    if (Object.keys(Tags).length === 0) {
      throw invalidParameter('An error occurred and the request cannot be processed.');
    }
    const tags = { ...fn.tags, ...Tags };
    checkTags(tags);
    fn.tags = tags;
    this.renewRevision(fn);
    return {};
  }

  /** A new version, and a change of the tags, give `$LATEST` another revision. */
  private renewRevision(fn: FunctionState): void {
    fn.latest = { ...fn.latest, revision: this.account.nextUuid('revision') };
  }

  private changeable(input: ChangeInput): FunctionState {
    const fn = this.get(input.FunctionName);
    const now = this.account.clock.now();
    if (now < fn.latest.readyAt) {
      throw new AwsError(
        409,
        'ResourceConflictException',
        `The operation cannot be performed at this time. An update is in progress for resource: ${this.arn(input)}`,
      );
    }
    if (fn.latest.trouble?.state === 'Failed') {
      throw inState('Failed');
    }
    if (input.RevisionId && input.RevisionId !== revisionOf(fn.latest, now)) {
      throw revisionConflict();
    }
    return fn;
  }

  private next(
    version: string,
    configuration: FunctionConfiguration,
    { packageHash, packageSize, imageUri }: CodeState,
    isNew: boolean,
  ): VersionState {
    const now = this.account.clock.now();
    const revision = this.account.nextUuid('revision');
    return {
      version,
      configuration,
      packageHash,
      packageSize,
      imageUri,
      lastModified: now,
      readyAt: now + UPDATE_TIME,
      isNew,
      revision,
    };
  }
}

/** An update creates the resources of an inactive function again, unless it does not change why that failed before. */
function wake({ trouble }: VersionState, next: VersionState, isOtherConfiguration = false): VersionState {
  if (!trouble) {
    return next;
  }
  return { ...next, isNew: true, trouble: trouble.code === 'Idle' || isOtherConfiguration ? undefined : trouble };
}

/** Whether Lambda takes a snapshot of each version, which is not active before that. */
function hasSnapshot({ configuration }: VersionState): boolean {
  return (configuration.SnapStart as { readonly ApplyOn?: string } | undefined)?.ApplyOn === 'PublishedVersions';
}

/** Returns the configuration in the input of CreateFunction or UpdateFunctionConfiguration. */
function pick(input: FunctionConfiguration): FunctionConfiguration {
  return Object.fromEntries(
    Object.entries(input).filter(([key, value]) => !NOT_CONFIGURATION.includes(key) && value !== undefined),
  );
}
