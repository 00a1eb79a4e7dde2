import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BuildRequest, BuildResult, runBuild } from '../../../rehearsal/build/build';
import { modesIn, namesIn } from '../../support/zip';

jest.setTimeout(60_000); // a virtual environment takes long on a busy machine

interface Build extends BuildResult {
  readonly lines: string[];
}

const temporary = () => fs.mkdtempSync(path.join(os.tmpdir(), 'build-'));

async function build(
  spec: object | string,
  files: Record<string, string> = {},
  options: Partial<BuildRequest> = {},
): Promise<Build> {
  const sourceFolder = temporary();
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(sourceFolder, name)), { recursive: true });
    fs.writeFileSync(path.join(sourceFolder, name), text);
  }
  const lines: string[] = [];
  const buildSpec = typeof spec === 'string' ? spec : JSON.stringify({ version: '0.2', ...spec });
  const result = await runBuild({
    buildSpec,
    sourceFolder,
    workFolder: temporary(),
    environment: {},
    timeoutSeconds: 60,
    readStored: ({ type, value }) => `${type} ${value}`,
    onLine: (line) => lines.push(line),
    ...options,
  });
  return { ...result, lines };
}

const commands = (...list: string[]) => ({ commands: list });
const output = ({ lines }: Build) => lines.filter((line) => !line.startsWith('$ '));
const statuses = ({ phases }: Build) => phases.map(({ name, status }) => `${name} ${status}`);
const listed = namesIn;

describe('commands', () => {
  test('inherit variables and the working directory, even in the next phase', async () => {
    const result = await build(
      {
        env: { variables: { GREETING: "it's" } },
        phases: {
          install: commands('mkdir deep && cd deep', 'PLAIN=kept', 'export TAG="a b"'),
          build: commands(
            'echo "$GREETING $PLAIN $TAG $OWN"',
            'basename "$PWD"',
            '[ "$CODEBUILD_SRC_DIR/deep" = "$PWD" ] && echo in source',
          ),
        },
      },
      {},
      { environment: { OWN: 'own' } },
    );
    expect(output(result)).toEqual(["it's kept a b own", 'deep', 'in source']);
    expect(result.succeeded).toBe(true);
  });

  test('run in bash if the buildspec says so', async () => {
    const result = await build({
      env: { shell: 'bash' },
      phases: { build: commands('words=(a b)', '[[ -n $BASH_VERSION ]] && echo bash') },
    });
    expect(output(result)).toEqual(['bash']);
  });

  test('may have several lines', async () => {
    const result = await build({ phases: { build: commands('if true; then\n  cat <<END\ntext\nEND\nfi') } });
    expect(output(result)).toEqual(['text']);
  });

  test('export variables to the pipeline', async () => {
    const result = await build({
      env: { 'exported-variables': ['TAG', 'NEVER'] },
      phases: { build: commands('export TAG=v1') },
    });
    expect(result.exportedVariables).toEqual({ TAG: 'v1' });
  });

  test('get neither the credentials nor the home of this machine, but its registries', async () => {
    const { HOME } = process.env;
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    process.env.HOME = temporary();
    fs.writeFileSync(path.join(process.env.HOME, '.netrc'), 'password');
    fs.writeFileSync(path.join(process.env.HOME, '.npmrc'), 'fund=false');
    const result = await build({ phases: { build: commands('echo "<$AWS_SECRET_ACCESS_KEY>"', 'ls -A "$HOME"') } });
    process.env.HOME = HOME;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    expect(output(result)).toEqual(['<>', '.npmrc', '.yarnrc.yml']);
  });

  test('do not change the source folder', async () => {
    const sourceFolder = temporary();
    await build({ phases: { build: commands('touch made') } }, {}, { sourceFolder });
    expect(fs.readdirSync(sourceFolder)).toEqual([]);
  });

  test('end with their child processes when the build exceeds its timeout', async () => {
    const result = await build(
      { phases: { build: commands('sleep 60 & echo $!; sleep 60'), post_build: commands('echo never') } },
      {},
      { timeoutSeconds: 1 },
    );
    expect(statuses(result)).toEqual(['BUILD TIMED_OUT']);
    expect(result.failure).toMatch(/^BUILD: BUILD_TIMED_OUT: Build has timed out after 1 s in: sleep 60/);
    expect(fs.existsSync(`/proc/${output(result)[0]}/exe`)).toBe(false);
  });
});

