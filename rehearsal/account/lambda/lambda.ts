import { AwsError, revisionConflict } from '../../base/aws-error';
import type { Account } from '../account';
import { checkConfiguration } from './checks';
import { checkPackageType, readCode } from './code';
import {
  AddPermissionInput,
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
    return this.account.state.functions[functionName(nameOrArn)];
  }

  get(nameOrArn: string): FunctionState {
    const found = this.find(nameOrArn);
    if (!found) {
      throw new AwsError(
        404,
        'ResourceNotFoundException',
        `Function not found: ${this.arn({ FunctionName: nameOrArn })}`,
      );
    }
    return found;
  }

  /** Returns `$LATEST` or a published version. */
  version(fn: FunctionState, version: string): VersionState {
    const found = version === '$LATEST' ? fn.latest : fn.versions.find((candidate) => candidate.version === version);
    if (!found) {
      throw new AwsError(
        404,
        'ResourceNotFoundException',
        `Function not found: ${this.arn({ FunctionName: fn.name })}:${version}`,
      );
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
    fn.latest = this.next('$LATEST', configuration, code, false);
    return this.describe(input);
  }

  updateConfiguration(input: UpdateConfigurationInput, caller?: Caller) {
    const fn = this.changeable(input);
    const configuration = { ...fn.latest.configuration, ...pick(input) };
    checkConfiguration(this.account, configuration, this.arn(input), caller, fn.latest.configuration);
    fn.latest = this.next('$LATEST', configuration, fn.latest, false);
    return this.describe(input);
  }

  publish(input: PublishInput) {
    const fn = this.changeable(input);
    const { latest } = fn;
    const current = codeSha256(latest);
    if (input.CodeSha256 && input.CodeSha256 !== current) {
      throw new AwsError(
        400,
        'InvalidParameterValueException',
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST ` +
          `(${current}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    }
    const last = fn.versions.at(-1);
    if (!last || !isSameVersion(last, latest)) {
      const next = this.next(String(Number(last?.version ?? 0) + 1), latest.configuration, latest, true);
      fn.versions.push({ ...next, description: input.Description });
    }
    return this.describe({ ...input, Qualifier: fn.versions.at(-1)!.version });
  }

  describe(input: FunctionInput) {
    const fn = this.get(input.FunctionName);
    const qualifier = qualifierOf(input) ?? '$LATEST';
    return describeVersion(
      this.arn(input),
      this.version(fn, fn.aliases[qualifier]?.version ?? qualifier),
      this.account.clock.now(),
    );
  }

  getFunction(input: FunctionInput) {
    const {
      latest: { imageUri },
      tags,
    } = this.get(input.FunctionName);
    const code = imageUri
      ? { RepositoryType: 'ECR', ImageUri: imageUri, ResolvedImageUri: imageUri }
      : { RepositoryType: 'S3' };
    return { Configuration: this.describe(input), Code: code, Tags: tags };
  }

  listVersions(input: FunctionInput) {
    const fn = this.get(input.FunctionName);
    return {
      Versions: [fn.latest, ...fn.versions].map((version) =>
        describeVersion(this.arn(input), version, this.account.clock.now()),
      ),
    };
  }

  /** Adds a permission. The rehearsal does not evaluate it, because none of its callers needs it. */
  addPermission(input: AddPermissionInput) {
    const fn = this.get(input.FunctionName);
    const statement = `${qualifierOf(input) ?? ''} ${input.StatementId}`;
    if (fn.permissions.includes(statement)) {
      throw new AwsError(
        409,
        'ResourceConflictException',
        `The statement id (${input.StatementId}) provided already exists.`,
      );
    }
    fn.permissions.push(statement);
    return {
      Statement: JSON.stringify({
        Sid: input.StatementId,
        Effect: 'Allow',
        Action: input.Action,
        Principal: input.Principal,
      }),
    };
  }

  tag(input: TagInput) {
    const fn = this.get(input.Resource);
    fn.tags = { ...fn.tags, ...input.Tags };
    return {};
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

/** Returns the configuration in the input of CreateFunction or UpdateFunctionConfiguration. */
function pick(input: FunctionConfiguration): FunctionConfiguration {
  return Object.fromEntries(
    Object.entries(input).filter(([key, value]) => !NOT_CONFIGURATION.includes(key) && value !== undefined),
  );
}
