import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { findPython } from './python';
import { NotRehearsedError } from '../base/aws-error';

/*
 * Lambda's runtimes contain an AWS SDK, so that packages may omit it. This machine gets it once from the package
 * registry that the user has configured, and keeps it in the user's cache.
 */

const MODULE = /\.[cm]?js$/;

/** Returns the folder with boto3 if a package imports but does not contain it. */
export function pythonSdk(packageFolder: string, version: string): string | undefined {
  const imports = (file: string) => /^\s*(?:import|from)\s+(?:boto3|botocore)\b/m.test(fs.readFileSync(file, 'utf8'));
  if (fs.existsSync(path.join(packageFolder, 'boto3')) || !filesIn(packageFolder, /\.py$/).some(imports)) {
    return undefined;
  }
  const { executable, version: actual } = findPython(version);
  return cached(`boto3-python${actual}`, (folder) => [
    executable,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder, 'boto3'],
  ]);
}

/** Links the clients of the AWS SDK that a package imports but does not contain, where Node.js looks for packages. */
export function linkNodeSdk(packageFolder: string, linkFolder: string): void {
  const names = missingClients(packageFolder);
  const link = path.join(linkFolder, 'node_modules');
  if (names.length === 0 || fs.existsSync(link)) {
    return;
  }
  const key = createHash('sha256').update(names.join(' ')).digest('hex').slice(0, 12);
  const folder = cached(`aws-sdk-${key}`, (target) => [
    'npm',
    ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', target, ...names],
  ]);
  fs.symlinkSync(path.join(folder, 'node_modules'), link, 'junction');
}

function missingClients(packageFolder: string): string[] {
  const found = filesIn(packageFolder, MODULE).flatMap((file) => [
    ...fs.readFileSync(file, 'utf8').matchAll(/(?:require\(|from|import)\s*\(?["'](@aws-sdk\/[\w-]+)["']/g),
  ]);
  const names = [...new Set(found.map(([, name]) => name))].sort();
  return names.filter((name) => !fs.existsSync(path.join(packageFolder, 'node_modules', name)));
}

/** Returns the files of a package itself, without the packages in `node_modules`. */
function filesIn(folder: string, pattern: RegExp): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' ? [] : filesIn(file, pattern);
    }
    return entry.isFile() && pattern.test(entry.name) ? [file] : [];
  });
}

/** Returns a folder of the user's cache, which a command fills the first time. */
function cached(name: string, install: (folder: string) => [command: string, parameters: string[]]): string {
  const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'cdk-lambda-ci-cd-pipeline');
  const folder = path.join(cache, name);
  if (fs.existsSync(folder)) {
    return folder;
  }
  fs.mkdirSync(cache, { recursive: true });
  const temporary = fs.mkdtempSync(path.join(cache, 'new-'));
  const { status, stderr, error } = spawnSync(...install(temporary), { encoding: 'utf8' });
  if (status !== 0) {
    fs.rmSync(temporary, { recursive: true, force: true });
    const reason = error?.message ?? stderr.trim().split('\n').slice(-3).join('; ');
    throw new NotRehearsedError(`the AWS SDK that Lambda provides, and that this machine could not install: ${reason}`);
  }
  move(temporary, folder);
  return folder;
}

/** Another process may have filled the cache meanwhile. */
function move(temporary: string, folder: string): void {
  try {
    fs.renameSync(temporary, folder);
  } catch {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}