describe('a failed command', () => {
  test('in the build ends its phase, and post_build still runs', async () => {
    const result = await build(
      {
        phases: {
          build: {
            ...commands('echo $CODEBUILD_BUILD_SUCCEEDING; echo broken; exit 3', 'echo never'),
            finally: ['echo finally'],
          },
          post_build: commands('echo post $CODEBUILD_BUILD_SUCCEEDING'),
        },
        artifacts: { files: '**/*' },
      },
      { 'app.py': '' },
    );
    expect(output(result)).toEqual(['1', 'broken', 'finally', 'post 0']);
    expect(statuses(result)).toEqual(['BUILD FAILED', 'POST_BUILD SUCCEEDED', 'UPLOAD_ARTIFACTS SUCCEEDED']);
    expect(result).toMatchObject({ succeeded: false, artifact: undefined });
    expect(result.failure).toContain(
      'BUILD: Error while executing command: echo $CODEBUILD_BUILD_SUCCEEDING; echo broken; exit 3. ' +
        'Reason: exit status 3\n1\nbroken',
    );
  });

  test.each(['install', 'pre_build'])('in %s ends the build', async (phase) => {
    const result = await build({
      phases: {
        [phase]: { ...commands('false'), finally: ['echo finally'] },
        build: commands('echo never'),
        post_build: commands('echo never'),
      },
    });
    expect(output(result)).toEqual(['finally']);
    expect(statuses(result)).toEqual([`${phase.toUpperCase()} FAILED`]);
  });

  test('ends the build after ABORT', async () => {
    const result = await build({
      phases: { build: { ...commands('false'), 'on-failure': 'ABORT' }, post_build: commands('echo never') },
    });
    expect(statuses(result)).toEqual(['BUILD FAILED']);
  });

  test('runs the next phase after CONTINUE, and still fails the build', async () => {
    const result = await build({
      phases: { pre_build: { ...commands('false'), 'on-failure': 'CONTINUE' }, build: commands('echo build') },
    });
    expect(statuses(result)).toEqual(['PRE_BUILD FAILED', 'BUILD SUCCEEDED']);
    expect(result.succeeded).toBe(false);
    expect(result.notes).toEqual([expect.stringContaining('on-failure CONTINUE')]);
  });
});

describe('the artifact', () => {
  const FILES = {
    'out/app.py': 'a',
    'out/.hidden': 'h',
    'out/lib/deep/x.txt': 'x',
    'out/lib/y.py': 'y',
    'other.txt': '',
  };

  test.each<[string, object, string[]]>([
    [
      'all files of the base directory',
      { files: ['**/*'], 'base-directory': 'out' },
      ['.hidden', 'app.py', 'lib/deep/x.txt', 'lib/y.py'],
    ],
    ['the files of one folder', { files: ['out/*'] }, ['out/.hidden', 'out/app.py']],
    [
      'a file with a variable in its name',
      { files: ['out/${Name}.py', '$CODEBUILD_NONE./other.txt'] },
      ['other.txt', 'out/app.py'],
    ],
    [
      'no excluded files',
      { files: ['**/*'], 'base-directory': 'out', 'exclude-paths': ['lib/**/*', '.hidden'] },
      ['app.py'],
    ],
    ['no folders', { files: ['**/*.py'], 'base-directory': 'out', 'discard-paths': 'yes' }, ['app.py', 'y.py']],
  ])('contains %s', async (_, artifacts, expected) => {
    const result = await build({ phases: {}, artifacts }, FILES, { environment: { Name: 'app' } });
    expect(result.failure).toBeUndefined();
    expect(listed(result.artifact!).sort()).toEqual(expected.sort());
  });

  test('keeps the modes of files', async () => {
    const result = await build(
      {
        phases: { build: commands('chmod 755 out/app.py', 'chmod 644 other.txt') },
        artifacts: { files: ['out/app.py', 'other.txt'] },
      },
      FILES,
    );
    expect(modesIn(result.artifact!)).toEqual({ 'out/app.py': '755', 'other.txt': '644' });
  });

  test('fails the build if no file matches', async () => {
    const result = await build({ phases: {}, artifacts: { files: ['app.zip'] } }, FILES);
    expect(statuses(result)).toEqual(['UPLOAD_ARTIFACTS FAILED']);
    expect(result.failure).toBe('UPLOAD_ARTIFACTS: CLIENT_ERROR: no matching artifact paths found for app.zip');
  });

  test('has a note for a missing file', async () => {
    const result = await build({ phases: {}, artifacts: { files: ['other.txt', 'app.zip'] } }, FILES);
    expect(result.succeeded).toBe(true);
    expect(result.notes).toEqual(['the artifact file app.zip was not found']);
  });

  test('fails the build if the base directory is missing', async () => {
    const result = await build({ phases: {}, artifacts: { files: ['**/*'], 'base-directory': 'dist' } }, FILES);
    expect(result.failure).toContain('no matching base directory path found for dist');
  });
});

