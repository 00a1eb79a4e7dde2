import { execFileSync } from 'node:child_process';

/* Python reads the zips that are tested: nobody here wrote it, and it is on every machine that runs the tests. */

const python = (program: string, ...parameters: string[]) =>
  execFileSync('python3', ['-c', `import sys, zipfile\n${program}`, ...parameters], { encoding: 'utf8' });

/** The names in a zip, in its order. */
export function namesIn(zip: string): string[] {
  return JSON.parse(python('import json\nprint(json.dumps(zipfile.ZipFile(sys.argv[1]).namelist()))', zip));
}

/** The modes of the files in a zip, in octal. */
export function modesIn(zip: string): Record<string, string> {
  return JSON.parse(
    python(
      'import json\nprint(json.dumps({entry.filename: oct(entry.external_attr >> 16 & 0o777)[2:] for entry in zipfile.ZipFile(sys.argv[1]).infolist()}))',
      zip,
    ),
  );
}

/** Unpacks a zip. */
export function extract(zip: string, folder: string): void {
  python('zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', zip, folder);
}
