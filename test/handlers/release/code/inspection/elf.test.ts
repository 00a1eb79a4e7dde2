import { COMPILED, compiledFor, MACHINES, nativeFile } from './native-files';
import { ElfFile, isElf, readElf } from '../../../../../src/handlers/release/code/inspection/elf';

async function read(bytes: Buffer): Promise<ElfFile | undefined> {
  return readElf(async (start, length) => bytes.subarray(start, start + length), bytes.length);
}

/** The start of the table of versions: one library with two versions. */
function versionsIn(bytes: Buffer): number {
  return bytes.indexOf(Buffer.from('01000200', 'hex'), 64 + 2 * 56);
}

test('reads what gcc compiled', async () => {
  expect(isElf(COMPILED)).toBe(true);
  expect(await read(COMPILED)).toEqual({
    machine: MACHINES.x86_64,
    executable: false,
    interpreter: undefined,
    needed: ['libc.so.6'],
    versions: ['GLIBC_2.34'],
  });
});

test('reads the machine', async () => {
  expect(await read(compiledFor(MACHINES.arm64))).toMatchObject({ machine: 183 });
});

test('reads every needed version, except for weak ones', async () => {
  const bytes = nativeFile({
    needed: ['libc.so.6', 'libm.so.6'],
    versions: ['GLIBC_2.2.5', 'GLIBC_2.28'],
    weakVersions: ['GLIBC_2.38'],
  });
  expect(await read(bytes)).toMatchObject({
    needed: ['libc.so.6', 'libm.so.6'],
    versions: ['GLIBC_2.2.5', 'GLIBC_2.28'],
  });
});

test('reads the interpreter of a program', async () => {
  const interpreter = '/lib64/ld-linux-x86-64.so.2';
  expect(await read(nativeFile({ interpreter }))).toMatchObject({ executable: true, interpreter });
});

test('reads a static program', async () => {
  const bytes = nativeFile({ executable: true });
  bytes.writeUInt16LE(1, 56); // without its dynamic segment
  expect(await read(bytes)).toMatchObject({ executable: true, needed: [], versions: [] });
});

test('reads the machine of a program for 32 bits, and nothing else', async () => {
  const bytes = nativeFile({ machine: MACHINES.arm });
  bytes[4] = 1;
  expect(await read(bytes)).toMatchObject({ machine: 40, needed: [], versions: [] });
});

test('takes nothing else for a program or library', async () => {
  expect(isElf(Buffer.from('#!/bin/sh\nexit'))).toBe(false);
  expect(isElf(Buffer.from('\x7fELF'))).toBe(false);
  const objectFile = nativeFile();
  objectFile.writeUInt16LE(1, 16);
  expect(await read(objectFile)).toBeUndefined();
});

describe('knows nothing about a file with', () => {
  test.each<[string, (bytes: Buffer) => void]>([
    ['a table of segments after its end', (bytes) => bytes.writeBigUInt64LE(2n ** 60n, 32)],
    ['65,535 segments', (bytes) => bytes.writeUInt16LE(0xffff, 56)],
    ['a dynamic segment after its end', (bytes) => bytes.writeBigUInt64LE(2n ** 40n, 64 + 56 + 8)],
    ['a dynamic segment of 2^60 bytes', (bytes) => bytes.writeBigUInt64LE(2n ** 60n, 64 + 56 + 32)],
    ['addresses that no segment has', (bytes) => bytes.writeBigUInt64LE(2n ** 50n, 64 + 16)],
    ['a chain of versions that leads out', (bytes) => bytes.writeUInt32LE(0xfffffff0, versionsIn(bytes) + 8)],
  ])('%s', async (_, damage) => {
    const bytes = nativeFile({ versions: ['GLIBC_2.28', 'GLIBC_2.30'] });
    damage(bytes);
    expect(await read(bytes)).toBeUndefined();
  });

  test('nothing but its header', async () => {
    expect(await read(nativeFile().subarray(0, 64))).toBeUndefined();
  });
});
