import { outcome, treeFinding, versionFinding } from '../../projenrc/release-check';

const RELEASE = { version: '0.2.0', tag: 'v0.2.0', tagged: false, taggedOnRemote: false, published: false };

test('a clean working tree is released from', () => {
  expect(treeFinding('')).toBeUndefined();
});

test('a working tree with changes is refused with their names', () => {
  expect(treeFinding(' M src/source.ts\n?? notes.txt')).toMatch(
    /^the working tree has changes that no commit has.*\n M src\/source\.ts\n\?\? notes\.txt$/,
  );
});

test('a version that nobody has is released', () => {
  expect(versionFinding(RELEASE)).toBeUndefined();
  expect(outcome(RELEASE)).toBe('dist/ holds version 0.2.0, to be published and then tagged v0.2.0');
});

test('a version whose tag this clone has not fetched is refused', () => {
  expect(versionFinding({ ...RELEASE, taggedOnRemote: true, published: true })).toMatch(
    /^version 0\.2\.0 is released already.*Run git fetch --tags/,
  );
});

test('a version that is in npm without a tag is refused: the release before stopped half-way', () => {
  expect(versionFinding({ ...RELEASE, published: true })).toMatch(
    /^version 0\.2\.0 is in npm already, but nothing is tagged v0\.2\.0: a release stopped half-way\. Re-run its failed jobs/,
  );
});

test('without a commit to release, the last line says that nothing will be published', () => {
  const nothing = { ...RELEASE, tagged: true };
  expect(versionFinding(nothing)).toBeUndefined();
  expect(outcome(nothing)).toMatch(
    /^nothing to release: no commit since v0\.2\.0 is a feature, a fix or a breaking change.*Nothing will be published$/,
  );
});
