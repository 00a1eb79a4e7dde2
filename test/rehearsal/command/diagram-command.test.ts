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

/** Prints the texts of the XML on the standard input. Fails for other input. */
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

/** Synthesizes a stack into a cloud assembly. */
function assemblyOf(build: (stack: Stack) => void): string {
  const app = new App({ outdir: path.join(OUTDIR, String(assemblies++)) });
  build(new Stack(app, 'Stack'));
  return app.synth().directory;
}

/** Adds a pipeline without the construct: a stage with concurrent actions. */
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
  test('each stage is a subgraph, in the order of the pipeline', async () => {
    const stages = [...(await draw({ approvals: [{}] })).matchAll(/subgraph \w+ \["(\w+)/g)].map(([, name]) => name);
    expect(stages).toEqual(['Source', 'CheckLambdaFunction', 'CreateLambdaFunction', 'Build', 'Approve', 'Deploy']);
    expect(printed).toContain('stage1 --> stage2 --> stage3 --> stage4 --> stage5 --> stage6\n');
  });

  test('an action has its provider and its artifacts', async () => {
    expect(await draw({})).toContain('["BuildAction<br/>CodeBuild<br/>SourceOutput → BuildOutput"]');
  });

  test('an action of the release function has its step', async () => {
    expect(await draw({})).toContain('["DeployAction<br/>Lambda: deploy<br/>BuildOutput, AppSpecFile"]');
  });

  test('consecutive actions are connected', async () => {
    expect(await draw({})).toContain('    stage5_1_1 --> stage5_2_1\n');
  });

  test('a stage with a condition has its condition', async () => {
    expect(await draw({})).toContain(
      'subgraph stage3 ["CreateLambdaFunction: only when CheckLambdaFunction.FunctionExists is false"]',
    );
    expect(printed).toContain('style stage3 stroke-dasharray');
  });

  test('special characters of Mermaid are escaped', async () => {
    await diagramCommand([assemblyOf((stack) => handMade(stack, 'a"<#&', 'One'))]);
    expect(printed).toContain('["a&quot;&lt;#35;&amp;"]');
  });
});

describe('as SVG', () => {
  test('the picture is well-formed, and has the same texts', async () => {
    const svg = await draw({}, '--format', 'svg');
    const texts = execFileSync('python3', ['-c', TEXTS_OF_XML], { input: svg, encoding: 'utf8' });
    expect(texts).toContain('The stages of inventory-allocation-pipeline');
    expect(texts.replace(/\n/g, ' ')).toContain('only when CheckLambdaFunction. FunctionExists is false');
    expect(texts).toContain('SourceOutput → BuildOutput');
  });

  const placesOf = (names: string) =>
    [...printed.matchAll(new RegExp(`<text class="name" x="(\\d+)" y="(\\d+)">(${names})<`, 'g'))].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);

  test('the actions of one step are side by side', async () => {
    await diagramCommand([assemblyOf((stack) => handMade(stack, 'Approve', 'One', 'Two')), '--format', 'svg']);
    const [one, two] = placesOf('One|Two');
    expect(one[0]).toBeLessThan(two[0]);
    expect(one[1]).toBe(two[1]);
  });

  test('consecutive actions are one below the other', async () => {
    await draw({}, '--format', 'svg');
    const [first, second] = placesOf('CreateAppSpecFile|DeployAction');
    expect(first[0]).toBe(second[0]);
    expect(first[1]).toBeLessThan(second[1]);
  });
});

describe('the pipeline', () => {
  const two = () =>
    assemblyOf((stack) => {
      addPipeline({ projectName: 'one' }, stack, 'One');
      addPipeline({ projectName: 'two' }, stack, 'Two');
    });

  test('is the one in --pipeline', async () => {
    await diagramCommand([two(), '--pipeline', 'two-pipeline', '--format', 'svg']);
    expect(printed).toContain('The stages of two-pipeline');
  });

  test('must be named if the app has several', async () => {
    await expect(diagramCommand([two()])).rejects.toThrow(
      'the app has several pipelines: add --pipeline with one of one-pipeline, two-pipeline',
    );
  });

  test('must be in the app', async () => {
    await expect(diagramCommand([two(), '--pipeline', 'three'])).rejects.toThrow(
      '--pipeline must be one of one-pipeline, two-pipeline, got three',
    );
  });

  test('has its logical id if only the deployment knows its name', async () => {
    expect(
      await draw((stack) => ({ projectName: new CfnParameter(stack, 'ProjectName').valueAsString }), '--format', 'svg'),
    ).toMatch(/The stages of Pipeline\w+</);
  });
});

test('fails for an app without a pipeline', async () => {
  const assembly = assemblyOf((stack) => new CfnParameter(stack, 'Nothing'));
  await expect(diagramCommand([assembly])).rejects.toThrow(`${assembly} has no pipeline`);
});

test('fails for a folder that is not a cloud assembly', async () => {
  await expect(diagramCommand([OUTDIR])).rejects.toThrow('is not a cloud assembly');
});

test('fails for another format', async () => {
  await expect(diagramCommand([OUTDIR, '--format', 'png'])).rejects.toThrow('--format must be mermaid or svg, got png');
});

test('fails without a folder', async () => {
  await expect(diagramCommand([])).rejects.toThrow('the command needs one argument: the output folder of cdk synth');
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
  ])('equals the output of the command as %s', async (format, file) => {
    await diagramCommand([assembly, '--format', format]);
    expect(printed).toBe(fs.readFileSync(path.join(__dirname, '../../../docs/stages', file), 'utf8'));
  });
});
