import { deflateRawSync } from 'node:zlib';
import { CraftedEntry, craftZip, numbers } from './crafted-zip';
import { targetOf } from '../../../../../src/handlers/release/code/inspection/target';
import { makePackage } from '../../../../../src/handlers/release/code/package';
import { openZip } from '../../fixtures';

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation();
});

const APP: CraftedEntry = { name: 'app.py', content: 'def handler(event, context): pass' };
const TARGET = targetOf({ Runtime: 'python3.13', Handler: 'app.handler' });

/** Handles the archive as a build's output, as the step `publish` does. */
async function release(zip: Buffer): Promise<string> {
  const { file, sha256Hex } = await makePackage(await openZip(zip), 'inventory', TARGET);
  file.close();
  return sha256Hex;
}

/** An archive with the handler and a hostile entry. */
const beside = (entry: CraftedEntry) => craftZip([APP, entry]);
const zip64 = (...values: number[]) =>
  numbers([1, 2], [values.length * 8, 2], ...values.map((value) => [value, 8] as const));
/** A ZIP64 end record with its locator, for an archive whose directory starts and ends there. */
const end64 = (count: number, start: number, end: number, signature = 0x06064b50) =>
  Buffer.concat([
    numbers(
      [signature, 4],
      [44, 8],
      [45, 2],
      [45, 2],
      [0, 4],
      [0, 4],
      [count, 8],
      [count, 8],
      [end - start, 8],
      [start, 8],
    ),
    numbers([0x07064b50, 4], [0, 4], [end, 8], [1, 4]),
  ]);

const plain = craftZip([APP]);
const directoryStart = plain.readUInt32LE(plain.length - 6);
const directoryEnd = plain.length - 22;

