import { CASES } from './cases';
import { missingTools, runCase } from './run-case';

/** Builds the small repositories whose names contain one of the texts, or all of them; exits with 1 when one ends otherwise than it has to. */
async function main(texts: string[]): Promise<void> {
  const chosen = CASES.filter(({ name }) => texts.length === 0 || texts.some((text) => name.includes(text)));
  const failed: string[] = [];
  for (const each of chosen) {
    const missing = missingTools(each);
    const started = Date.now();
    const wrong = missing.length ? [] : await runCase(each).catch((error: Error) => [String(error.stack)]);
    const how = missing.length ? `skipped: no ${missing.join(', ')}` : wrong.length ? 'FAILED' : 'ok';
    console.log(`${how.padEnd(7)} ${each.name} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
    wrong.forEach((line) => console.log(`        ${line.replace(/\n/g, '\n        ')}`));
    failed.push(...(wrong.length ? [each.name] : []));
  }
  console.log(`${chosen.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length ? 1 : 0;
}

void main(process.argv.slice(2));
