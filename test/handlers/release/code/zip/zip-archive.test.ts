import { fromBuffer } from 'yauzl';
import { ZipFile } from 'yazl';
import { writeZip } from '../../../../../src/handlers/release/code/zip/zip-writer';
import { contentsOf, openZip, zipOf } from '../../fixtures';

jest.setTimeout(120_000); // 70,000 entries on a busy machine

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

async function writtenByYazl(files: Record<string, string>, forceZip64Format = false): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(text), name, {
      mtime: new Date(2026, 5, 1),
      compress: text.length > 10,
      forceZip64Format,
    });
  }
  zip.end({ forceZip64Format, comment: '' });
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

test('reads what the writer wrote', async () => {
  const files = { 'app.py': 'print(1)', 'empty.txt': '', '日本.txt': '在庫' };
  expect(await contentsOf(await openZip(zipOf(files)))).toEqual(files);
});

test('writes what another reader reads, with modes', async () => {
  const zip = writeZip([
    { name: 'run.sh', mode: 0o100755, content: Buffer.from('exit') },
    { name: 'a/', mode: 0o040755, content: Buffer.alloc(0) },
  ]);
  expect(await readWithYauzl(zip)).toEqual(['run.sh 4 100755', 'a/ 0 40755']);
});

test('reads stored and deflated entries of another writer', async () => {
  const files = { short: 'stored', long: 'deflated '.repeat(100) };
  expect(await contentsOf(await openZip(await writtenByYazl(files)))).toEqual(files);
});

test('reads a content that is too large for one piece', async () => {
  const text = Array.from({ length: 200_000 }, (_, index) => `${index}`).join(',');
  expect(await contentsOf(await openZip(await writtenByYazl({ 'big.txt': text })))).toEqual({ 'big.txt': text });
});

test('reads a ZIP64 archive of another writer', async () => {
  const files = { short: 'stored', long: 'deflated '.repeat(100) };
  const zip = await writtenByYazl(files, true);
  expect(zip.includes(Buffer.from('504b0606', 'hex'))).toBe(true);
  expect(await contentsOf(await openZip(zip))).toEqual(files);
});

test('reads and writes 70,000 entries, which only ZIP64 can count', async () => {
  const empty = Buffer.alloc(0);
  const zip = writeZip(
    Array.from({ length: 70_000 }, (_, index) => ({ name: `${index}`, mode: 0o100644, content: empty })),
  );
  expect((await openZip(zip)).entries).toHaveLength(70_000);
  expect(await readWithYauzl(zip)).toHaveLength(70_000);
});

test('reads exactly 65,535 entries, the last number without ZIP64', async () => {
  const empty = Buffer.alloc(0);
  const zip = writeZip(
    Array.from({ length: 65_535 }, (_, index) => ({ name: `${index}`, mode: 0o100644, content: empty })),
  );
  expect(zip.includes(Buffer.from('504b0606', 'hex'))).toBe(false);
  expect((await openZip(zip)).entries).toHaveLength(65_535);
});

test('knows that the entries of another writer depend on their time', async () => {
  expect((await openZip(await writtenByYazl({ file: 'text' }))).entries[0].reproducible).toBe(false);
  expect((await openZip(zipOf({ file: 'text' }))).entries[0].reproducible).toBe(true);
});

test('reads paths without their dots and empty segments, as unzip does', async () => {
  const archive = await openZip(zipOf({ './': '', './app.py': 'x', 'lib//x.py': 'y' }));
  expect(archive.fileNames).toEqual(['app.py', 'lib/x.py']);
  expect(await contentsOf(archive)).toEqual({ 'app.py': 'x', 'lib/x.py': 'y' });
});

test('reads a text of at most 1 MB', async () => {
  const archive = await openZip(zipOf({ 'appspec.yml': 'x'.repeat(1024 * 1024) }));
  expect(await archive.readText(archive.entries[0])).toHaveLength(1024 * 1024);
});

test('fails for a larger text, and reads none of it', async () => {
  const zip = zipOf({ 'imageDetail.json': 'x' });
  zip.writeUInt32LE(1_200_000_000, zip.lastIndexOf('PK\u0001\u0002') + 24);
  const archive = await openZip(zip);
  await expect(archive.readText(archive.entries[0])).rejects.toThrow(
    'The zip contains imageDetail.json with 1145 MB. The release function reads text files of at most 1 MB.',
  );
});
