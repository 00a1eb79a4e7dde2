import { circlesIn, describeRooms } from '../support/rooms';

const FOLDER = 'rehearsal';

describeRooms(FOLDER, {
  command: ['pipeline', 'stack', 'account', 'build', 'function', 'template', 'base'],
  pipeline: ['stack', 'account', 'build', 'base'],
  stack: ['account', 'template', 'base'],
  account: ['build', 'function', 'template', 'base'],
  build: ['function', 'base'],
  function: ['base'],
  template: [],
  base: [],
});

describe('a circle of imports', () => {
  test('goes through the account, which has the services that call each other', () => {
    expect(circlesIn(FOLDER, ['rehearsal/account/account'])).toEqual([]);
  });

  test('has only files of the account', () => {
    expect(circlesIn(FOLDER).filter((file) => !file.startsWith('rehearsal/account/'))).toEqual([]);
  });

  test('is found: the account has one', () => {
    expect(circlesIn(FOLDER)).toContain('rehearsal/account/account');
  });
});
