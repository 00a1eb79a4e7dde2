import * as lambda from 'aws-cdk-lib/aws-lambda';
import { familyOf, MACHINES, operatingSystemOf, runtimesWith } from '../../../src/handlers/release/runtimes';
import { isRetired } from '../../../src/private/runtime/runtime';

const IN_IMAGES_ONLY = [lambda.Runtime.FROM_IMAGE, lambda.Runtime.DOTNET_9];
const runtimes = lambda.Runtime.ALL.filter((runtime) => !isRetired(runtime) && !IN_IMAGES_ONLY.includes(runtime)).map(
  ({ name }) => name,
);

test('there are runtimes to look for', () => {
  expect(runtimes).toContain('python3.13');
  expect(runtimes.length).toBeGreaterThan(15);
});

test.each(runtimes)('%s has an operating system and a family', (runtime) => {
  expect(operatingSystemOf(runtime)).toBeDefined();
  expect(familyOf(runtime)).toBeDefined();
});

test.each([lambda.Architecture.X86_64, lambda.Architecture.ARM_64])('$name is a machine', ({ name }) => {
  expect(MACHINES.map(({ architecture }) => architecture)).toContain(name);
});

test.each([
  ['python3.11', '2.26'],
  ['python3.12', '2.34'],
  ['nodejs18.x', '2.26'],
  ['nodejs20.x', '2.34'],
  ['java17', '2.26'],
  ['java21', '2.34'],
  ['ruby3.2', '2.26'],
  ['dotnet6', '2.26'],
  ['provided.al2', '2.26'],
  ['provided.al2023', '2.34'],
])('%s has glibc %s', (runtime, glibc) => {
  expect(operatingSystemOf(runtime)?.glibc).toBe(glibc);
});

test('names the runtimes of a family that have a C library', () => {
  expect(runtimesWith('python', (glibc) => glibc === '2.34')).toEqual(['python3.12', 'python3.13', 'python3.14']);
});

test('knows nothing about a runtime that is newer', () => {
  expect([operatingSystemOf('cobol1'), familyOf('cobol1')]).toEqual([undefined, undefined]);
});
