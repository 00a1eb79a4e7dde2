import AWS_MANAGED from './aws-managed-policies.json';
import { PolicyDocument } from './policy';

/** The name of a policy with its path: the end of its ARN, as in `ManagedPolicy.fromAwsManagedPolicyName`. */
const nameOf = (arn: string) => arn.replace(/^arn:[^:]+:iam::[^:]*:policy\//, '');

/**
 * The documents of managed policies: those that AWS manages and that apps of the CDK use, those of the templates, and
 * those that the user gives. moto publishes the first ones (Apache-2.0, https://github.com/getmoto/moto).
 */
export class ManagedPolicies {
  private readonly documents = new Map<string, PolicyDocument>();
  private readonly given = new Map<string, PolicyDocument>();

  /** Adds a policy of a template. */
  add(arn: string, document: PolicyDocument): void {
    this.documents.set(arn, document);
  }

  /** Adds a policy of the user, by its ARN, or by its name with or without the path. */
  give(name: string, document: PolicyDocument): void {
    this.given.set(name, document);
  }

  /** Returns a policy, or undefined if nobody knows it. */
  find(arn: string): PolicyDocument | undefined {
    const name = nameOf(arn);
    const names = [arn, name, name.split('/').at(-1)!];
    const given = names.find((each) => this.given.has(each));
    return given === undefined ? (this.documents.get(arn) ?? awsManaged(arn, name)) : this.given.get(given);
  }
}

function awsManaged(arn: string, name: string): PolicyDocument | undefined {
  const statements = (AWS_MANAGED as unknown as Record<string, PolicyDocument['Statement']>)[name];
  return statements && /^arn:[^:]+:iam::aws:policy\//.test(arn) ? { Statement: statements } : undefined;
}
