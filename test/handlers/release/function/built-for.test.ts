import { requireBuiltFor } from '../../../../src/handlers/release/function/built-for';
import { CurrentConfiguration } from '../../../../src/handlers/release/function/lambda-function';

const check = (current: Partial<CurrentConfiguration>, parameters = { runtime: 'python3.13', architecture: 'arm64' }) =>
  requireBuiltFor(parameters, { FunctionName: 'orders', ...current });

test.each<[string, Partial<CurrentConfiguration>, string]>([
  ['another version', { Runtime: 'python3.11', Architectures: ['arm64'] }, 'has the runtime python3.11 on arm64'],
  ['another language', { Runtime: 'nodejs24.x', Architectures: ['arm64'] }, 'has the runtime nodejs24.x on arm64'],
  [
    'another architecture',
    { Runtime: 'python3.13', Architectures: ['x86_64'] },
    'has the runtime python3.13 on x86_64',
  ],
  ['the default architecture', { Runtime: 'python3.13' }, 'has the runtime python3.13 on x86_64'],
  ['an image', { PackageType: 'Image', Architectures: ['arm64'] }, 'because it runs container images, on arm64'],
])('refuses a function with %s', (_, current, found) => {
  expect(() => check(current)).toThrow(
    new RegExp(`^The build makes packages for python3.13 on arm64, but the function orders .*${found}.*Set runtime`),
  );
});

test('accepts the function that the build is for', () => {
  expect(() => check({ Runtime: 'python3.13', Architectures: ['arm64'] })).not.toThrow();
});

test('accepts every function if the pipeline configures the function, or if no recipe builds it', () => {
  expect(() => requireBuiltFor({}, { Runtime: 'ruby3.4' })).not.toThrow();
});
