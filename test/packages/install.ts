import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Case, NodePlatform, PythonPlatform } from './case';
import { operatingSystemOf } from '../../src/handlers/release/runtimes';

/** Makes the package of a case in a folder. */
export function install(each: Case, folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(each.files ?? {})) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  if (each.pip) {
    pip(each.pip, each.pipFor ?? pythonPlatformOf(each), folder);
  }
  for (const platform of each.npm ? (each.npmFor ?? [nodePlatformOf(each)]) : []) {
    npm(each.npm!, platform, folder);
  }
  for (const coordinates of each.maven ?? []) {
    maven(coordinates, each.fatJar ?? false, folder);
  }
  for (const command of each.commands ?? []) {
    run('sh', ['-ec', command], folder);
  }
}

function pythonPlatformOf({ function: { Runtime = '', Architectures } }: Case): PythonPlatform {
  const glibc = Number(operatingSystemOf(Runtime)!.glibc.split('.')[1]);
  return { version: Runtime.replace('python', ''), machine: isArm(Architectures) ? 'aarch64' : 'x86_64', glibc };
}

function nodePlatformOf({ function: { Architectures } }: Case): NodePlatform {
  return { cpu: isArm(Architectures) ? 'arm64' : 'x64', libc: 'glibc' };
}

function isArm(architectures: unknown): boolean {
  return ((architectures ?? []) as string[]).includes('arm64');
}

function pip(requirements: readonly string[], { version, machine, glibc }: PythonPlatform, folder: string): void {
  run(
    'python3',
    [
      ...['-m', 'pip', 'install', '-qq', '--disable-pip-version-check', '--no-compile', '--target', folder],
      ...['--only-binary=:all:', '--implementation', 'cp', '--python-version', version],
      ...platformTags(machine, glibc).flatMap((tag) => ['--platform', tag]),
      ...requirements,
    ],
    folder,
  );
}

/** pip widens no tag except for those of the years, so all of them have to be named. */
function platformTags(machine: string, glibc?: number): string[] {
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => to - index);
  return glibc === undefined
    ? numbers(1, 2).map((minor) => `musllinux_1_${minor}_${machine}`)
    : [...numbers(5, glibc).map((minor) => `manylinux_2_${minor}_${machine}`), `manylinux2014_${machine}`];
}

function npm(packages: readonly string[], { cpu, libc }: NodePlatform, folder: string): void {
  if (!fs.existsSync(path.join(folder, 'package.json'))) {
    fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  }
  const platform = ['--os=linux', `--cpu=${cpu}`, `--libc=${libc}`];
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev', '--force', '--loglevel=error'];
  run('npm', ['install', ...platform, ...options, ...packages], folder);
}

function maven(coordinates: string, unpacked: boolean, folder: string): void {
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1';
  const libraries = unpacked ? path.join(folder, 'fat-jar') : path.join(folder, 'lib');
  run('mvn', ['-q', '-B', `${plugin}:copy`, `-Dartifact=${coordinates}`, `-DoutputDirectory=${libraries}`], folder);
  if (unpacked) {
    const jars = fs.readdirSync(libraries).map((jar) => path.join(libraries, jar));
    jars.forEach((jar) => run('unzip', ['-q', '-o', jar, '-d', folder], folder));
    fs.rmSync(libraries, { recursive: true });
  }
}

function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
