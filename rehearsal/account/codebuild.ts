import type { Account } from './account';
import { Operation, Service } from './service';
import { BuildResult } from '../build/build';

interface Build {
  readonly id: string;
  readonly project: string;
  readonly result: BuildResult;
  readonly reportArns: readonly string[];
}

interface TestCasesInput {
  readonly reportArn: string;
  readonly filter?: { readonly status?: string };
}

/** The builds that have ended. */
export class CodeBuild implements Service {
  readonly prefix = 'codebuild';

  readonly operations: Record<string, Operation> = {
    BatchGetBuilds: {
      resources: ({ ids }: { readonly ids: string[] }) =>
        ids.map((id) => this.account.arn('codebuild', `project/${id.split(':')[0]}`)),
      run: ({ ids }: { readonly ids: string[] }) => ({
        builds: this.builds.filter(({ id }) => ids.includes(id)).map((build) => this.describe(build)),
      }),
    },
    DescribeTestCases: {
      resources: ({ reportArn }: TestCasesInput) => [reportArn.replace(/:report\/([^:]+):.*$/, ':report-group/$1')],
      run: (input: TestCasesInput) => this.testCases(input),
    },
  };

  private readonly builds: Build[] = [];

  constructor(private readonly account: Account) {}

  /** Adds a build with the ARNs of the report groups that it reported to. */
  add(id: string, result: BuildResult, reportGroups: readonly string[]): void {
    const reportArns = reportGroups.map(
      (arn) => `${arn.replace(':report-group/', ':report/')}:${this.account.nextUuid('report')}`,
    );
    this.builds.push({ id, project: id.split(':')[0], result, reportArns });
  }

  private describe({ id, project, result, reportArns }: Build) {
    const stream = encodeURIComponent(id.split(':')[1]);
    return {
      id,
      projectName: project,
      buildStatus: result.succeeded ? 'SUCCEEDED' : 'FAILED',
      phases: result.phases.map(({ name, status, message }) => ({
        phaseType: name,
        phaseStatus: status,
        contexts: message ? [{ statusCode: 'COMMAND_EXECUTION_ERROR', message }] : [],
      })),
      reportArns,
      logs: {
        deepLink:
          `https://console.aws.amazon.com/cloudwatch/home?region=${this.account.region}#logsV2:log-groups/log-group/` +
          `$252Faws$252Fcodebuild$252F${project}/log-events/${stream}`,
      },
    };
  }

  /** Returns the failed tests. The rehearsal keeps no others. */
  private testCases({ reportArn, filter }: TestCasesInput) {
    const build = this.builds.find(({ reportArns }) => reportArns.includes(reportArn));
    const failures = filter?.status === 'FAILED' ? (build?.result.tests?.failures ?? []) : [];
    return {
      testCases: failures.map((failure) => {
        const [name, ...message] = failure.split(': ');
        return { reportArn, name, status: 'FAILED', message: message.join(': ') };
      }),
    };
  }
}
