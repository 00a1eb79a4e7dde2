import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parse } from 'yaml';
import { loadLibrary, templateCommand } from '../../../rehearsal/command/template-command';
import { plainTemplate } from '../../../src/plain-template';

const PARAMETERS = {
  ProjectName: {
    Type: 'String',
    AllowedPattern: '^[a-z][a-z0-9-]*$',
    MaxLength: 48,
    ConstraintDescription: 'must be 1 to 48 lowercase letters, digits and hyphens',
  },
  Branch: {
    Type: 'String',
    Default: 'main',
    AllowedPattern: '^\\S+$',
    ConstraintDescription: 'must be the name of one branch',
  },
  MemorySize: {
    Type: 'Number',
    Default: 128,
    MinValue: 128,
    MaxValue: 10240,
    ConstraintDescription: 'must be a whole number from 128 to 10240',
  },
};

let out: string;
let printed: string;

beforeEach(() => {
  out = fs.mkdtempSync(path.join(os.tmpdir(), 'template-command-'));
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(out, { recursive: true });
});

/** Runs the command for a template with three parameters. */
function run(...argv: string[]): Promise<number> {
  const load = () => ({
    plainTemplate: () => ({
      template: { Parameters: PARAMETERS, Resources: {} },
      releaseFunction: Buffer.from('exports.handler = 1;'),
    }),
  });
  return templateCommand(['--out', out, ...argv], load);
}

function write(file: string, text: string): void {
  fs.writeFileSync(path.join(out, file), text);
}

function read(file: string): string {
  return fs.readFileSync(path.join(out, file), 'utf8');
}

function values(file = 'CICDparamerters.json'): Record<string, string> {
  return Object.fromEntries(
    JSON.parse(read(file)).map((entry: Record<string, string>) => [entry.ParameterKey, entry.ParameterValue]),
  );
}

describe('the output', () => {
  test('is the template, the parameter file of the design document, and the release function', async () => {
    expect(await run()).toBe(0);
    expect(parse(read('CICDPipelineForLambda.yml')).Parameters).toEqual(PARAMETERS);
    expect(values()).toEqual({ ProjectName: '', Branch: 'main', MemorySize: '128' });
    expect(read('release-function/index.js')).toBe('exports.handler = 1;');
  });

  test('is listed with the missing values and the next steps', async () => {
    await run();
    expect(printed).toContain(`add values to ${out}/CICDparamerters.json: ProjectName\n`);
    expect(printed).toContain(
      `aws cloudformation package --template-file ${out}/CICDPipelineForLambda.yml --s3-bucket <bucket> ` +
        `--output-template-file ${out}/packaged.yml`,
    );
    expect(printed).toContain(`--parameter-overrides file://${out}/CICDparamerters.json --capabilities CAPABILITY_IAM`);
  });

  test('replaces an earlier template of the command', async () => {
    await run('--source', 's3');
    await run('--source', 'codecommit');
    expect(read('CICDPipelineForLambda.yml')).toMatch(
      /^# Written by cdk-lambda-ci-cd-pipeline template .*--source codecommit\n/,
    );
  });
});

describe('an existing parameter file', () => {
  test.each([
    [
      'a list of the AWS CLI',
      '[{ "ParameterKey": "ProjectName", "ParameterValue": "acme" },' +
        ' { "ParameterKey": "MemorySize", "ParameterValue": "512" }]',
    ],
    ['the form of CodePipeline', '{ "Parameters": { "ProjectName": "acme", "MemorySize": "512" } }'],
    ['a plain object', '{ "ProjectName": "acme", "MemorySize": 512 }'],
  ])('keeps its values: %s', async (_, text) => {
    write('CICDparamerters.json', text);
    await run();
    expect(values()).toEqual({ ProjectName: 'acme', Branch: 'main', MemorySize: '512' });
    expect(printed).not.toContain('add values');
    expect(printed).toContain('--stack-name acme-pipeline');
  });

  test('keeps its name if it has the usual spelling', async () => {
    write('CICDparameters.json', '{ "ProjectName": "acme" }');
    await run();
    expect(values('CICDparameters.json').ProjectName).toBe('acme');
    expect(fs.existsSync(path.join(out, 'CICDparamerters.json'))).toBe(false);
  });

  test('loses a value without a parameter in the template, and the output says so', async () => {
    write('CICDparamerters.json', '{ "ProjectName": "acme", "SourceBucket": "sources" }');
    await run();
    expect(values()).not.toHaveProperty('SourceBucket');
    expect(printed).toContain('removed, because the template has no such parameter: SourceBucket=sources');
  });

  test('may have missing values', async () => {
    await run();
    await run();
    expect(values().ProjectName).toBe('');
  });
});

