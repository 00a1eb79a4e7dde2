import { LiveLine } from '../../../rehearsal/pipeline/live-line';
import { Output } from '../../../rehearsal/pipeline/output';
import { COLORED, PLAIN, styleFor } from '../../../rehearsal/pipeline/style';

const RECORD = { name: 'BuildAction', status: 'Failed', summary: 'exit status 1', seconds: 60, variables: {} } as const;

describe('the style', () => {
  test.each([
    ['a terminal', { isTTY: true }, {}, COLORED],
    ['a pipe', {}, {}, PLAIN],
    ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, PLAIN],
    ['a simple terminal', { isTTY: true }, { TERM: 'dumb' }, PLAIN],
    ['a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, COLORED],
  ])('of %s', (_, stream, environment, expected) => {
    expect(styleFor(stream, environment)).toBe(expected);
  });
});

test('a failed action is red on a terminal', () => {
  const lines: string[] = [];
  new Output((line) => lines.push(line), { style: COLORED }).action(RECORD, 1.25, []);
  expect(lines[0]).toContain('\u001b[31m✗\u001b[39m BuildAction: exit status 1');
});

describe('the live line', () => {
  const terminal = (isTTY: boolean) => {
    const written: string[] = [];
    return { isTTY, columns: 40, written, write: (text: string) => written.push(text) };
  };

  test('shows the running action with the elapsed time and its last line, cut to the width', () => {
    let now = 1000;
    const screen = terminal(true);
    const live = new LiveLine(screen, () => now);
    live.start('BuildAction');
    now = 13_500;
    live.show('BuildAction', 'running 120 tests in 14 files');
    live.draw();
    live.stop('BuildAction');
    expect(screen.written).toEqual(['\r\u001b[K    … BuildAction 12 s: running 120 tes', '\r\u001b[K']);
  });

  test('writes nothing into a pipe', () => {
    const screen = terminal(false);
    const live = new LiveLine(screen);
    live.start('BuildAction');
    live.stop('BuildAction');
    expect(screen.written).toEqual([]);
  });
});
