import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { testWith } from './tools';

/** The names of Chromium on Debian, macOS and CI machines. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** A color scheme, as Chromium numbers it. */
export type Scheme = 'dark' | 'light';

const browser = NAMES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined);

/** A test in a real browser: it is skipped on a machine without Chromium. */
export const testInBrowser: jest.It = testWith(browser ?? NAMES[0]);

/** Shows a page of this size in a browser. Returns the JSON that an expression returns there. */
export function evaluateInBrowser<T>(html: string, expression: string, scheme: Scheme, size = '900,420'): T {
  const folder = fs.mkdtempSync(path.join(process.env.TMPDIR ?? '/tmp', 'browser-'));
  const file = path.join(folder, 'page.html');
  const script = `document.documentElement.dataset.result = JSON.stringify(${expression});`;
  fs.writeFileSync(file, `${html}<script>addEventListener('load', () => { ${script} });</script>`);
  const { stdout, stderr } = spawnSync(
    browser!,
    [
      '--headless',
      '--no-sandbox', // root has no sandbox in a container
      '--disable-gpu',
      `--user-data-dir=${folder}`,
      `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
      `--window-size=${size}`,
      '--dump-dom',
      `file://${file}`,
    ],
    { encoding: 'utf8', maxBuffer: 1024 ** 3 },
  );
  const result = /data-result="([^"]*)"/.exec(stdout)?.[1];
  if (result === undefined) {
    throw new Error(`the browser did not evaluate the page: ${stderr}`);
  }
  return JSON.parse(
    result
      .replace(/&quot;/g, '"')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&'),
  );
}

/** Returns the contrast of two colors, as `rgb(…)`: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
export function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = (color.match(/\d+/g) ?? []).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
