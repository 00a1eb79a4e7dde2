import { licenses } from '../../projenrc/licenses';

const yaml = { name: 'yaml-reader', version: '4.0.0', license: 'MIT', text: 'Copyright 2011 Jane', notice: '' };
const client = {
  name: '@sdk/client',
  version: '3.0.0',
  license: 'Apache-2.0',
  text: 'Apache License\n   Copyright 2018 Acme, Inc.\n',
  notice: '',
};

describe('licenses', () => {
  test('name each package with its version and the text of its license', () => {
    expect(licenses([yaml])).toContain('yaml-reader 4.0.0\n\nMIT\n\nCopyright 2011 Jane');
  });

  test('say once what several packages have in common', () => {
    const text = licenses([yaml, { ...yaml, name: 'another-reader' }, yaml]);
    expect(text).toContain('another-reader 4.0.0\nyaml-reader 4.0.0\n\nMIT');
    expect(text.match(/Copyright 2011 Jane/g)).toHaveLength(1);
  });

  test('keep of Apache-2.0, which the package has itself, the copyright and the notice', () => {
    const text = licenses([{ ...client, notice: 'Acme SDK, with parts of others' }]);
    expect(text).toContain(
      'in the file LICENSE of this package.\nCopyright 2018 Acme, Inc.\n\nAcme SDK, with parts of others',
    );
    expect(text).not.toContain('Apache License\n');
  });

  test.each([
    [
      'a license that asks for the source',
      { ...yaml, license: 'AGPL-3.0-only' },
      /yaml-reader \(AGPL-3\.0-only\)\. Permitted with their text: 0BSD, Apache-2\.0/,
    ],
    ['no license', { ...yaml, license: 'undefined' }, /yaml-reader \(undefined\)/],
    ['a license without its text', { ...yaml, text: '' }, /yaml-reader \(MIT, without its text\)/],
  ])('are refused with %s', (_, each, message) => {
    expect(() => licenses([client, each])).toThrow(message);
  });
});
