import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { diagramCommand } from '../../../rehearsal/command/diagram-command';
import { addPipeline, Overrides } from '../../support/stacks';

const OUTDIR = fs.mkdtempSync(path.join(os.tmpdir(), 'diagram-'));
afterAll(() => fs.rmSync(OUTDIR, { recursive: true }));

/** Ends with an error when the text on the standard input is no XML. */
const TEXTS_OF_XML =
  'import sys, xml.etree.ElementTree as tree; print("".join(tree.fromstring(sys.stdin.read()).itertext()))';

let printed: string;
let assemblies = 0;

beforeEach(() => {
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

/** A cloud assembly with what is built in its stack. */
function assemblyOf(build: (stack: Stack) => void): string {
  const app = new App({ outdir: path.join(OUTDIR, String(assemblies++)) });
  build(new Stack(app, 'Stack'));
  return app.synth().directory;
}

/** A pipeline that the construct did not make: one stage with actions that run at the same time. */
function handMade(stack: Stack, stageName: string, ...actions: string[]): void {
  const actionTypeId = { category: 'Approval', owner: 'AWS', provider: 'Manual', version: '1' };
  new codepipeline.CfnPipeline(stack, 'HandMade', {
    roleArn: 'arn:aws:iam::123456789012:role/pipeline',
    stages: [{ name: stageName, actions: actions.map((name) => ({ name, actionTypeId })) }],
  });
}

async function draw(overrides: Overrides, ...argv: string[]): Promise<string> {
  expect(await diagramCommand([assemblyOf((stack) => addPipeline(overrides, stack)), ...argv])).toBe(0);
  return printed;
}

describe('as Mermaid', () => {
  test('each stage is a group, in the order of the pipeline', async () => {
    const stages = [...(await draw({ approvals: [{}] })).matchAll(/subgraph \w+ \["(\w+)/g)].map(([, name]) => name);
    expect(stages).toEqual(['Source', 'CheckLambdaFunction', 'CreateLambdaFunction', 'Build', 'Approve', 'Deploy']);
    expect(printed).toContain('stage1 --> stage2 --> stage3 --> stage4 --> stage5 --> stage6\n');
  });

  test('an action says its provider and its artifacts', async () => {
    expect(await draw({})).toContain('["BuildAction<br/>CodeBuild<br/>SourceOutput → BuildOutput"]');
  });

  test('an action of the release function says its step', async () => {
    expect(await draw({})).toContain('["DeployAction<br/>Lambda: deploy<br/>BuildOutput, AppSpecFile"]');
  });

  test('actions that follow each other are joined', async () => {
    expect(await draw({})).toContain('    stage5_1_1 --> stage5_2_1\n');
  });

  test('a stage that is skipped at times says when it is entered', async () => {
    expect(await draw({})).toContain(
      'subgraph stage3 ["CreateLambdaFunction: only when CheckLambdaFunction.FunctionExists is false"]',
    );
    expect(printed).toContain('style stage3 stroke-dasharray');
  });

  test('what Mermaid would take for its own is escaped', async () => {
    await diagramCommand([assemblyOf((stack) => handMade(stack, 'a"<#&', 'One'))]);
    expect(printed).toContain('["a&quot;&lt;#35;&amp;"]');
  });
});

describe('as SVG', () => {
  test('it is well-formed, and shows the same texts', async () => {
    const svg = await draw({}, '--format', 'svg');
    const texts = execFileSync('python3', ['-c', TEXTS_OF_XML], { input: svg, encoding: 'utf8' });
    expect(texts).toContain('The stages of inventory-allocation-pipeline');
    expect(texts).toContain('CreateLambdaFunction  only when CheckLambdaFunction.FunctionExists is false');
    expect(texts).toContain('SourceOutput → BuildOutput');
  });

  test('actions of one step stand below each other', async () => {
    await diagramCommand([assemblyOf((stack) => handMade(stack, 'Approve', 'One', 'Two')), '--format', 'svg']);
    const places = [...printed.matchAll(/<text class="name" x="(\d+)" y="(\d+)">(One|Two)</g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(places[0][0]).toBe(places[1][0]);
    expect(places[0][1]).toBeLessThan(places[1][1]);
  });
});

describe('which pipeline', () => {
  const two = () =>
    assemblyOf((stack) => {
      addPipeline({ projectName: 'one' }, stack, 'One');
      addPipeline({ projectName: 'two' }, stack, 'Two');
    });

  test('is the one that was asked for', async () => {
    await diagramCommand([two(), '--pipeline', 'two-pipeline', '--format', 'svg']);
    expect(printed).toContain('The stages of two-pipeline');
  });

  test('has to be said when there are several', async () => {
    await expect(diagramCommand([two()])).rejects.toThrow(
      'give --pipeline, because the app has several: one-pipeline, two-pipeline',
    );
  });

  test('has to be one of the app', async () => {
    await expect(diagramCommand([two(), '--pipeline', 'three'])).rejects.toThrow(
      'there is no pipeline three: there is one-pipeline, two-pipeline',
    );
  });

  test('is called by its logical id when its name is known at deployment only', async () => {
    expect(
      await draw((stack) => ({ projectName: new CfnParameter(stack, 'ProjectName').valueAsString }), '--format', 'svg'),
    ).toMatch(/The stages of Pipeline\w+</);
  });
});

test('an app without a pipeline is refused', async () => {
  const assembly = assemblyOf((stack) => new CfnParameter(stack, 'Nothing'));
  await expect(diagramCommand([assembly])).rejects.toThrow(`${assembly} has no pipeline`);
});

test('a folder that is no cloud assembly is refused', async () => {
  await expect(diagramCommand([OUTDIR])).rejects.toThrow('is no cloud assembly');
});

test('another format is refused', async () => {
  await expect(diagramCommand([OUTDIR, '--format', 'png'])).rejects.toThrow('--format takes mermaid or svg, got png');
});

test('a missing folder is refused', async () => {
  await expect(diagramCommand([])).rejects.toThrow('give the folder that cdk synth has written');
});

describe('the picture of the README', () => {
  const assembly = path.join(OUTDIR, 'readme');

  beforeAll(() => {
    process.env.CDK_OUTDIR = assembly;
    require('../../../docs/stages/app'); // eslint-disable-line @typescript-eslint/no-require-imports
    delete process.env.CDK_OUTDIR;
  });

  test.each([
    ['svg', 'stages.svg'],
    ['mermaid', 'stages.mmd'],
  ])('is what the command draws as %s', async (format, file) => {
    await diagramCommand([assembly, '--format', format]);
    expect(printed).toBe(fs.readFileSync(path.join(__dirname, '../../../docs/stages', file), 'utf8'));
  });
});
