import type { Account } from './account';
import { Operation, Service } from './service';
import { AwsError } from '../base/aws-error';

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
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

  addParameter(name: string, type: string, value: string): void {
    this.parameters.set(name, { name, type, value });
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
    const { name, type, value } = found;
    return { Parameter: { Name: name, Type: type, Value: value, Version: 1, ARN: this.arn(name), DataType: 'text' } };
  }
}
