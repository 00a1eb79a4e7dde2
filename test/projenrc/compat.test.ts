import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { declarations, DIFF_OPTIONS, differences, interfaceFinding } from '../../projenrc/compat';

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
      /^The interface breaks apps written for release 0\.1\.0, and no later commit declares it:\n {2}err {2}- PROP pipeline\.Props\.approvals: has been removed/,
    );
    expect(message).toMatch(
      /a commit "feat!: \.\.\.", or a commit with a line "BREAKING CHANGE: what users have to do" in its text\.$/,
    );
  });

  test('passes when a commit declares it', () => {
    expect(interfaceFinding('0.1.0', differences(REPORT), ['feat!: drop a prop'])).toBeUndefined();
  });
});

test('an interface without differences passes', () => {
  expect(interfaceFinding('0.1.0', differences('Original assembly: pipeline@0.1.0'), [])).toBeUndefined();
});

describe('an interface that is marked as experimental', () => {
  /** The smallest assembly that jsii-diff loads: a class with the methods. */
  function assembly(folder: string, methods: string[]): string {
    const docs = { stability: 'experimental' };
    const type = { assembly: 'pkg', docs, fqn: 'pkg.A', kind: 'class', name: 'A', initializer: {} };
    const types = { 'pkg.A': { ...type, methods: methods.map((name) => ({ name, docs })) } };
    const common = { name: 'pkg', version: '1.0.0', license: 'Apache-2.0', description: 'one class', docs };
    const author = { name: 'author', roles: ['author'] };
    const repository = { type: 'git', url: 'url' };
    const jsii = { schema: 'jsii/0.10.0', jsiiVersion: '6.0.0', fingerprint: 'none', homepage: 'none' };
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'pkg', version: '1.0.0', jsii: {} }));
    fs.writeFileSync(path.join(folder, '.jsii'), JSON.stringify({ ...common, ...jsii, author, repository, types }));
    return folder;
  }

  test('is compared too: a removed method is an error', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'compat-'));
    const before = assembly(path.join(folder, 'before'), ['go']);
    const after = assembly(path.join(folder, 'after'), []);
    const { status, stderr } = spawnSync('node_modules/.bin/jsii-diff', [...DIFF_OPTIONS, before, after], {
      encoding: 'utf8',
    });
    fs.rmSync(folder, { recursive: true });
    expect(status).toBe(1);
    expect(differences(stderr)).toEqual([expect.stringContaining('METHOD pkg.A.go: has been removed')]);
  });
});
