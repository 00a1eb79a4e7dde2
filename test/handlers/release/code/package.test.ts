import { createHash } from 'node:crypto';
import { ZipFile as YazlFile } from 'yazl';
import { collect } from '../../../../src/handlers/release/code/bytes/byte-source';
import { targetOf } from '../../../../src/handlers/release/code/inspection/target';
import { makePackage as makePackageOf } from '../../../../src/handlers/release/code/package';
import { writeZip } from '../../../../src/handlers/release/code/zip/zip-writer';
import { openZip, zipOf } from '../fixtures';

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation();
});

/** A runtime that is newer than the library: nothing is known about its packages. */
const ANY = targetOf({ Runtime: 'cobol1', Handler: 'app.handler' });
const PYTHON = targetOf({ Runtime: 'python3.13', Handler: 'app.handler' });

/** Makes the package of the inventory function, and returns its bytes too. */
async function makePackage(output: Buffer, target = ANY) {
  const { file, ...made } = await makePackageOf(await openZip(output), 'inventory', target);
  const bytes = await file.read(0, file.size);
  file.close();
  return { ...made, bytes, files: (await openZip(bytes)).fileNames };
}

function outputWith(zips: Record<string, Buffer>): Buffer {
  return writeZip(Object.entries(zips).map(([name, content]) => ({ name, mode: 0o100644, content })));
}

/** The same zip with a time in its last entry, as an ordinary zip tool writes it. */
function timed(zip: Buffer): Buffer {
  const copy = Buffer.from(zip);
  copy.writeUInt16LE(0x5d3a, copy.lastIndexOf('PK\u0001\u0002') + 14);
  return copy;
}

test('takes the zip that is named after the project', async () => {
  const zip = zipOf({ 'app.py': 'x' });
  const made = await makePackage(outputWith({ 'inventory.zip': zip, 'appspec.yml': Buffer.from('other') }));
  expect(made.files).toEqual(['app.py']);
  expect(made.bytes.equals(zip)).toBe(true);
});

test('takes the files of the build output when there is no such zip', async () => {
  const { files } = await makePackage(zipOf({ 'app.py': 'x', 'lib/data.zip': 'data' }));
  expect(files).toEqual(['app.py', 'lib/data.zip']);
});

test('takes the only zip when there is nothing else', async () => {
  const { files } = await makePackage(outputWith({ 'dist/other-name.zip': zipOf({ 'app.py': 'x' }) }));
  expect(files).toEqual(['app.py']);
});

test('fails when the build output is empty', async () => {
  await expect(makePackage(zipOf({}))).rejects.toThrow(
    "The build's output is empty, but it must contain inventory.zip",
  );
});

test('fails when the package is empty', async () => {
  await expect(makePackage(outputWith({ 'inventory.zip': zipOf({}) }))).rejects.toThrow('The package is empty');
});

test('fails when there are several zips and none has the name', async () => {
  const zip = zipOf({ 'app.py': 'x' });
  await expect(makePackage(outputWith({ 'a.zip': zip, 'b.zip': zip }))).rejects.toThrow(
    "The build's output contains 2 zips, but none is inventory.zip: a.zip, b.zip.",
  );
});

test.each([
  [250 * 1024 * 1024, '250 MB'],
  [300 * 1024 * 1024, '300 MB'],
])('fails when the package has %i bytes, which Lambda does not accept', async (size, text) => {
  const zip = zipOf({ 'app.py': 'x' });
  zip.writeUInt32LE(size, zip.lastIndexOf('PK\u0001\u0002') + 24);
  await expect(makePackage(zip)).rejects.toThrow(
    `The package has ${text}, but Lambda accepts packages of less than 250 MB`,
  );
});

test('makes the same bytes for the same content in another order and at another time', async () => {
  const one = await makePackage(zipOf({ 'b.py': 'b', 'a.py': 'a' }));
  const other = await makePackage(timed(zipOf({ 'a.py': 'a', 'b.py': 'b' })));
  expect(one.bytes.equals(other.bytes)).toBe(true);
  expect(one.codeSha256).toBe(other.codeSha256);
});

