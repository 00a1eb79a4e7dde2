import * as fs from 'node:fs';
import * as path from 'node:path';
import { contrast, evaluateInBrowser, Scheme, testInBrowser } from '../../support/browser';

const SVG = fs.readFileSync(path.join(__dirname, '../../../docs/stages/stages.svg'), 'utf8');

/** The picture in the space that a README gives to it. */
const PAGE = `<!doctype html><body style="margin:0">${SVG.replace(
  /width="\d+" height="\d+" role/,
  'style="width:900px;height:420px" role',
)}`;

/** Finds the innermost box around the start of each text. */
const TEXTS = `[...document.querySelectorAll('text')].map((text) => {
  const bounds = text.getBoundingClientRect();
  const boxes = [...document.querySelectorAll('rect')].filter((rect) => {
    const { left, top, right, bottom } = rect.getBoundingClientRect();
    return left <= bounds.left && bounds.left <= right && top <= bounds.top && bounds.top <= bottom;
  });
  const box = boxes.at(-1);
  const { left, right, top, bottom } = box.getBoundingClientRect();
  return {
    text: text.textContent,
    height: bounds.height,
    margins: [bounds.left - left, right - bounds.right, bounds.top - top, bottom - bounds.bottom],
    color: getComputedStyle(text).fill,
    background: getComputedStyle(box).fill,
  };
})`;

interface Text {
  readonly text: string;
  readonly height: number;
  readonly margins: number[];
  readonly color: string;
  readonly background: string;
}

describe.each<Scheme>(['light', 'dark'])('the picture of the README, %s', (scheme) => {
  let texts: Text[];
  const show = () => (texts ??= evaluateInBrowser<Text[]>(PAGE, TEXTS, scheme));

  testInBrowser('has each text inside its box, with a margin', () => {
    const outside = show().filter(({ margins }) => Math.min(...margins) < 2);
    expect(outside).toEqual([]);
  });

  testInBrowser('has no text below ten pixels at 900 × 420', () => {
    expect(show().filter(({ height }) => height < 10)).toEqual([]);
  });

  testInBrowser('has enough contrast', () => {
    const pale = show().filter(({ color, background }) => contrast(color, background) < 4.5);
    expect(pale).toEqual([]);
  });

  testInBrowser('has the colors of the scheme', () => {
    const [{ background }] = show();
    expect(contrast(background, 'rgb(0, 0, 0)') > contrast(background, 'rgb(255, 255, 255)')).toBe(scheme === 'light');
  });
});
