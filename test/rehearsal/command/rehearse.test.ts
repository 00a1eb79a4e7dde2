import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { RehearsalOptions, rehearse } from '../../../rehearsal/command/rehearse';
import { Output } from '../../../rehearsal/pipeline/output';
import { StageRecord } from '../../../rehearsal/pipeline/record';
import { action, assemblyWith, invoke, unless } from '../support/assembly';

jest.setTimeout(60_000); // each run starts processes, slowly on a busy machine

let lines: string[];
let source: string;

beforeEach(() => {
  lines = [];
  source = fs.mkdtempSync(path.join(tmpdir(), 'source-'));
  fs.writeFileSync(path.join(source, 'app.txt'), 'content');
});

async function run(assembly: string, options: Partial<RehearsalOptions> = {}) {
  const output = new Output((line) => lines.push(line));
  const report = await rehearse({ assembly, source, events: [{}], variables: {}, rejected: [], ...options }, output);
  return { ...report.pipelines[0], calls: report.calls, notRehearsed: report.notRehearsed };
}

function statuses(stages: readonly StageRecord[]): string[] {
  return stages.map(({ name, status }) => `${name} ${status}`);
}

describe('a run', () => {
  test('runs the stages', async () => {
    const report = await run(
      assemblyWith([
        { Name: 'One', Actions: [invoke('first', [{}])] },
        { Name: 'Two', Actions: [invoke('second', [{}])] },
      ]),
    );

    expect(report.status).toBe('Succeeded');
    expect(statuses(report.stages)).toEqual(['Source Succeeded', 'One Succeeded', 'Two Succeeded']);
  });

  test('ends with the first failed action, and reports the cause', async () => {
    const failing = { Name: 'One', Actions: [invoke('first', [{ failure: 'no handler in the package' }])] };
    const report = await run(assemblyWith([failing, { Name: 'Two', Actions: [invoke('second', [{}])] }]));

    expect(report).toMatchObject({ status: 'Failed', cause: 'One/first: no handler in the package' });
    expect(statuses(report.stages)).toEqual(['Source Succeeded', 'One Failed']);
  });

  test('runs the actions of a stage by RunOrder, and those with the same one together', async () => {
    const report = await run(
      assemblyWith([
        {
          Name: 'One',
          Actions: [
            invoke('last', [{}], { RunOrder: 2 }),
            invoke('slow', [{ continuationToken: '1' }, {}]),
            invoke('quick', [{}]),
          ],
        },
      ]),
    );

    expect(report.stages[1].actions.map(({ name, seconds }) => [name, seconds])).toEqual([
      ['quick', 0],
      ['slow', 30],
      ['last', 0],
    ]);
  });

  test('records the calls with their roles', async () => {
    const { calls } = await run(assemblyWith([{ Name: 'One', Actions: [invoke('first', [{}])] }]));

    expect(calls.map((call) => `${call.role} ${call.action} ${call.allowed}`)).toEqual([
      'PipelineRole codeconnections:UseConnection true',
      'PipelineRole s3:PutObjectAcl true',
      'PipelineRole s3:PutObject true',
      'PipelineRole lambda:InvokeFunction true',
      'FunctionRole codepipeline:PutJobSuccessResult true',
    ]);
  });

  test('fails if the role of the pipeline lacks a permission', async () => {
    const trust = {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'codepipeline.amazonaws.com' } }],
    };
    const narrow = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } };
    const report = await run(assemblyWith([{ Name: 'One', Actions: [] }], { resources: { PipelineRole: narrow } }));

    expect(report.cause).toContain('is not authorized to perform: codeconnections:UseConnection');
    const connection = 'arn:aws:codeconnections:us-east-1:123456789012:connection/1';
    expect(lines).toContain(`  PipelineRole: codeconnections:UseConnection on ${connection} DENIED`);
  });

  test('ends with a note that it was a rehearsal', async () => {
    await run(assemblyWith([]));
    expect(lines.at(-1)).toContain('this was a rehearsal on this machine, not on AWS');
  });

  test('names the omitted resources', async () => {
    const { notRehearsed } = await run(
      assemblyWith([], {
        resources: { Table: { Type: 'AWS::DynamoDB::Table' }, Metadata: { Type: 'AWS::CDK::Metadata' } },
      }),
    );
    expect(notRehearsed).toEqual(['AWS::DynamoDB::Table Table']);
  });

  test('writes a report', async () => {
    const report = path.join(source, 'report.json');
    await run(assemblyWith([]), { report });
    expect(JSON.parse(fs.readFileSync(report, 'utf8'))).toMatchObject({
      rehearsal: true,
      pipelines: [{ name: 'demo-pipeline', status: 'Succeeded' }],
    });
  });
});

