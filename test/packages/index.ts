import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Case } from './case';
import { CASES } from './cases';
import { install } from './install';
import { TemporaryFile } from '../../src/handlers/release/code/bytes/temporary-file';
import { choosePackage, refuseSize } from '../../src/handlers/release/code/choose-package';
import { inspectPackage } from '../../src/handlers/release/code/inspection/inspect-package';
import { PackageFiles } from '../../src/handlers/release/code/inspection/package-files';
import { targetOf } from '../../src/handlers/release/code/inspection/target';
import { ZipArchive } from '../../src/handlers/release/code/zip/zip-archive';
import { ZipWriter } from '../../src/handlers/release/code/zip/zip-writer';

/*
 * Makes packages from PyPI, npm, Maven Central and Go with the ordinary tools, and inspects them: a package that works
 * must never be refused, and a package that can't work must be. Takes words of the names of cases.
 * KEEP_PACKAGES names a folder that keeps what was installed.
 */

const kept = process.env.KEEP_PACKAGES;
const work = kept ?? fs.mkdtempSync(path.join(tmpdir(), 'packages-'));

function pack(folder: string): TemporaryFile {
  const file = new TemporaryFile('the package');
  const writer = new ZipWriter(file);
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  for (const name of names) {
    const stat = fs.statSync(path.join(folder, name));
    if (stat.isFile()) {
      writer.add({ name, mode: stat.mode, content: fs.readFileSync(path.join(folder, name)) });
    }
  }
  writer.finish();
  return file;
}

async function inspect(each: Case, folder: string): Promise<{ refusal?: string; notes: string[] }> {
  const file = pack(folder);
  try {
    const archive = await ZipArchive.open(file);
    choosePackage(archive, 'inventory');
    refuseSize(archive.entries);
    const files = new PackageFiles(archive, archive.entries);
    return { notes: await inspectPackage(files, targetOf(each.function)) };
  } catch (error) {
    return { refusal: (error as Error).message, notes: [] };
  } finally {
    file.close();
  }
}

async function tryCase(each: Case): Promise<boolean> {
  const folder = path.join(work, `${each.function.Runtime} ${each.name}`.replace(/\W+/g, '-'));
  if (!fs.existsSync(`${folder}.done`)) {
    install(each, folder);
    fs.writeFileSync(`${folder}.done`, '');
  }
  const { refusal, notes } = await inspect(each, folder);
  const missing = each.refused?.filter((text) => !refusal?.includes(text)) ?? [];
  const right = each.refused ? missing.length === 0 : refusal === undefined;
  console.log(
    `${right ? 'right' : 'WRONG'}: ${each.name}: ${refusal === undefined ? 'passes' : `refused: ${refusal}`}`,
  );
  notes.forEach((note) => console.log(`  note: ${note}`));
  missing.forEach((text) => console.log(`  the refusal does not contain: ${text}`));
  return right;
}

async function main(words: readonly string[]): Promise<void> {
  const cases = CASES.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const wrong: string[] = [];
  for (const each of cases) {
    try {
      wrong.push(...((await tryCase(each)) ? [] : [each.name]));
    } catch (error) {
      wrong.push(each.name);
      console.log(`WRONG: ${each.name}: ${String(error)}`);
    }
  }
  console.log(`${cases.length} packages, ${wrong.length} wrong${wrong.length > 0 ? `: ${wrong.join(', ')}` : ''}`);
  process.exitCode = wrong.length > 0 || cases.length === 0 ? 1 : 0;
  if (!kept) {
    fs.rmSync(work, { recursive: true });
  }
}

void main(process.argv.slice(2));
