import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { compareRecordings, newDifferences, writeRecording } from './support/recording';
import { RecordedCall } from './support/target';

const call = (members: Record<string, unknown>, label = 'the alias'): RecordedCall => ({
  label,
  service: 'lambda',
  operation: 'GetAlias',
  input: {},
  answer: { status: 200, members },
});

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'recorded-'));
});

describe('a recording', () => {
  test('contains neither the account nor a connection nor an address that opens something', () => {
    const secret = call({
      AliasArn: 'arn:aws:lambda:us-east-1:111122223333:function:orders:live',
      Location: 'https://bucket.s3.amazonaws.com/code?X-Amz-Signature=abc',
      ConnectionArn: 'arn:aws:codeconnections:us-east-1:111122223333:connection/0a1b2c3d-aaaa',
    });
    writeRecording(folder, 'first', '111122223333', [secret]);
    const text = fs.readFileSync(path.join(folder, 'first.json'), 'utf8');
    expect(text).not.toMatch(/111122223333|X-Amz|0a1b2c3d/);
    expect(text).toContain('arn:aws:lambda:us-east-1:123456789012:function:orders:live');
  });

  test('equals a run with other versions, times, hashes and deployments', () => {
    const one = call({ FunctionVersion: '3', time: '2026-11-25T10:00:00.000Z', deploymentId: 'd-ABCDEFGHI' });
    const other = call({ FunctionVersion: '12', time: '2027-01-01T00:00:01.000Z', deploymentId: 'd-123456789' });
    expect(compareRecordings([one], [other])).toEqual([]);
  });

  test.each([
    ['lacks a member', call({}), 'the alias (lambda GetAlias): only AWS has members.Name = live'],
    [
      'has a member that AWS has not',
      call({ Name: 'live', Extra: 'x' }),
      'the alias (lambda GetAlias): only the rehearsal has members.Extra = x',
    ],
    ['was not made', call({ Name: 'live' }, 'another'), 'the alias (lambda GetAlias): not called'],
  ])('differs from an answer that %s', (_, actual, difference) => {
    expect(compareRecordings([call({ Name: 'live' })], [actual])).toContain(difference);
  });
});

describe('a replay', () => {
  const differences = (actual: RecordedCall) => newDifferences(folder, 'first', [actual]);

  test('compares nothing without a recording', () => {
    expect(differences(call({}))).toEqual([]);
  });

  test('reports a difference until it has a reason, and a reason without a difference', () => {
    writeRecording(folder, 'first', '111122223333', [call({ Name: 'live' })]);
    const [difference] = differences(call({}));
    expect(difference).toContain('only AWS has members.Name');

    const known = { first: { [difference]: 'the stand-in has no names' } };
    fs.writeFileSync(path.join(folder, 'differences.json'), JSON.stringify(known));
    expect(differences(call({}))).toEqual([]);
    expect(differences(call({ Name: 'live' }))).toEqual([`${difference}: no longer a difference`]);
  });
});