describe('a job', () => {
  test('starts again 30 seconds after a continuation token', async () => {
    const results = [
      { continuationToken: '1', executionDetails: { summary: 'shifting', percentComplete: 25 } },
      { continuationToken: '2' },
      { executionDetails: { summary: 'done' } },
    ];
    const report = await run(assemblyWith([{ Name: 'One', Actions: [invoke('first', results)] }]));

    expect(report.stages[1].actions[0]).toMatchObject({ status: 'Succeeded', summary: 'done', seconds: 60 });
    expect(lines).toContain('    … first: shifting (25 %)');
  });

  test('fails after 20 minutes without a result', async () => {
    const report = await run(assemblyWith([{ Name: 'One', Actions: [invoke('first', [{ silent: true }])] }]));

    expect(report.cause).toContain('reported no result within 20 minutes');
    expect(report.stages[1].actions[0].seconds).toBe(1200);
  });
});

describe('variables', () => {
  test('come from earlier actions', async () => {
    const report = await run(
      assemblyWith([
        { Name: 'One', Actions: [invoke('check', [{ outputVariables: { FunctionExists: 'yes' } }])] },
        {
          Name: 'Two',
          Actions: [
            invoke('second', [
              { executionDetails: { summary: 'it exists: #{check.FunctionExists}, of #{Source.FullRepositoryName}' } },
            ]),
          ],
        },
      ]),
    );

    expect(report.stages[2].actions[0].summary).toBe('it exists: yes, of acme/demo');
  });

  test('of the pipeline have default values, and values for a run', async () => {
    const stages = [
      {
        Name: 'One',
        Actions: [invoke('first', [{ executionDetails: { summary: 'ignore: #{variables.IgnoreAlarms}' } }])],
      },
    ];
    const assembly = assemblyWith(stages, {
      pipeline: { Variables: [{ Name: 'IgnoreAlarms', DefaultValue: 'false' }] },
    });

    expect((await run(assembly)).stages[1].actions[0].summary).toBe('ignore: false');
    expect((await run(assembly, { variables: { IgnoreAlarms: 'true' } })).stages[1].actions[0].summary).toBe(
      'ignore: true',
    );
    await expect(run(assembly, { variables: { Other: 'x' } })).rejects.toThrow(
      'the pipeline has no variable Other; its variables: IgnoreAlarms',
    );
  });

  test('of a skipped stage fail the action that uses them', async () => {
    const report = await run(
      assemblyWith([
        { Name: 'One', BeforeEntry: unless('#{Source.BranchName}', 'EQ', 'other'), Actions: [invoke('first', [{}])] },
        { Name: 'Two', Actions: [invoke('second', [{ executionDetails: { summary: '#{first.Result}' } }])] },
      ]),
    );

    expect(report.cause).toContain('the variable #{first.Result} has no value');
  });
});

describe('a condition before the entry of a stage', () => {
  test.each([
    ['EQ', 'main', 'Succeeded'],
    ['EQ', 'other', 'Skipped'],
    ['NE', 'other', 'Succeeded'],
    ['NE', 'main', 'Skipped'],
    ['CONTAINS', 'ai', 'Succeeded'],
    ['CONTAINS', 'x', 'Skipped'],
    ['MATCHES', 'm.*n', 'Succeeded'],
    ['MATCHES', 'm', 'Skipped'],
  ])('%s %s: %s', async (operator, value, expected) => {
    const BeforeEntry = unless('#{Source.BranchName}', operator, value);
    const report = await run(assemblyWith([{ Name: 'One', BeforeEntry, Actions: [invoke('first', [{}])] }]));

    expect(report.stages[1].status).toBe(expected);
    expect(report.status).toBe('Succeeded');
  });

  test('fails the run if its result is FAIL', async () => {
    const BeforeEntry = unless('#{Source.BranchName}', 'EQ', 'release', 'FAIL');
    const report = await run(assemblyWith([{ Name: 'One', BeforeEntry, Actions: [invoke('first', [{}])] }]));

    expect(report).toMatchObject({
      status: 'Failed',
      cause: 'Check: #{Source.BranchName} is "main", not EQ "release"',
    });
  });

  test('with another rule fails', async () => {
    const condition = {
      Conditions: [
        {
          Result: 'SKIP',
          Rules: [{ Name: 'Window', RuleTypeId: { Provider: 'DeploymentWindow' }, Configuration: {} }],
        },
      ],
    };
    await expect(run(assemblyWith([{ Name: 'One', BeforeEntry: condition, Actions: [] }]))).rejects.toThrow(
      'not rehearsed: the rule provider DeploymentWindow',
    );
  });
});

