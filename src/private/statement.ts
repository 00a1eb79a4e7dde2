import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { acknowledgeWildcard } from './acknowledgement';

/** The parts of a policy statement. */
export interface StatementProps extends iam.PolicyStatementProps {
  readonly actions: string[];
  readonly resources: string[];
  /** The reason why a resource of the statement has a wildcard. */
  readonly because?: string;
}

/** A policy statement that carries the reason for its wildcards. */
export class Statement extends iam.PolicyStatement {
  /** Acknowledges the wildcards of the statements on the role that gets them. */
  public static acknowledge(role: IConstruct, statements: iam.PolicyStatement[]): void {
    for (const statement of statements) {
      if (statement instanceof Statement && statement.because) {
        const wildcards = statement.resources.filter((resource) => resource.includes('*'));
        wildcards.forEach((resource) => acknowledgeWildcard(role, resource, statement.because!));
      }
    }
  }

  private readonly because?: string;

  constructor({ because, ...props }: StatementProps) {
    super(props);
    this.because = because;
  }
}
