import { createHash } from 'node:crypto';
import { makePackage } from '../../../../src/handlers/release/code/package';
import { readZip, writeZip } from '../../../../src/handlers/release/code/zip';
import { zipOf } from '../fixtures';

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation();
});

function outputWith(zips: Record<string, Buffer>): Buffer {
  return writeZip(Object.entries(zips).map(([name, content]) => ({ name, mode: 0o100644, content })));
}

/** The same zip with a time in its first entry, as an ordinary zip tool writes it. */
function timed(zip: Buffer): Buffer {
  const copy = Buffer.from(zip);
  copy.writeUInt16LE(0x5d3a, copy.lastIndexOf('PK\u0001\u0002') + 14);
  return copy;
}

test('takes the zip that is named after the project', () => {
  const zip = zipOf({ 'app.py': 'x' });
  const made = makePackage(outputWith({ 'inventory.zip': zip, 'appspec.yml': Buffer.from('other') }), 'inventory');
  expect(made.files).toEqual(['app.py']);
  expect(made.bytes.equals(zip)).toBe(true);
});

test('takes the files of the build output when there is no such zip', () => {
  expect(makePackage(zipOf({ 'app.py': 'x', 'lib/data.zip': 'data' }), 'inventory').files).toEqual([
    'app.py',
    'lib/data.zip',
  ]);
});

test('takes the only zip when there is nothing else', () => {
  expect(makePackage(outputWith({ 'dist/other-name.zip': zipOf({ 'app.py': 'x' }) }), 'inventory').files).toEqual([
    'app.py',
  ]);
});

test('fails when the build output is empty', () => {
  expect(() => makePackage(zipOf({}), 'inventory')).toThrow("the build's output is empty: it needs inventory.zip");
});

test('fails when the package is empty', () => {
  expect(() => makePackage(outputWith({ 'inventory.zip': zipOf({}) }), 'inventory')).toThrow('the package is empty');
});

test('fails when there are several zips and none has the name', () => {
  const zip = zipOf({ 'app.py': 'x' });
  expect(() => makePackage(outputWith({ 'a.zip': zip, 'b.zip': zip }), 'inventory')).toThrow(
    'holds 2 zips, and none is inventory.zip: a.zip, b.zip',
  );
});

test('fails when the package is larger than Lambda takes', () => {
  const zip = zipOf({ 'app.py': 'x' });
  zip.writeUInt32LE(300 * 1024 * 1024, zip.lastIndexOf('PK\u0001\u0002') + 24);
  expect(() => makePackage(zip, 'inventory')).toThrow(
    'the package has 300 MB unzipped, and Lambda takes at most 250 MB',
  );
});

test('gives the same bytes for the same content in another order and at another time', () => {
  const one = makePackage(zipOf({ 'b.py': 'b', 'a.py': 'a' }), 'inventory');
  const other = makePackage(timed(zipOf({ 'a.py': 'a', 'b.py': 'b' })), 'inventory');
  expect(one.bytes.equals(other.bytes)).toBe(true);
  expect(one.codeSha256).toBe(other.codeSha256);
});

test('gives other bytes for another content', () => {
  expect(makePackage(zipOf({ 'a.py': 'a' }), 'inventory').codeSha256).not.toBe(
    makePackage(zipOf({ 'a.py': 'b' }), 'inventory').codeSha256,
  );
});

test('tells the hash as Lambda does', () => {
  const { bytes, codeSha256, sha256Hex } = makePackage(zipOf({ 'a.py': 'a' }), 'inventory');
  expect(codeSha256).toBe(createHash('sha256').update(bytes).digest('base64'));
  expect(sha256Hex).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test('leaves a signed package as it is', () => {
  const signed = timed(zipOf({ 'z.py': 'z', 'META-INF/aws_signer_signature_v1.0.SF': 'signature' }));
  expect(makePackage(signed, 'inventory').bytes.equals(signed)).toBe(true);
});

test('keeps what is executable, symbolic links and empty folders', () => {
  const zip = writeZip([
    { name: 'link', mode: 0o120777, content: Buffer.from('run') },
    { name: 'run', mode: 0o100700, content: Buffer.from('x') },
    { name: 'data', mode: 0o100600, content: Buffer.from('x') },
    { name: 'windows', mode: 0, content: Buffer.from('x') },
    { name: 'full/', mode: 0o040700, content: Buffer.alloc(0) },
    { name: 'full/file', mode: 0o100664, content: Buffer.from('x') },
    { name: 'empty/', mode: 0o040700, content: Buffer.alloc(0) },
  ]);
  const entries = readZip(makePackage(zip, 'inventory').bytes).map(
    (entry) => `${entry.name} ${entry.mode.toString(8)}`,
  );
  expect(entries).toEqual([
    'data 100644',
    'empty/ 40755',
    'full/file 100644',
    'link 120777',
    'run 100755',
    'windows 100755',
  ]);
});

const PLACE = { handler: 'app.handler', runtime: 'python3.13', hasLayers: false };

test('moves what was packed from outside of its folder to the root, to the same bytes', () => {
  const made = makePackage(zipOf({ 'Backend/src/lib/x.py': 'y', 'Backend/src/app.py': 'x' }), 'inventory', PLACE);
  expect(made.files).toEqual(['lib/x.py', 'app.py']);
  expect(made.bytes.equals(zipOf({ 'app.py': 'x', 'lib/x.py': 'y' }))).toBe(true);
  expect(made.note).toContain('was made from outside of Backend/src/');
});

test('leaves the names in a signed package alone', () => {
  const zip = zipOf({ 'META-INF/aws_signer_signature_v1.0.SF': 's', 'src/app.py': 'x' });
  expect(makePackage(zip, 'inventory', PLACE)).toMatchObject({ bytes: zip, note: undefined });
});
