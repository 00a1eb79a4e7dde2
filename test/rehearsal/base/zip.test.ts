import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { unzip, unzippedSize, zipFiles, zipFolder, zipTexts } from '../../../rehearsal/base/zip';

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'zip-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function python(program: string, ...parameters: string[]): string {
  return execFileSync('python3', ['-c', program, ...parameters], { cwd: folder, encoding: 'utf8' }).trim();
}

function written(bytes: Buffer): string {
  const file = path.join(folder, 'written.zip');
  fs.writeFileSync(file, bytes);
  return file;
}

describe('a written zip', () => {
  test('is readable by Python, with names, modes and times', () => {
    const file = written(
      zipFiles([
        { name: 'deep/größe.txt', content: Buffer.from('x'.repeat(5000)), time: new Date(2026, 4, 17, 13, 45, 58) },
        { name: 'run.sh', content: Buffer.from(''), mode: 0o100755 },
      ]),
    );
    const program =
      'import zipfile, sys\nwith zipfile.ZipFile(sys.argv[1]) as zip:\n  assert zip.testzip() is None\n' +
      '  for each in zip.infolist():\n' +
      '    print(each.filename, each.file_size, oct(each.external_attr >> 16), each.date_time, each.create_system)';

    expect(python(program, file).split('\n')).toEqual([
      'deep/größe.txt 5000 0o100644 (2026, 5, 17, 13, 45, 58) 3',
      'run.sh 0 0o100755 (1980, 1, 1, 0, 0, 0) 3',
    ]);
  });

  test('has the same bytes for the same folder', () => {
    for (const [name, made] of [
      ['one', 1],
      ['two', 2],
    ] as const) {
      const file = path.join(folder, name, 'a.txt');
      fs.mkdirSync(path.dirname(file));
      fs.writeFileSync(file, 'content');
      fs.utimesSync(file, made, made);
    }
    expect(zipFolder(path.join(folder, 'one'))).toEqual(zipFolder(path.join(folder, 'two')));
  });

  test('lacks the omitted names', () => {
    for (const name of ['node_modules/x.js', 'lib/node_modules/y.js', 'lib/z.js']) {
      fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), '');
    }
    const program = 'import zipfile, sys\nprint(*zipfile.ZipFile(sys.argv[1]).namelist())';
    expect(python(program, written(zipFolder(folder, ['node_modules'])))).toBe('lib/z.js');
  });
});

describe('reading a zip', () => {
  test('supports one from Python, with a comment, a stored file and a folder', () => {
    python(
      'import zipfile\nwith zipfile.ZipFile("given.zip", "w") as zip:\n  zip.comment = b"a comment"\n' +
        '  zip.mkdir("empty") if hasattr(zip, "mkdir") else zip.writestr("empty/", "")\n' +
        '  zip.writestr("stored.txt", "stored")\n  zip.writestr("deflated.txt", "d" * 1000, zipfile.ZIP_DEFLATED)',
    );
    const bytes = fs.readFileSync(path.join(folder, 'given.zip'));
    unzip(bytes, path.join(folder, 'out'));

    expect(fs.readdirSync(path.join(folder, 'out')).sort()).toEqual(['deflated.txt', 'empty', 'stored.txt']);
    expect(fs.readFileSync(path.join(folder, 'out/stored.txt'), 'utf8')).toBe('stored');
    expect(unzippedSize(bytes)).toBe(1006);
  });

  test('supports one from git, with a link and an executable', () => {
    const git = (...parameters: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...parameters]);
    git('init', '-q');
    fs.writeFileSync(path.join(folder, 'run.sh'), 'echo', { mode: 0o755 });
    fs.symlinkSync('run.sh', path.join(folder, 'link'));
    git('add', '.');
    git('commit', '-q', '-m', 'files');
    unzip(git('archive', '--format=zip', 'HEAD'), path.join(folder, 'out'));

    expect(fs.readlinkSync(path.join(folder, 'out/link'))).toBe('run.sh');
    expect(() => fs.accessSync(path.join(folder, 'out/run.sh'), fs.constants.X_OK)).not.toThrow();
  });

  test('fails for bytes that are not a zip', () => {
    expect(() => unzippedSize(Buffer.from('<html>not found</html>, really'))).toThrow('not a zip: the end');
  });

  test('fails for damaged content', () => {
    const bytes = zipTexts({ 'a.txt': 'content' });
    bytes.writeUInt32LE(1, bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 16);
    expect(() => unzip(bytes, path.join(folder, 'out'))).toThrow('the checksum of a.txt does not match');
  });

  test('writes nothing outside of the folder', () => {
    expect(() => unzip(zipTexts({ '../escaped.txt': '' }), path.join(folder, 'out'))).toThrow(
      'the zip has a file with a path outside of the folder: ../escaped.txt',
    );
    expect(fs.existsSync(path.join(folder, 'escaped.txt'))).toBe(false);
  });
});
