import { Lazy } from 'aws-cdk-lib';
import { requireProjectName } from '../../src/private/project-name';

const all = { bucket: true, function: true };
const check =
  (name: string, made = all) =>
  () =>
    requireProjectName(name, made);

test.each(['a', 'inventory-allocation', '2nd-try', 'x'.repeat(48)])('a project may be named %s', (name) => {
  expect(check(name)).not.toThrow();
});

test('a name that is known at deployment only passes', () => {
  expect(check(Lazy.string({ produce: () => 'Not A Name' }))).not.toThrow();
});

describe('the bucket, whose names are the strictest,', () => {
  test('refuses capital letters, and says what would do', () => {
    expect(check('InventoryAllocation')).toThrow(
      'projectName must be 1 to 48 lowercase letters, digits, and hyphens, starting with a letter or digit, ' +
        'because it names the artifact bucket "InventoryAllocation-artifact-store", got "InventoryAllocation"; ' +
        'use "inventory-allocation", or set artifactStore.bucketName',
    );
  });

  test.each([
    ['x'.repeat(49), 'x'.repeat(48)],
    ['with_underscore', 'with-underscore'],
    ['with space', 'with-space'],
    ['-leading', 'leading'],
  ])('refuses %s and suggests %s', (name, suggestion) => {
    expect(check(name)).toThrow(`; use "${suggestion}", or set artifactStore.bucketName`);
  });

  test.each(['', '日本', 'xn--abc', 'sthree-abc'])('refuses %j, and suggests another name', (name) => {
    expect(check(name)).toThrow('; use another name, such as "inventory-allocation", or set artifactStore.bucketName');
  });
});

describe('without the bucket', () => {
  const noBucket = { bucket: false, function: true };

  test('capital letters and underscores are allowed', () => {
    expect(check('Inventory_Allocation', noBucket)).not.toThrow();
  });

  test('the function has 64 characters', () => {
    expect(check('x'.repeat(64), noBucket)).not.toThrow();
    expect(check('x'.repeat(65), noBucket)).toThrow('because it names the function ');
  });

  test('a dot is refused, and a name for the function is another way', () => {
    expect(check('inventory.allocation', noBucket)).toThrow(
      'use "inventory-allocation", or set functionName of the target function',
    );
  });
});

describe('without bucket and function', () => {
  const others = { bucket: false, function: false };

  test.each([
    ['pipeline', 92],
    ['pipeline', 200],
  ])('the %s has the shortest names left: %d characters are refused', (what, length) => {
    expect(check('x'.repeat(length), others)).toThrow(`because it names the ${what} `);
  });

  test('91 characters with the suffix -pipeline are the most', () => {
    expect(check('x'.repeat(91), others)).not.toThrow();
  });
});
