import { BatchGetBuildsCommand, BuildPhase, DescribeTestCasesCommand, TestCase } from '@aws-sdk/client-codebuild';
import { codeBuild } from '../aws/clients';
import { readEvidence } from '../base/evidence';
import { REPORT_GROUPS } from '../contract';

/** Why a build failed. */
export interface BuildEvidence {
  /** For example `PRE_BUILD: Error while executing command: pytest tests. Reason: exit status 1`. */
  readonly phases: string[];
  /** Name and first line of the message of each failed test. */
  readonly tests: string[];
  /** Link to the log. */
  readonly log?: string;
}

/** Reads which phases, commands and tests failed. */
export async function readBuildEvidence(buildId: string, missing: string[]): Promise<BuildEvidence> {
  const { builds: [build] = [] } = await codeBuild.send(new BatchGetBuildsCommand({ ids: [buildId] }));
  // A coverage report has no test cases.
  const reports = (build?.reportArns ?? []).filter((arn) => !arn.includes(`-${REPORT_GROUPS.coverage}:`));
  const tests = await Promise.all(
    reports.map((reportArn) => readEvidence('test report', readFailedTests(reportArn), missing)),
  );
  return {
    phases: (build?.phases ?? []).filter(isFailed).map(describePhase),
    tests: tests.flatMap((cases) => cases ?? []).map(describeTest),
    log: build?.logs?.deepLink,
  };
}

async function readFailedTests(reportArn: string): Promise<TestCase[]> {
  const pages = await Promise.all(
    ['FAILED', 'ERROR'].map((status) =>
      codeBuild.send(new DescribeTestCasesCommand({ reportArn, filter: { status } })),
    ),
  );
  return pages.flatMap((page) => page.testCases ?? []);
}

function isFailed({ phaseStatus }: BuildPhase): boolean {
  return phaseStatus !== undefined && phaseStatus !== 'SUCCEEDED' && phaseStatus !== 'IN_PROGRESS';
}

function describePhase({ phaseType, phaseStatus, contexts = [] }: BuildPhase): string {
  const messages = contexts.map((context) => context.message).filter((message) => message);
  return `${phaseType}: ${messages.join('; ') || phaseStatus}`;
}

function describeTest({ name, prefix, message }: TestCase): string {
  const [firstLine] = (message ?? '').trim().split('\n');
  return `${prefix ? `${prefix}.` : ''}${name}${firstLine ? `: ${firstLine}` : ''}`;
}