describe('the command fails, and writes nothing,', () => {
  afterEach(() => {
    expect(fs.existsSync(path.join(out, 'release-function'))).toBe(false);
  });

  test.each([
    ['an extra comma', '[\n  { "ParameterKey": "ProjectName", "ParameterValue": "acme" },\n]\n', '3:1'],
    ['a name without quotes', '{\n  "ProjectName": "acme",\n  Branch: "main"\n}\n', '3:3'],
    ['no end', '{\n  "ProjectName": "acme"\n', '3:1'],
  ])('if the parameter file is not JSON: %s', async (_, text, place) => {
    write('CICDparamerters.json', text);
    await expect(run()).rejects.toThrow(
      new RegExp(`CICDparamerters\\.json:${place}: must be JSON: .*; correct the file, or delete it`),
    );
  });

  test.each([
    [
      'ProjectName',
      '"Acme"',
      ':2: ProjectName must be 1 to 48 lowercase letters, digits and hyphens, got "Acme"; ' +
        'correct the value and run the command again',
    ],
    ['ProjectName', `"${'a'.repeat(49)}"`, ':2: ProjectName must be 1 to 48'],
    ['MemorySize', '64', ':2: MemorySize must be a whole number from 128 to 10240, got "64"'],
    ['MemorySize', '"128.5"', ':2: MemorySize must be a whole number from 128 to 10240, got "128.5"'],
    ['Branch', '""', ':2: Branch must be the name of one branch, got ""'],
  ])('if %s is %s', async (name, value, message) => {
    write('CICDparamerters.json', `{\n  "${name}": ${value}\n}`);
    await expect(run()).rejects.toThrow(message);
  });

  test.each(['"acme"', 'null', '["ProjectName=acme"]', '{ "ProjectName": ["acme"] }'])(
    'if the parameter file has another form: %s',
    async (text) => {
      write('CICDparamerters.json', text);
      await expect(run()).rejects.toThrow(
        'must be a list of { "ParameterKey": …, "ParameterValue": … }, { "Parameters": { … } }, ' +
          'or an object with names and values, got ',
      );
    },
  );

  test('if both names of the parameter file exist', async () => {
    write('CICDparamerters.json', '{}');
    write('CICDparameters.json', '{}');
    await expect(run()).rejects.toThrow(
      'must contain only one of CICDparamerters.json and CICDparameters.json: delete the other file',
    );
  });

  test('if the folder has a template from somebody else', async () => {
    write('CICDPipelineForLambda.yml', 'Resources: {}\n');
    await expect(run()).rejects.toThrow('which it did not write: move the file, or use another folder with --out');
    expect(read('CICDPipelineForLambda.yml')).toBe('Resources: {}\n');
  });

  test('if an option is unknown', async () => {
    await expect(run('--language', 'python')).rejects.toThrow("Unknown option '--language'");
  });

  test('if the library is not beside the command', async () => {
    const load = () => loadLibrary(path.join(out, 'lib/plain-template.js'));
    await expect(templateCommand(['--out', out], load)).rejects.toThrow(
      /needs aws-cdk-lib and constructs beside this package.*; run npm install cdk-lambda-ci-cd-pipeline aws-cdk-lib/,
    );
  });
});

describe('the template of the library', () => {
  const cfnLint = spawnSync('cfn-lint', ['--version']).status === 0;

  beforeEach(() =>
    templateCommand(['--out', out, '--runtime', 'nodejs22.x', '--source', 'codecommit', '--code-artifact'], () => ({
      plainTemplate,
    })),
  );

  test('survives the conversion to YAML', () => {
    const options = {
      runtime: 'nodejs22.x',
      architecture: 'x86_64',
      deployment: 'all-at-once',
      source: 'codecommit',
      codeArtifact: true,
    };
    expect(parse(read('CICDPipelineForLambda.yml'))).toEqual(plainTemplate(options).template);
  });

  test('is small enough for CloudFormation, which takes 1 MB from a bucket', () => {
    expect(Buffer.byteLength(read('CICDPipelineForLambda.yml'))).toBeLessThan(1_000_000);
  });

  (cfnLint ? test : test.skip)('passes cfn-lint', () => {
    const { status, stdout } = spawnSync('cfn-lint', [path.join(out, 'CICDPipelineForLambda.yml')], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});
