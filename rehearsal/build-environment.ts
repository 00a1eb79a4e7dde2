import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BuildSpec } from './buildspec';
import { findPython } from './runtimes/python';

/** Variables of this machine that a build needs to reach package registries; credentials of AWS are none of them. */
const PASSED = [
  /^(PIP|NPM_CONFIG|UV|POETRY|MAVEN|GRADLE)_/,
  /^npm_config_(registry|cafile|proxy|https_proxy|noproxy|strict_ssl)$/,
  /^(HTTP|HTTPS|NO|ALL)_PROXY$/i,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/,
  /^(JAVA_HOME|GOROOT|GOPROXY|GOSUMDB|GONOSUMDB|GOPRIVATE|GOFLAGS|GOTOOLCHAIN|DOTNET_ROOT|PYENV_ROOT)$/,
];

/** The variables that every build starts with: little of this machine, folders of its own, the caches of the package managers. */
export function baseEnvironment(workFolder: string): Record<string, string> {
  const passed = Object.entries(process.env).filter(([name]) => PASSED.some((pattern) => pattern.test(name))) as [string, string][];
  const home = process.env.HOME ?? os.homedir();
  const cache = process.env.XDG_CACHE_HOME ?? path.join(home, '.cache');
  return {
    LANG: 'C.UTF-8',
    PATH: searchPath(),
    HOME: folder(workFolder, 'home'),
    TMPDIR: folder(workFolder, 'tmp'),
    AWS_EC2_METADATA_DISABLED: 'true', // no credentials from the machine that this runs on either
    GOCACHE: path.join(cache, 'go-build'),
    GOMODCACHE: path.join(home, 'go', 'pkg', 'mod'),
    NPM_CONFIG_CACHE: path.join(home, '.npm'),
    PIP_CACHE_DIR: path.join(cache, 'pip'),
    ...ownSettings(home),
    ...Object.fromEntries(passed),
  };
}

/** The build has a home of its own, so the settings that name package registries are pointed at. */
function ownSettings(home: string): Record<string, string> {
  const config = process.env.XDG_CONFIG_HOME ?? path.join(home, '.config');
  const candidates: [string, string][] = [
    ['GOENV', path.join(config, 'go', 'env')],
    ['NPM_CONFIG_USERCONFIG', path.join(home, '.npmrc')],
    ['PIP_CONFIG_FILE', path.join(home, '.pip', 'pip.conf')],
    ['PIP_CONFIG_FILE', path.join(config, 'pip', 'pip.conf')],
  ];
  return Object.fromEntries(candidates.filter(([, file]) => fs.existsSync(file)));
}

/** Started by npm, this process finds the tools of another project first. */
function searchPath(): string {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.filter((name) => !/node_modules[\\/]\.bin$|node-gyp-bin$/.test(name)).join(path.delimiter);
}

/** A virtual environment of Python for a build that uses Python: what one build installs, another one doesn't see. */
export function pythonEnvironment(spec: BuildSpec, workFolder: string, searched: string): Record<string, string> {
  const commands = spec.phases.flatMap((phase) => [...phase.commands, ...phase.finally]).join('\n');
  if (!/\b(python3?|pip3?|pytest)\b/.test(commands)) return {};
  const environment = path.join(workFolder, 'venv');
  const { status, stderr } = spawnSync(findPython(spec.runtimeVersions.python ?? '').executable, ['-I', '-m', 'venv', environment], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`no virtual environment of Python could be made for the build: ${stderr}`);
  return { VIRTUAL_ENV: environment, PATH: [path.join(environment, 'bin'), searched].join(path.delimiter) };
}

const VERSION_COMMANDS: Record<string, string[]> = {
  dotnet: ['dotnet', '--version'],
  golang: ['go', 'version'],
  java: ['java', '-version'],
  nodejs: ['node', '--version'],
  php: ['php', '--version'],
  ruby: ['ruby', '--version'],
};

/** Says where the language of this machine is not the one that the buildspec wants. */
export function versionNotes(spec: BuildSpec, searched: string): string[] {
  return Object.entries(spec.runtimeVersions).flatMap(([language, version]) => {
    const wanted = version.replace(/^\D+/, ''); // corretto21
    const here = language === 'python' ? findPython(wanted).version : versionHere(VERSION_COMMANDS[language] ?? [language, '--version'], searched);
    if (here === undefined) return [`${language} ${version} wanted, none here`];
    return `${here}.`.startsWith(`${wanted.replace(/\.x$/, '')}.`) ? [] : [`${language} ${version} wanted, ${here} here`];
  });
}

function versionHere([command, ...values]: string[], searched: string): string | undefined {
  const { stdout, stderr } = spawnSync(command, values, { encoding: 'utf8', env: { ...process.env, PATH: searched } });
  return /\d+(\.\d+)*/.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[0];
}

function folder(parent: string, name: string): string {
  const made = path.join(parent, name);
  fs.mkdirSync(made, { recursive: true });
  return made;
}
