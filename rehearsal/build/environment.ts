import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BuildSpec } from './buildspec';
import { findPython } from '../function/python';

/** Variables of this machine that a build needs to reach package registries; credentials of AWS are none of them. */
const PASSED = [
  /^PIP_(?!(EXTRA_)?INDEX_URL$|CONFIG_FILE$)/,
  /^NPM_CONFIG_(?!REGISTRY$|USERCONFIG$)/,
  /^(UV|POETRY|GRADLE)_(?!OPTS$)/,
  /^npm_config_(cafile|proxy|https_proxy|noproxy|strict_ssl)$/,
  /^(HTTP|HTTPS|NO|ALL)_PROXY$/i,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/,
  /^(JAVA_HOME|GOROOT|GOPROXY|GOSUMDB|GONOSUMDB|GOPRIVATE|GOFLAGS|GOTOOLCHAIN|DOTNET_ROOT|PYENV_ROOT)$/,
];

/**
 * The variables that every build starts with: little of this machine, and folders of its own. The package managers have the caches of this
 * machine, or, for a project with a cache, those of the build's home, which hold what the project's cache has kept.
 */
export function baseEnvironment(workFolder: string, ownCaches = false): Record<string, string> {
  const passed = Object.entries(process.env).filter(
    ([name]) => PASSED.some((pattern) => pattern.test(name)) && !(ownCaches && /CACHE/.test(name)),
  ) as [string, string][];
  const machine = process.env.HOME ?? os.homedir();
  const config = process.env.XDG_CONFIG_HOME ?? path.join(machine, '.config');
  const own = folder(workFolder, 'home');
  const home = ownCaches ? own : machine;
  const cache = (ownCaches ? undefined : process.env.XDG_CACHE_HOME) ?? path.join(home, '.cache');
  copySettings(machine, config, own);
  return {
    LANG: 'C.UTF-8',
    PATH: searchPath(),
    HOME: own,
    TMPDIR: folder(workFolder, 'tmp'),
    AWS_EC2_METADATA_DISABLED: 'true', // no credentials from the machine that this runs on either
    GOCACHE: path.join(cache, 'go-build'),
    GOMODCACHE: path.join(home, 'go', 'pkg', 'mod'),
    // Java takes the home from the user, whatever HOME says; and a daemon would outlive the build
    GRADLE_OPTS: `${process.env.GRADLE_OPTS ?? ''} -Duser.home=${own} -Dorg.gradle.daemon=false`.trim(),
    GRADLE_USER_HOME: path.join(own, '.gradle'),
    MAVEN_OPTS:
      `${process.env.MAVEN_OPTS ?? ''} -Duser.home=${own} -Dmaven.repo.local=${path.join(home, '.m2', 'repository')}`.trim(),
    NPM_CONFIG_CACHE: path.join(home, '.npm'),
    PIP_CACHE_DIR: path.join(cache, 'pip'),
    ...(fs.existsSync(path.join(config, 'go', 'env')) ? { GOENV: path.join(config, 'go', 'env') } : {}),
    ...Object.fromEntries(passed),
    ...(ownCaches
      ? { YARN_CACHE_FOLDER: path.join(cache, 'yarn'), GOFLAGS: `${process.env.GOFLAGS ?? ''} -modcacherw`.trim() }
      : {}), // or nobody could delete it
  };
}

/**
 * Copies the settings that name package registries into the build's home. A build may log in to CodeArtifact, which writes them:
 * the settings of the user stay as they are, and no variable outweighs what the build has written.
 */
function copySettings(home: string, config: string, own: string): void {
  const { PIP_CONFIG_FILE, PIP_INDEX_URL, PIP_EXTRA_INDEX_URL } = process.env;
  const { NPM_CONFIG_USERCONFIG, NPM_CONFIG_REGISTRY, npm_config_userconfig, npm_config_registry } = process.env;
  const pip = Object.entries({ 'index-url': PIP_INDEX_URL, 'extra-index-url': PIP_EXTRA_INDEX_URL }).filter(
    ([, value]) => value,
  );
  const registry = npm_config_registry ?? NPM_CONFIG_REGISTRY;
  write(
    path.join(own, '.pip', 'pip.conf'),
    firstOf(PIP_CONFIG_FILE, path.join(config, 'pip', 'pip.conf'), path.join(home, '.pip', 'pip.conf')),
  );
  const options = pip.map(([name, value]) => `${name} = ${value}\n`);
  write(path.join(own, '.config', 'pip', 'pip.conf'), options.length ? `[global]\n${options.join('')}` : '');
  const npm = firstOf(npm_config_userconfig, NPM_CONFIG_USERCONFIG, path.join(home, '.npmrc'));
  write(path.join(own, '.npmrc'), npm + (registry ? `\nregistry=${registry}\n` : ''));
  write(
    path.join(own, '.yarnrc.yml'),
    firstOf(path.join(home, '.yarnrc.yml')) || yarnSettings(registry ?? /^registry *= *(\S+)/m.exec(npm)?.[1]),
  );
  write(path.join(own, '.m2', 'settings.xml'), firstOf(path.join(home, '.m2', 'settings.xml')));
}

/** Yarn 2 and later do not read npm's settings, and ask for a permission to use a registry on this machine. */
function yarnSettings(registry: string | undefined): string {
  return `unsafeHttpWhitelist: [localhost, 127.0.0.1]\n${registry ? `npmRegistryServer: "${registry}"\n` : ''}`;
}

function firstOf(...files: (string | undefined)[]): string {
  const found = files.find((file) => file && fs.existsSync(file));
  return found ? fs.readFileSync(found, 'utf8') : '';
}

function write(file: string, text: string): void {
  if (!text) {
    return;
  }
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

/** Started by npm, this process finds the tools of another project first. */
function searchPath(): string {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.filter((name) => !/node_modules[\\/]\.bin$|node-gyp-bin$/.test(name)).join(path.delimiter);
}

/** A virtual environment of Python for a build that uses Python: what one build installs, another one doesn't see. */
export function pythonEnvironment(spec: BuildSpec, workFolder: string, searched: string): Record<string, string> {
  const commands = spec.phases.flatMap((phase) => [...phase.commands, ...phase.finally]).join('\n');
  if (!/\b(python3?|pip3?|pytest)\b/.test(commands)) {
    return {};
  }
  const environment = path.join(workFolder, 'venv');
  const { status, stderr } = spawnSync(
    findPython(spec.runtimeVersions.python ?? '').executable,
    ['-I', '-m', 'venv', environment],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    throw new Error(`no virtual environment of Python could be made for the build: ${stderr}`);
  }
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
    const here =
      language === 'python'
        ? findPython(wanted).version
        : versionHere(VERSION_COMMANDS[language] ?? [language, '--version'], searched);
    if (here === undefined) {
      return [`${language} ${version} wanted, none here`];
    }
    return `${here}.`.startsWith(`${wanted.replace(/\.x$/, '')}.`)
      ? []
      : [`${language} ${version} wanted, ${here} here`];
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