test('makes the same bytes whether a large file passes as a stream or not', async () => {
  const large = Array.from({ length: 300_000 }, (_, index) => `${index}`).join(',');
  const { bytes } = await makePackage(timed(zipOf({ 'data.txt': large })));
  expect(bytes.equals(zipOf({ 'data.txt': large }))).toBe(true);
});

test('makes the same bytes from the zip of another tool', async () => {
  const zip = new YazlFile();
  zip.addBuffer(Buffer.from('def handler(e, c): pass'), 'app.py', { mtime: new Date(2026, 5, 1), mode: 0o100600 });
  zip.end();
  const other = await collect(zip.outputStream as unknown as AsyncIterable<Buffer>);
  expect((await makePackage(other)).bytes.equals(zipOf({ 'app.py': 'def handler(e, c): pass' }))).toBe(true);
});

test('makes other bytes for another content', async () => {
  const [one, other] = [await makePackage(zipOf({ 'a.py': 'a' })), await makePackage(zipOf({ 'a.py': 'b' }))];
  expect(one.codeSha256).not.toBe(other.codeSha256);
});

test('returns the hash as Lambda does', async () => {
  const { bytes, codeSha256, sha256Hex } = await makePackage(zipOf({ 'a.py': 'a' }));
  expect(codeSha256).toBe(createHash('sha256').update(bytes).digest('base64'));
  expect(sha256Hex).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test('leaves a signed package as it is', async () => {
  const signed = timed(zipOf({ 'z.py': 'z', 'META-INF/aws_signer_signature_v1.0.SF': 'signature' }));
  expect((await makePackage(signed)).bytes.equals(signed)).toBe(true);
});

test('fails when the function could not read a file of a signed package', async () => {
  const zip = writeZip([
    { name: 'META-INF/aws_signer_signature_v1.0.SF', mode: 0o100644, content: Buffer.from('x') },
    { name: 'app.cbl', mode: 0o100600, content: Buffer.from('x') },
  ]);
  await expect(makePackage(zip)).rejects.toThrow(
    'app.cbl is readable for its owner only, but Lambda runs the function as another user: run chmod -R a+rX',
  );
});

test('makes every file readable, and keeps programs, symbolic links and empty folders', async () => {
  const zip = writeZip([
    { name: 'link', mode: 0o120777, content: Buffer.from('run') },
    { name: 'run', mode: 0o100700, content: Buffer.from('x') },
    { name: 'data', mode: 0o100600, content: Buffer.from('x') },
    { name: 'windows', mode: 0, content: Buffer.from('x') },
    { name: 'full/', mode: 0o040700, content: Buffer.alloc(0) },
    { name: 'full/file', mode: 0o100664, content: Buffer.from('x') },
    { name: 'empty/', mode: 0o040700, content: Buffer.alloc(0) },
  ]);
  const { entries } = await openZip((await makePackage(zip)).bytes);
  expect(entries.map((entry) => `${entry.name} ${entry.mode.toString(8)}`)).toEqual([
    'data 100644',
    'empty/ 40755',
    'full/file 100644',
    'link 120777',
    'run 100755',
    'windows 100755',
  ]);
});

test('makes a file readable although nothing else has to change', async () => {
  const zip = writeZip([{ name: 'data', mode: 0o100600, content: Buffer.from('x') }]);
  expect((await openZip((await makePackage(zip)).bytes)).entries[0].mode).toBe(0o100644);
});

const HANDLER = 'def handler(event, context): pass';

test('moves files that were packed outside of their folder to the root, and makes the same bytes', async () => {
  const made = await makePackage(zipOf({ 'Backend/src/lib/x.py': 'y', 'Backend/src/app.py': HANDLER }), PYTHON);
  expect(made.files).toEqual(['app.py', 'lib/x.py']);
  expect(made.bytes.equals(zipOf({ 'app.py': HANDLER, 'lib/x.py': 'y' }))).toBe(true);
  expect(made.notes).toEqual([
    'the zip was made outside of Backend/src/, so its files were moved to the root of the package',
  ]);
});

test('leaves the paths in a signed package alone', async () => {
  const zip = zipOf({ 'META-INF/aws_signer_signature_v1.0.SF': 's', 'src/app.py': HANDLER });
  await expect(makePackage(zip, PYTHON)).rejects.toThrow('but the package contains src/app.py');
});