describe('an archive is refused with', () => {
  const archives: [name: string, zip: Buffer, message: string][] = [
    // Paths
    [
      'a path that leads out of the folder',
      beside({ name: '../x.py' }),
      '../x.py, a path that leads out of the folder',
    ],
    ['a path that leads out after a folder', beside({ name: 'a/../../x.py' }), 'a path that leads out of the folder'],
    ['an absolute path', beside({ name: '/etc/passwd' }), '/etc/passwd, an absolute path'],
    ['a drive letter', beside({ name: 'C:/x.py' }), 'C:/x.py, an absolute path'],
    ['a backslash', beside({ name: '..\\x.py' }), 'a path with a backslash'],
    ['an empty name', beside({ name: '' }), 'an invalid name'],
    ['a NUL in a name', beside({ name: 'x.py\0.txt' }), 'x.py\\u0000.txt, an invalid name'],
    ['a name that is not UTF-8', beside({ name: Buffer.from([0xff, 0xfe, 0x2e]) }), 'a name that is not UTF-8'],
    ['a name of more than 255 bytes', beside({ name: 'x'.repeat(256) }), 'a name of more than 255 bytes'],
    ['a path of more than 4,096 bytes', beside({ name: 'x/'.repeat(2100) + 'x' }), 'a path of more than 4096 bytes'],
    // Kinds
    ['a named pipe', beside({ name: 'pipe', mode: 0o010644 }), 'pipe, which is a named pipe'],
    ['a character device', beside({ name: 'tty', mode: 0o020644 }), 'tty, which is a character device'],
    ['a block device', beside({ name: 'sda', mode: 0o060644 }), 'sda, which is a block device'],
    ['a socket', beside({ name: 'socket', mode: 0o140644 }), 'socket, which is a socket'],
    ['an unknown kind', beside({ name: 'x', mode: 0o170644 }), 'x, which is of the unknown kind 17'],
    ['a folder that is a file', beside({ name: 'x/', mode: 0o100644 }), 'whose name does not fit its kind (a file)'],
    ['a file that is a folder', beside({ name: 'x', mode: 0o040755 }), 'whose name does not fit its kind (a folder)'],
    // Links
    [
      'a link to an absolute path',
      beside({ name: 'x', mode: 0o120777, content: '/etc/passwd' }),
      'a symbolic link to /etc/passwd, which leads out',
    ],
    [
      'a link that leads out',
      beside({ name: 'a/x', mode: 0o120777, content: '../../etc' }),
      'a symbolic link to ../../etc, which leads out',
    ],
    [
      'a link that may lead out over another',
      beside({ name: 'a/b/x', mode: 0o120777, content: 'c/../../../..' }),
      'which leads out of the package',
    ],
    [
      'a link to nothing',
      beside({ name: 'x', mode: 0o120777, content: 'missing.py' }),
      'a symbolic link to missing.py, which the package does not contain',
    ],
    ['an empty link', beside({ name: 'x', mode: 0o120777, content: '' }), 'which leads out of the package'],
    [
      'a link with a target of 5,000 bytes',
      beside({ name: 'x', mode: 0o120777, content: 'y'.repeat(5000) }),
      'the symbolic link x has a target of 5000 bytes',
    ],
    [
      'a file in a linked folder',
      craftZip([APP, { name: 'l', mode: 0o120777, content: '.' }, { name: 'l/x.py' }]),
      'contains l, as a file and as a folder',
    ],
    // Duplicates
    ['the same name twice', beside({ name: 'app.py', content: 'import os' }), 'contains app.py, twice'],
    ['the same name in two spellings', beside({ name: './app.py' }), 'contains app.py, twice'],
    ['a file that is used as a folder', beside({ name: 'app.py/x.py' }), 'contains app.py, as a file and as a folder'],
    [
      'a file and a folder with one name',
      beside({ name: 'app.py/', content: '', mode: 0o040755 }),
      'contains app.py, as a file and as a folder',
    ],
    // Encryption and compression
    ['an encrypted entry', beside({ name: 'x', flags: 1 }), 'x, which is encrypted'],
    ['a strongly encrypted entry', beside({ name: 'x', flags: 0x40 }), 'x, which is encrypted'],
    ['masked headers', beside({ name: 'x', flags: 0x2000 }), 'x, which is encrypted'],
    ['an entry with AES', beside({ name: 'x', method: 99 }), 'x, which is compressed with method 99'],
    ['an entry with bzip2', beside({ name: 'x', method: 12 }), 'x, which is compressed with method 12'],
    ['a patch', beside({ name: 'x', flags: 0x20 }), 'x, which is compressed with method 8'],
    // Overlaps
    [
      'two entries with one content',
      craftZip([APP, { name: 'x', content: APP.content, start: 0, local: { name: 'app.py' } }]),
      'which overlaps the next entry',
    ],
    ['an entry inside another', beside({ name: 'x', start: 10 }), 'which overlaps the next entry'],
    [
      'an entry that reaches into the directory',
      beside({ name: 'x', packedSize: 4000 }),
      'x, which overlaps the next entry',
    ],
    [
      'an entry that starts after the archive',
      beside({ name: 'x', start: 100_000 }),
      'x, which overlaps the next entry',
    ],
    [
      'a local name that makes the content overlap',
      beside({ name: 'x', local: { name: 'x'.repeat(50) } }),
      'x has two headers that differ',
    ],
    // Two headers
    [
      'another name in the local header',
      beside({ name: 'x.py', local: { name: 'y.py' } }),
      'x.py has two headers that differ',
    ],
    [
      'another method in the local header',
      beside({ name: 'x.py', local: { method: 0 } }),
      'x.py has two headers that differ',
    ],
    [
      'encryption in the local header only',
      beside({ name: 'x.py', local: { flags: 1 } }),
      'x.py has two headers that differ',
    ],
    [
      'another checksum in the local header',
      beside({ name: 'x.py', local: { checksum: 1 } }),
      'x.py has two headers that differ',
    ],
    // Contents
    ['a wrong checksum', beside({ name: 'x.py', checksum: 1 }), 'x.py does not match its size or checksum'],
    ['a content that is larger than declared', beside({ name: 'x.py', content: 'x'.repeat(1000), size: 10 }), 'x.py'],
    [
      'a large content that is larger than declared',
      beside({ name: 'x.py', content: Buffer.alloc(4_000_000), size: 1_000_000 }),
      'x.py unpacks to more than 1000000 bytes',
    ],
    [
      'a content that is smaller than declared',
      beside({ name: 'x.py', size: 1000 }),
      'x.py does not match its size or checksum',
    ],
    ['a stored entry with two sizes', beside({ name: 'x.py', method: 0, size: 1000 }), 'x.py has two sizes'],
    // Sizes
    [
      'a bomb: 4 GB in an entry',
      beside({ name: 'x.bin', size: 0xfffffff0 }),
      'The package has 4097 MB, but Lambda accepts packages of less than 250 MB',
    ],
    [
      'many entries that are too large together',
      craftZip([APP, ...Array.from({ length: 300 }, (_, index) => ({ name: `${index}`, size: 1024 * 1024 }))]),
      'The package has 301 MB',
    ],
    ['a package that is a bomb', craftZip([{ name: 'inventory.zip', size: 0xfffffff0 }]), 'inventory.zip has 4096 MB'],
    // Records
    ['nothing at all', Buffer.alloc(0), 'it has no end record'],
    ['something else than a zip', Buffer.from('<Error><Code>AccessDenied</Code></Error>'), 'it has no end record'],
    ['bytes after the end record', craftZip([APP], { after: Buffer.from('x') }), 'it has no end record'],
    ['fewer entries than it says', craftZip([APP], { count: 2 }), 'entry 2 of 2 is missing'],
    [
      'more entries than it says',
      craftZip([APP, { name: 'x' }], { count: 1 }),
      'its directory is longer than its entries',
    ],
    ['a directory somewhere else', craftZip([APP], { start: 3 }), 'its directory is not where the end record says'],
    [
      'a directory after the archive',
      craftZip([APP], { start: 0xfffffff0 }),
      'its directory is not where the end record says',
    ],
    [
      'bytes between the directory and the end',
      craftZip([APP], { gap: Buffer.alloc(10) }),
      'its directory is not where the end record says',
    ],
    [
      'a length of the directory that is too large',
      craftZip([APP], { length: 0xfffffff0 }),
      'its directory is not where the end record says',
    ],
    ['several parts', craftZip([APP], { disk: 1 }), 'it is one of several parts'],
    ['an entry in another part', beside({ name: 'x', disk: 3 }), 'cut off, or in another part'],
    [
      'a size that is missing from the ZIP64 field',
      beside({ name: 'x', size: 0xffffffff, extra: zip64() }),
      'the sizes of x are missing',
    ],
    [
      'a size of 2^60 in the ZIP64 field',
      beside({
        name: 'x',
        size: 0xffffffff,
        extra: Buffer.concat([numbers([1, 2], [8, 2]), Buffer.from('0000000000000010', 'hex')]),
      }),
      'MB, but Lambda accepts',
    ],
    [
      'a ZIP64 end record that is missing',
      craftZip([APP], { gap: numbers([0x07064b50, 4], [0, 4], [5_000_000, 8], [1, 4]) }),
      'its ZIP64 end record is missing',
    ],
    [
      'an invalid ZIP64 end record',
      craftZip([APP], { gap: end64(1, directoryStart, directoryEnd, 1) }),
      'its ZIP64 end record is invalid',
    ],
    [
      'two end records that differ',
      craftZip([APP], { gap: end64(2, directoryStart, directoryEnd) }),
      'it has two end records that differ',
    ],
    [
      '131,073 entries',
      craftZip([APP], { count: 0xffff, gap: end64(131_073, directoryStart, directoryEnd) }),
      'has 131073 entries',
    ],
  ];
  test.each(archives)('%s', async (_, zip, message) => {
    await expect(release(zip)).rejects.toThrow(message);
  });

  test('a content that is no deflate stream', async () => {
    const zip = beside({ name: 'x.py', content: 'text '.repeat(20) });
    const start = zip.indexOf(deflateRawSync('text '.repeat(20)));
    await expect(release(zip.fill(0xff, start, start + 6))).rejects.toThrow("the content of x.py can't be unpacked");
  });

  test('a large content that ends too early', async () => {
    const content = Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index * 7919) % 251));
    const zip = beside({ name: 'x.bin', content });
    const start = zip.indexOf(deflateRawSync(content));
    await expect(release(zip.fill(0xff, start + 100, start + 120))).rejects.toThrow(
      "the content of x.bin can't be unpacked",
    );
  });

  test('a name that would turn the text of the message around', async () => {
    const zip = beside({ name: 'gpj.\u202etxt/../x' });
    await expect(release(zip)).rejects.toThrow('gpj.\\u202etxt/../x, a path that leads out');
  });
});

describe('an archive is accepted with', () => {
  test.each<[string, Buffer]>([
    ['a comment', craftZip([APP], { comment: 'made by hand' })],
    ['a ZIP64 end record that says the same', craftZip([APP], { gap: end64(1, directoryStart, directoryEnd) })],
    ['a link to a file', beside({ name: 'lib/x', mode: 0o120777, content: '../app.py' })],
    ['a link to a folder', craftZip([APP, { name: 'a/x.py' }, { name: 'b', mode: 0o120777, content: './a/' }])],
    ['names in other scripts', beside({ name: '日本/在庫.txt' })],
    ['a file named imageDetail.json', beside({ name: 'imageDetail.json', content: '{' })],
    ['a zip among its files', beside({ name: 'data.zip' })],
    ['an empty folder', beside({ name: 'empty/', mode: 0o040755, content: '' })],
    ['modes without a kind', beside({ name: 'x', mode: 0o644 })],
    ['names like those of objects', craftZip([APP, { name: '__proto__' }, { name: 'constructor' }])],
  ])('%s', async (_, zip) => {
    expect(await release(zip)).toMatch(/^[0-9a-f]{64}$/);
  });
});
