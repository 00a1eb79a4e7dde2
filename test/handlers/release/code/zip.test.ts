import { fromBuffer } from 'yauzl';
import { ZipFile } from 'yazl';
import { readZip, writeZip } from '../../../../src/handlers/release/code/zip';
import { zipOf } from '../fixtures';

function renamed(from: string, to: string): Buffer {
  const bytes = zipOf({ [from]: 'text' });
  return Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');
}

async function readWithYauzl(zip: Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const names: string[] = [];
    fromBuffer(zip, (error, file) => {
      if (error) {
        return reject(error);
      }
      file.on('entry', (entry) =>
        names.push(
          `${entry.fileName} ${entry.uncompressedSize} ${Math.floor(entry.externalFileAttributes / 0x10000).toString(8)}`,
        ),
      );
      file.on('end', () => resolve(names));
      file.on('error', reject);
    });
  });
}

async function writtenByYazl(files: Record<string, string>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(text), name, { mtime: new Date(2026, 5, 1), compress: text.length > 10 });
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

test('reads back what it wrote', () => {
  const entries = readZip(zipOf({ 'app.py': 'print(1)', 'empty.txt': '', '日本.txt': '在庫' }));
  expect(entries.map((entry) => [entry.name, entry.read().toString()])).toEqual([
    ['app.py', 'print(1)'],
    ['empty.txt', ''],
    ['日本.txt', '在庫'],
  ]);
});

test('writes what another reader reads, with modes', async () => {
  const zip = writeZip([
    { name: 'run.sh', mode: 0o100755, content: Buffer.from('exit') },
    { name: 'a/', mode: 0o040755, content: Buffer.alloc(0) },
  ]);
  expect(await readWithYauzl(zip)).toEqual(['run.sh 4 100755', 'a/ 0 40755']);
});

test('reads stored and deflated entries of another writer', async () => {
  const entries = readZip(await writtenByYazl({ short: 'stored', long: 'deflated '.repeat(100) }));
  expect(entries.map((entry) => entry.read().toString())).toEqual(['stored', 'deflated '.repeat(100)]);
});

test('sees that entries of another writer depend on their time', async () => {
  expect(readZip(await writtenByYazl({ file: 'text' }))[0].timeless).toBe(false);
  expect(readZip(zipOf({ file: 'text' }))[0].timeless).toBe(true);
});

test.each(['../x.py', '/xx.py', 'a\\x.py', 'C:x.py', 'a/../x'])('fails when an entry is named %s', (name) => {
  expect(() => readZip(renamed('x'.repeat(name.length), name))).toThrow('is refused: names must be relative');
});

test('fails when it is not a zip', () => {
  expect(() => readZip(Buffer.from('<Error><Code>AccessDenied</Code></Error>'))).toThrow(
    'the zip is damaged or not a zip: it has no end record',
  );
  expect(() => readZip(Buffer.alloc(0))).toThrow('the zip is damaged or not a zip');
});

test('fails when a content does not match its checksum', () => {
  const zip = zipOf({ 'app.py': 'some text that is long enough' });
  const damaged = Buffer.from(zip);
  damaged.writeUInt32LE(1, zip.lastIndexOf('PK\u0001\u0002') + 16);
  expect(() => readZip(damaged)[0].read()).toThrow('the content of app.py does not match its checksum');
});

test('fails when a content can not be unpacked', () => {
  const zip = zipOf({ 'app.py': 'some text that is long enough' });
  zip.fill(0xff, 36, 60);
  expect(() => readZip(zip)[0].read()).toThrow("the content of app.py can't be unpacked");
});

test('fails when an entry is encrypted', () => {
  const zip = zipOf({ 'app.py': 'text' });
  zip.writeUInt16LE(0x0801, zip.lastIndexOf('PK\u0001\u0002') + 8);
  expect(() => readZip(zip)).toThrow('app.py is encrypted');
});

test('fails when an entry unpacks to more than it declares', () => {
  const zip = zipOf({ 'app.py': 'x'.repeat(1000) });
  zip.writeUInt32LE(10, zip.lastIndexOf('PK\u0001\u0002') + 24);
  expect(() => readZip(zip)[0].read()).toThrow("app.py can't be unpacked");
});

test('fails when an entry of the directory is missing', () => {
  const zip = zipOf({ 'app.py': 'text' });
  zip.writeUInt16LE(2, zip.length - 12);
  expect(() => readZip(zip)).toThrow('entry 2 of 2 is missing');
});
