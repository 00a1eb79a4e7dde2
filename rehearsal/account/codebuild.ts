import { Account } from './account';
import { Operation, Service } from './service';
import { BuildResult } from '../build/build';

interface Build {
  readonly id: string;
  readonly project: string;
  readonly result: BuildResult;
  readonly reportArns: readonly string[];
}

/** The builds that have ended, for those who ask why. */
export class CodeBuild implements Service {
  readonly prefix = 'codebuild';

  readonly operations: Record<string, Operation> = {
    BatchGetBuilds: {
      resources: (input) => input.ids.map((id: string) => this.account.arn('codebuild', `project/${id.split(':')[0]}`)),
      run: (input) => ({
        builds: this.builds.filter(({ id }) => input.ids.includes(id)).map((build) => this.describe(build)),
      }),
    },
    DescribeTestCases: {
      resources: ({ reportArn }) => [reportArn.replace(/:report\/([^:]+):.*$/, ':report-group/$1')],
      run: (input) => this.testCases(input),
    },
  };

  private readonly builds: Build[] = [];

  constructor(private readonly account: Account) {}

  /** Keeps a build; `reportGroups` are the ARNs of those that it reported to. */
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
        deepLink: `https://console.aws.amazon.com/cloudwatch/home?region=${this.account.region}#logsV2:log-groups/log-group/$252Faws$252Fcodebuild$252F${project}/log-events/${stream}`,
      },
    };
  }

  /** The tests that failed; the rehearsal keeps no others. */
  private testCases({ reportArn, filter }: any) {
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
