import { describeRevision, parseRevision, Revision } from '../../../src/handlers/release/contract';

describe('a revision', () => {
  test.each<[Revision, string]>([
    [{ type: 'COMMIT_ID', value: '1a2b3c' }, 'commit 1a2b3c'],
    [{ type: 'S3_OBJECT_VERSION_ID', value: 'a.B_c' }, 'object version a.B_c'],
    [{ type: 'IMAGE_DIGEST', value: 'sha256:12ab' }, 'image sha256:12ab'],
  ])('%j is read from its description', (revision, description) => {
    expect(describeRevision(revision)).toBe(description);
    expect(parseRevision(description)).toEqual(revision);
  });

  test.each([undefined, '', 'commit', 'commit 1a 2b', 'live before the first release of the pipeline', '[x] commit a'])(
    'is not read from the description %j',
    (description) => {
      expect(parseRevision(description)).toBeUndefined();
    },
  );

  test('is not read from a description that Lambda may have cut', () => {
    expect(parseRevision(`object version ${'a'.repeat(241)}`)).toBeUndefined();
  });
});
