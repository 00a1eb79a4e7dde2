import type { Account } from './account';
import { Operation, Service } from './service';
import { AwsError } from '../base/aws-error';

const STANDARD_LIMIT = 4096;
const ADVANCED_LIMIT = 8192;

/** A parameter with all its values, the latest last. */
export interface ParameterState {
  readonly name: string;
  readonly type: string;
  readonly values: { readonly value: string; readonly modified: number }[];
}

interface GetInput {
  /** A name or an ARN, with or without a version: `name:3`. */
  readonly Name: string;
}

/** The parameters from the templates. */
export class Ssm implements Service {
  readonly prefix = 'ssm';

  readonly operations: Record<string, Operation> = {
    GetParameter: {
      resources: ({ Name }: GetInput) => [this.arn(withoutVersion(Name).name)],
      run: ({ Name }: GetInput) => this.get(Name),
    },
  };

  constructor(private readonly account: Account) {}

  /** Writes a parameter as CloudFormation does. Returns whether the parameter existed before. */
  addParameter(name: string, type: string, value: string, tier = 'Standard'): boolean {
    checkValue(value, tier);
    const { parameters } = this.account.state;
    const before = parameters[name]?.values ?? [];
    parameters[name] = { name, type, values: [...before, { value, modified: this.account.clock.now() }] };
    return before.length > 0;
  }

  /**
   * Emits the event of an update:
   * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html
   */
  announceUpdate(name: string): void {
    this.account.events.emit({
      source: 'aws.ssm',
      detailType: 'Parameter Store Change',
      resource: this.arn(name),
      detail: { operation: 'Update', name, type: this.account.state.parameters[name].type },
    });
  }

  arn(name: string): string {
    return name.startsWith('arn:') ? name : this.account.arn('ssm', `parameter/${name.replace(/^\//, '')}`);
  }

  /** Returns the latest value of a parameter. */
  find(nameOrArn: string): { readonly value: string } | undefined {
    return this.state(nameOrArn)?.values.at(-1);
  }

  private state(nameOrArn: string): ParameterState | undefined {
    const all = Object.values(this.account.state.parameters);
    return all.find(({ name }) => name === nameOrArn || this.arn(name) === nameOrArn);
  }

  private get(given: string) {
    const selected = withoutVersion(given);
    const found = this.state(selected.name);
    if (!found) {
      throw new AwsError(400, 'ParameterNotFound', `The parameter ${given} does not exist.`);
    }
    const { name, type, values } = found;
    const Version = selected.version ?? values.length;
    const version = values[Version - 1];
    if (!version) {
      throw new AwsError(
        400,
        'ParameterVersionNotFound',
        `Systems Manager could not find version ${Version} of ${name}. Verify the version and try again.`,
      );
    }
    return {
      Parameter: {
        Name: name,
        Type: type,
        Value: version.value,
        Version,
        LastModifiedDate: version.modified / 1000,
        ARN: this.arn(name),
        DataType: 'text',
        ...(selected.version ? { Selector: `:${Version}` } : {}),
      },
    };
  }
}

function withoutVersion(given: string): { readonly name: string; readonly version?: number } {
  const [, name, version] = /^(.*[^:]):(\d+)$/.exec(given.startsWith('arn:') ? '' : given) ?? [];
  return name ? { name, version: Number(version) } : { name: given };
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
function checkValue(value: string, tier: string): void {
  const limit = tier === 'Standard' ? STANDARD_LIMIT : ADVANCED_LIMIT;
  if (/\{\{.*\}\}/s.test(value)) {
    throw invalid('Parameter value, cannot nest another parameter. Do not use "{{}}" in the value');
  }
  if (value.length > limit) {
    throw invalid(`${tier} tier parameters support a maximum parameter value of ${limit} characters.`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'ValidationException', message);
}
