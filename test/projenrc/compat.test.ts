import { declarations, differences, interfaceFinding } from '../../projenrc/compat';

const REPORT = [
  'Original assembly: pipeline@0.1.0',
  'Updated assembly: pipeline@0.0.0',
  'API elements with incompatible changes:',
  'err  - PROP pipeline.Props.approvals: has been removed [removed:pipeline.Props.approvals]',
].join('\n');

describe('a breaking change', () => {
  test('is declared by a "!" behind the type or scope of a commit', () => {
    expect(
      declarations('feat!: drop a prop\n\0fix(source)!: another default\n\0feat: a prop\n\0fix: say "yes!: no"\n'),
    ).toEqual(['feat!: drop a prop', 'fix(source)!: another default']);
  });

  test('is declared by a line in the text of a commit', () => {
    expect(
      declarations(
        'fix: ids\n\nThey were too long.\n\nBREAKING CHANGE: deploy twice\n\0fix: names\n\nThis is no BREAKING CHANGE: at all\n',
      ),
    ).toEqual(['fix: ids']);
  });

  test('is refused by its name when no commit declares it', () => {
    const message = interfaceFinding('0.1.0', differences(REPORT), []);
    expect(message).toMatch(
      /^The interface breaks apps that were written for release 0\.1\.0, and no commit since says so:\n {2}err {2}- PROP pipeline\.Props\.approvals: has been removed/,
    );
    expect(message).toMatch(
      /a commit "feat!: \.\.\.", or one with a line "BREAKING CHANGE: what users have to do" in its text\.$/,
    );
  });

  test('passes when a commit declares it', () => {
    expect(interfaceFinding('0.1.0', differences(REPORT), ['feat!: drop a prop'])).toBeUndefined();
  });
});

test('an interface without differences passes', () => {
  expect(interfaceFinding('0.1.0', differences('Original assembly: pipeline@0.1.0'), [])).toBeUndefined();
});