describe('the buildspec', () => {
  const SPEC = 'version: 0.2\nphases:\n  build:\n    commands: [echo read]\n';

  test.each([
    ['buildspec.yml', ''],
    ['configuration/buildspec.yml', 'configuration/buildspec.yml'],
  ])('is %s in the source', async (file, spec) => {
    expect(output(await build(spec, { [file]: SPEC }))).toEqual(['read']);
  });

  test('that is missing fails the build', async () => {
    const result = await build('');
    expect(result.failure).toBe('DOWNLOAD_SOURCE: YAML_FILE_ERROR: buildspec.yml is not in the source');
  });

  test('that is invalid in CodeBuild fails the build', async () => {
    expect((await build({ phases: { biuld: {} } })).failure).toMatch(
      /^DOWNLOAD_SOURCE: YAML_FILE_ERROR: phases has unknown keys: biuld/,
    );
  });

  test('that is not rehearsed fails the rehearsal', async () => {
    await expect(build({ phases: {}, batch: {} })).rejects.toThrow(/not rehearsed/);
  });

  test('may read variables from secrets and parameters', async () => {
    const env = {
      'secrets-manager': { TOKEN: 'team/token:password' },
      'parameter-store': { ADDRESS: '/team/address' },
    };
    expect(output(await build({ env, phases: { build: commands('echo "$TOKEN, $ADDRESS"') } }))).toEqual([
      'SECRETS_MANAGER team/token:password, PARAMETER_STORE /team/address',
    ]);
  });

  test('that requires another version of a language runs with the version of this machine, with a note', async () => {
    const result = await build({ phases: { install: { 'runtime-versions': { nodejs: '99', ruby99: '1' } } } });
    expect(result.notes).toEqual([`nodejs 99 required, ${process.versions.node} here`, 'ruby99 1 required, none here']);
  });
});

describe('a build of Python', () => {
  test('has its own virtual environment', async () => {
    const result = await build({
      phases: {
        build: commands(
          'python -c "import sys; print(sys.prefix == sys.argv[1])" "$VIRTUAL_ENV"',
          'pip --version | grep -c venv',
        ),
      },
    });
    expect(output(result)).toEqual(['True', '1']);
  });

  test('returns the results of its tests', async () => {
    const report =
      '<testsuite><testcase classname="t" name="a"/>' +
      '<testcase classname="t" name="b"><failure message="assert 1 == 2"/></testcase></testsuite>';
    const result = await build(
      {
        phases: { pre_build: commands('mkdir reports && cp report.xml reports', 'exit 1') },
        reports: {
          UnitTests: { files: ['*.xml'], 'base-directory': 'reports' },
          Others: { files: 'c.xml', 'file-format': 'CUCUMBERJSON' },
        },
      },
      { 'report.xml': report },
    );
    expect(result.tests).toEqual({ passed: 1, failed: 1, skipped: 0, failures: ['t.b: assert 1 == 2'] });
    expect(result.failure).toBe(
      'PRE_BUILD: Error while executing command: exit 1. Reason: exit status 1\n' +
        '1 of 2 tests failed:\n  t.b: assert 1 == 2',
    );
    expect(result.notes).toEqual([
      'the report Others was not read: its format is CUCUMBERJSON, ' +
        'and the rehearsal reads JUNITXML, COBERTURAXML, CLOVERXML and JACOCOXML',
    ]);
  });

  test('without reports has a note, and succeeds', async () => {
    const result = await build({
      phases: {},
      reports: { UnitTests: { files: ['*.xml'], 'base-directory': 'reports' } },
    });
    expect(result).toMatchObject({ succeeded: true, tests: undefined });
    expect(result.notes).toEqual([expect.stringContaining('the report UnitTests has no files')]);
  });
});

describe('a recipe without a test report', () => {
  const reports = { UnitTests: { files: ['reports/**/*.xml'], 'file-format': 'JUNITXML' } };
  const noted = (text: string) => build({ phases: { build: commands(`echo "${text}"`) }, reports });

  test.each([
    'no unit tests: no test script in package.json',
    'no report: Minitest does not write one',
    'the tests passed without a report: configure the test runner',
    'pytest found no tests in tests',
  ])('explains it, and nothing else does: %s', async (text) => {
    const result = await noted(`note: ${text}`);
    expect(result).toMatchObject({ testNote: text, notes: [] });
  });

  test('of other commands, the missing files are named', async () => {
    const result = await noted('done');
    expect(result.testNote).toBeUndefined();
    expect(result.notes).toEqual(['the report UnitTests has no file reports/**/*.xml']);
  });
});

test('a failure names the languages whose versions differ on this machine', async () => {
  const install = { 'runtime-versions': { nodejs: '1' }, ...commands('false') };
  const { failure } = await build({ phases: { install } });
  expect(failure).toMatch(/\nThis machine differs from the build image: nodejs 1 required, \d+\.\d+\.\d+ here$/);
});