describe('an approval', () => {
  const assembly = () =>
    assemblyWith([{ Name: 'Approve', Actions: [action('Ask', 'Approval', 'Manual', { CustomData: 'is it ready?' })] }]);

  test('is approved, and the output says so', async () => {
    expect((await run(assembly())).stages[1].actions[0].summary).toBe(
      'approved by the rehearsal without asking anyone: is it ready?',
    );
  });

  test('is rejected on request', async () => {
    expect((await run(assembly(), { rejected: ['Ask'] })).cause).toContain('rejected by --reject');
  });
});

describe('a rehearsal fails', () => {
  test('before the run for an action that is not rehearsed', async () => {
    const stages = [
      { Name: 'One', Actions: [invoke('first', [{}])] },
      { Name: 'Two', Actions: [action('Deploy', 'Deploy', 'ECS', {})] },
    ];
    await expect(run(assemblyWith(stages))).rejects.toThrow(
      'not rehearsed: the action Deploy with the type Deploy/AWS/ECS',
    );
    expect(lines).toEqual(['demo-pipeline']);
  });

  test('for a role that no template contains', async () => {
    await expect(
      run(assemblyWith([], { pipeline: { RoleArn: 'arn:aws:iam::123456789012:role/other' } })),
    ).rejects.toThrow('not rehearsed: the role arn:aws:iam::123456789012:role/other');
  });

  test('for a stack in another partition', async () => {
    const assembly = assemblyWith([]);
    const manifest = path.join(assembly, 'manifest.json');
    fs.writeFileSync(manifest, fs.readFileSync(manifest, 'utf8').replace('unknown-region', 'cn-north-1'));
    await expect(run(assembly)).rejects.toThrow('not rehearsed: the partition of cn-north-1');
  });

  test('for an unknown pipeline', async () => {
    await expect(run(assemblyWith([]), { pipeline: 'other' })).rejects.toThrow(
      '--pipeline must be one of demo-pipeline, got other',
    );
  });
});

describe('the text', () => {
  const failing = () =>
    assemblyWith([{ Name: 'One', Actions: [invoke('first', [{ failure: 'no handler\nadd app.py' }])] }]);
  const after = (start: string) => lines.slice(lines.findIndex((line) => line.startsWith(start)));

  test('has the cause directly after the result', async () => {
    await run(failing());
    expect(after('  ✗ demo-pipeline failed').slice(1, 3)).toEqual(['  cause: One/first: no handler', '    add app.py']);
  });

  test('names the logs on this machine', async () => {
    const state = path.join(source, 'state');
    await run(failing(), { state });
    expect(lines).toContain(`  log: ${path.join(state, 'logs', 'steps.log')}`);
    expect(lines).toContain(`logs and packages are in ${state}`);
  });

  test('says how to keep the logs, which are deleted', async () => {
    await run(failing());
    expect(lines).toContain('logs and packages were deleted: add --keep to keep them');
  });

  test('has the calls only if the user asks for them', async () => {
    await run(assemblyWith([]));
    expect(lines.filter((line) => line.startsWith('calls'))).toEqual([]);
    await run(assemblyWith([]), { verbose: true });
    expect(lines).toContain('  PipelineRole: s3:PutObject 1');
  });
});

test('keeps the folder of the account if the user asks for it', async () => {
  await run(assemblyWith([]), { keep: true });
  const folder = lines
    .find((line) => line.startsWith('logs and packages are in'))!
    .split(' ')
    .at(-1)!;
  expect(fs.existsSync(path.join(folder, 'account.json'))).toBe(true);
  fs.rmSync(folder, { recursive: true });
});
