import type { Account } from './account';
import { Operation, Service } from './service';
import { AwsError } from '../base/aws-error';

const STANDARD_LIMIT = 4096;
const ADVANCED_LIMIT = 8192;

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly modified: number;
}

/** The parameters from the templates. */
export class Ssm implements Service {
  readonly prefix = 'ssm';

  readonly operations: Record<string, Operation> = {
    GetParameter: {
      resources: ({ Name }: { readonly Name: string }) => [this.arn(Name)],
      run: ({ Name }: { readonly Name: string }) => this.get(Name),
    },
  };

  private readonly parameters = new Map<string, Parameter>();

  constructor(private readonly account: Account) {}

  addParameter(name: string, type: string, value: string, tier = 'Standard'): void {
    checkValue(value, tier);
    this.parameters.set(name, { name, type, value, modified: this.account.clock.now() });
  }

  arn(name: string): string {
    return name.startsWith('arn:') ? name : this.account.arn('ssm', `parameter/${name.replace(/^\//, '')}`);
  }

  find(nameOrArn: string): Parameter | undefined {
    return [...this.parameters.values()].find(({ name }) => name === nameOrArn || this.arn(name) === nameOrArn);
  }

  private get(nameOrArn: string) {
    const found = this.find(nameOrArn);
    if (!found) {
      throw new AwsError(400, 'ParameterNotFound', `The parameter ${nameOrArn} does not exist.`);
    }
    const { name, type, value, modified } = found;
    return {
      Parameter: {
        Name: name,
        Type: type,
        Value: value,
        Version: 1,
        LastModifiedDate: modified / 1000,
        ARN: this.arn(name),
        DataType: 'text',
      },
    };
  }
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
