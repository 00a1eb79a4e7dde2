import { isMarked, mark, MARKERS, withoutMarkers } from '../../../../src/handlers/release/base/marker';

const TEXT = mark('version 2 to 3', MARKERS.job('1-2'), MARKERS.ignoresAlarms);

test('writes markers at the beginning of the text', () => {
  expect(TEXT).toBe('[job 1-2][alarms-ignored] version 2 to 3');
});

test.each([MARKERS.job('1-2'), MARKERS.ignoresAlarms])('finds the marker %s', (marker) => {
  expect(isMarked(TEXT, marker)).toBe(true);
});

test('distinguishes a job from one with a longer id', () => {
  expect(isMarked(mark('', MARKERS.job('12')), MARKERS.job('1'))).toBe(false);
});

test.each([undefined, '', 'rolled-back', 'CodeDeploy rolled back: [rolled-back]'])('finds no marker in %j', (text) => {
  expect(isMarked(text, MARKERS.rolledBack)).toBe(false);
});

test('removes the markers', () => {
  expect(withoutMarkers(TEXT)).toBe('version 2 to 3');
});

test('keeps a text without markers', () => {
  expect(withoutMarkers('no text [yet]')).toBe('no text [yet]');
});
