import { outcome, treeFinding, versionFinding } from '../../projenrc/release-check';

const RELEASE = { version: '0.2.0', tag: 'v0.2.0', tagged: false, taggedOnRemote: false, published: false };

test('a clean working tree is not refused', () => {
  expect(treeFinding('')).toBeUndefined();
});

test('a working tree with changes is refused with their names', () => {
  expect(treeFinding(' M src/source.ts\n?? notes.txt')).toMatch(
    /^the working tree has uncommitted changes.*\n M src\/source\.ts\n\?\? notes\.txt$/,
  );
});

test('a version that exists nowhere is released', () => {
  expect(versionFinding(RELEASE)).toBeUndefined();
  expect(outcome(RELEASE)).toBe('dist/ has version 0.2.0, ready to publish; its tag is v0.2.0');
});

test('a version whose tag this clone has not fetched is refused', () => {
  expect(versionFinding({ ...RELEASE, taggedOnRemote: true, published: true })).toMatch(
    /^version 0\.2\.0 is already released.*Run git fetch --tags/,
  );
});

test('a version that npm has without a tag is refused: the previous release stopped half-way', () => {
  expect(versionFinding({ ...RELEASE, published: true })).toMatch(
    /^npm already has version 0\.2\.0, but there is no tag v0\.2\.0: a release stopped half-way\. Re-run its failed jobs/,
  );
});

test('without a commit to release, the last line says so', () => {
  const nothing = { ...RELEASE, tagged: true };
  expect(versionFinding(nothing)).toBeUndefined();
  expect(outcome(nothing)).toMatch(
    /^nothing to release: no commit since v0\.2\.0 is a feature, a fix or a breaking change/,
  );
});
