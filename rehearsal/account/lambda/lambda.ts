import { AwsError, revisionConflict } from '../../base/aws-error';
import { Account } from '../account';
import { createAlias, getAlias, listAliases, updateAlias } from './alias';
import { checkConfiguration } from './checks';
import { checkKind, readCode } from './code';
import { functionName, qualifierOf } from './names';
import {
  codeSha256,
  CodeState,
  describeVersion,
  FunctionState,
  isSameVersion,
  revisionOf,
  VersionState,
} from './state';
import { Caller } from '../iam/iam';
import { Operation, Service } from '../service';

/** How long a change takes to become effective. */
export const UPDATE_TIME = 3000;
const NOT_CONFIGURATION = ['FunctionName', 'Code', 'Publish', 'PackageType', 'Tags', 'RevisionId'];

/** The functions. */
export class Lambda implements Service {
  readonly prefix = 'lambda';

  readonly operations: Record<string, Operation> = {
    GetFunction: { resources: (input) => [this.qualifiedArn(input)], run: (input) => this.getFunction(input) },
    GetFunctionConfiguration: {
      resources: (input) => [this.qualifiedArn(input)],
      run: (input) => this.describe(input),
    },
    CreateFunction: {
      resources: (input) => [this.arn(input)],
      run: (input, caller) => this.createFunction(input, caller),
    },
    UpdateFunctionCode: {
      resources: (input) => [this.arn(input)],
      run: (input, caller) => this.updateCode(input, caller),
    },
    UpdateFunctionConfiguration: {
      resources: (input) => [this.arn(input)],
      run: (input, caller) => this.updateConfiguration(input, caller),
    },
    PublishVersion: { resources: (input) => [this.arn(input)], run: (input) => this.publish(input) },
    ListVersionsByFunction: { resources: (input) => [this.arn(input)], run: (input) => this.listVersions(input) },
    // Calls about an alias are held against the function's ARN, not the alias's
    CreateAlias: { resources: (input) => [this.arn(input)], run: (input) => createAlias(this.account, input) },
    GetAlias: { resources: (input) => [this.arn(input)], run: (input) => getAlias(this.account, input) },
    UpdateAlias: { resources: (input) => [this.arn(input)], run: (input) => updateAlias(this.account, input) },
    ListAliases: { resources: (input) => [this.arn(input)], run: (input) => listAliases(this.account, input) },
    AddPermission: { resources: (input) => [this.qualifiedArn(input)], run: (input) => this.addPermission(input) },
    TagResource: { resources: (input) => [input.Resource], run: (input) => this.tag(input) },
    Invoke: {
      action: () => 'lambda:InvokeFunction',
      resources: (input) => [this.qualifiedArn(input)],
      run: (input) => this.account.invocations.invoke(input),
    },
  };

  constructor(private readonly account: Account) {}

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

  /** `$LATEST` or a published version. */
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

  /** Creates a function; `caller` is undefined when a stack does, which the rehearsal doesn't hold against a role. */
  async createFunction(input: any, caller?: Caller) {
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
    checkKind(input.PackageType === 'Image', input.Code ?? {});
    const code = await readCode(this.account, input.Code ?? {}, { functionArn: this.arn(input), caller });
    const latest = this.next('$LATEST', configuration, code, true);
    const name: string = input.FunctionName;
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

  async updateCode(input: any, caller?: Caller) {
    const fn = this.changeable(input);
    if (input.Publish || input.DryRun) {
      throw this.account.refuse('UpdateFunctionCode with Publish or DryRun');
    }
    checkKind(fn.latest.imageUri !== undefined, input);
    const code = await readCode(this.account, input, { functionArn: this.arn(input), caller });
    const configuration = {
      ...fn.latest.configuration,
      ...(input.Architectures ? { Architectures: input.Architectures } : {}),
    };
    fn.latest = this.next('$LATEST', configuration, code, false);
    return this.describe(input);
  }

  updateConfiguration(input: any, caller?: Caller) {
    const fn = this.changeable(input);
    const configuration = { ...fn.latest.configuration, ...pick(input) };
    checkConfiguration(this.account, configuration, this.arn(input), caller, fn.latest.configuration);
    fn.latest = this.next('$LATEST', configuration, fn.latest, false);
    return this.describe(input);
  }

  publish(input: any) {
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

  private describe(input: any) {
    const fn = this.get(input.FunctionName);
    const qualifier = qualifierOf(input) ?? '$LATEST';
    return describeVersion(
      this.arn(input),
      this.version(fn, fn.aliases[qualifier]?.version ?? qualifier),
      this.account.clock.now(),
    );
  }

  private getFunction(input: any) {
    const {
      latest: { imageUri },
      tags,
    } = this.get(input.FunctionName);
    const code = imageUri
      ? { RepositoryType: 'ECR', ImageUri: imageUri, ResolvedImageUri: imageUri }
      : { RepositoryType: 'S3' };
    return { Configuration: this.describe(input), Code: code, Tags: tags };
  }

  private listVersions(input: any) {
    const fn = this.get(input.FunctionName);
    return {
      Versions: [fn.latest, ...fn.versions].map((version) =>
        describeVersion(this.arn(input), version, this.account.clock.now()),
      ),
    };
  }

  /** The permission itself is for others: nobody whom the rehearsal lets invoke needs it. */
  private addPermission(input: any) {
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

  private tag(input: any) {
    const fn = this.get(input.Resource);
    fn.tags = { ...fn.tags, ...input.Tags };
    return {};
  }

  private changeable(input: any): FunctionState {
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
    configuration: Record<string, any>,
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

  private qualifiedArn(input: any): string {
    const qualifier = qualifierOf(input);
    return qualifier ? `${this.arn(input)}:${qualifier}` : this.arn(input);
  }
}

function pick(input: any): Record<string, any> {
  return Object.fromEntries(
    Object.entries(input).filter(([key, value]) => !NOT_CONFIGURATION.includes(key) && value !== undefined),
  );
}
