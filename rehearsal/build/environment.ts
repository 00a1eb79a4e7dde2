import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BuildSpec } from './buildspec';
import { versionCommand } from './required-tools';
import { versionHere } from './tool-version';
import { findPython } from '../function/python';

/** The variables of this machine with which a build reaches package registries. None contains AWS credentials. */
const PASSED = [
  /^PIP_(?!(EXTRA_)?INDEX_URL$|CONFIG_FILE$)/,
  /^NPM_CONFIG_(?!REGISTRY$|USERCONFIG$)/,
  /^(UV|POETRY|GRADLE)_(?!OPTS$)/,
  /^npm_config_(cafile|proxy|https_proxy|noproxy|strict_ssl)$/,
  /^(HTTP|HTTPS|NO|ALL)_PROXY$/i,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/,
  /^(JAVA_HOME|GOROOT|GOPROXY|GOSUMDB|GONOSUMDB|GOPRIVATE|GOFLAGS|GOTOOLCHAIN|DOTNET_ROOT)$/,
];

/** The folders of version managers, which they look for in the home of the user unless a variable names them. */
const TOOLCHAINS: Record<string, string> = {
  ASDF_DATA_DIR: '.asdf',
  CARGO_HOME: '.cargo',
  FNM_DIR: '.local/share/fnm',
  MISE_DATA_DIR: '.local/share/mise',
  NVM_DIR: '.nvm',
  PYENV_ROOT: '.pyenv',
  RBENV_ROOT: '.rbenv',
  RUSTUP_HOME: '.rustup',
  SDKMAN_DIR: '.sdkman',
  VOLTA_HOME: '.volta',
};

/**
 * Returns the initial variables of a build: few from this machine, and folders that only this build uses. Package
 * managers use the caches of this machine or, in a project with a cache, the restored caches in the home of the build.
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
    AWS_EC2_METADATA_DISABLED: 'true', // no credentials from an EC2 instance
    GOCACHE: path.join(cache, 'go-build'),
    GOMODCACHE: path.join(home, 'go', 'pkg', 'mod'),
    // Java ignores HOME, and a daemon would outlive the build
    GRADLE_OPTS: `${process.env.GRADLE_OPTS ?? ''} -Duser.home=${own} -Dorg.gradle.daemon=false`.trim(),
    GRADLE_USER_HOME: path.join(own, '.gradle'),
    MAVEN_OPTS: `${process.env.MAVEN_OPTS ?? ''} -Duser.home=${own} -Dmaven.repo.local=${home}/.m2/repository`.trim(),
    NPM_CONFIG_CACHE: path.join(home, '.npm'),
    PIP_CACHE_DIR: path.join(cache, 'pip'),
    UV_CACHE_DIR: path.join(cache, 'uv'),
    RECIPE_TOOLS: path.join(cache, 'recipe-tools'),
    RUSTUP_HOME: process.env.RUSTUP_HOME ?? path.join(machine, '.rustup'),
    CARGO_HOME: process.env.CARGO_HOME ?? path.join(home, '.cargo'),
    ...(fs.existsSync(path.join(config, 'go', 'env')) ? { GOENV: path.join(config, 'go', 'env') } : {}),
    ...toolchains(machine, ownCaches),
    ...Object.fromEntries(passed),
    ...(ownCaches
      ? {
          YARN_CACHE_FOLDER: path.join(cache, 'yarn'),
          GOFLAGS: `${process.env.GOFLAGS ?? ''} -modcacherw`.trim(), // or the folder cannot be deleted
        }
      : {}),
  };
}

/** Returns the folders of the version managers of this machine: the build has another home. */
function toolchains(machine: string, ownCaches: boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(TOOLCHAINS)
      .map(([name, place]) => [name, process.env[name] || path.join(machine, place)])
      .filter(([name, place]) => fs.existsSync(place) && !(ownCaches && name === 'CARGO_HOME')),
  );
}

/**
 * Copies the settings for package registries into the home of the build. A login to CodeArtifact overwrites the copies:
 * the settings of the user do not change, and no variable overrides those of the build.
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

/** Yarn 2 and later ignore npm's settings, and need permission for a registry on this machine. */
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

/** Returns PATH without the tools of the project whose npm script started this process. */
export function searchPath(): string {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.filter((name) => !/node_modules[\\/]\.bin$|node-gyp-bin$/.test(name)).join(path.delimiter);
}

/** Creates a virtual environment for a build with Python, so that builds do not share installed packages. */
export function pythonEnvironment(spec: BuildSpec, workFolder: string, searched: string): Record<string, string> {
  const commands = spec.phases.flatMap((phase) => [...phase.commands, ...phase.finally]).join('\n');
  if (!/\b(python3?|pip3?|pytest)\b/.test(commands)) {
    return {};
  }
  const environment = path.join(workFolder, 'venv');
  const { executable } = findPython(spec.runtimeVersions.python ?? '');
  makeEnvironment(executable, environment, '--without-pip');
  copyPip(executable, environment);
  return { VIRTUAL_ENV: environment, PATH: [path.join(environment, 'bin'), searched].join(path.delimiter) };
}

function makeEnvironment(executable: string, environment: string, ...options: string[]): void {
  const made = spawnSync(executable, ['-I', '-m', 'venv', ...options, environment], { encoding: 'utf8' });
  if (made.status !== 0) {
    throw new Error(`Python could not create a virtual environment for the build: ${made.stderr || made.stdout}`);
  }
}

/** Copies pip from an environment per interpreter, because an installation takes seconds. */
function copyPip(executable: string, environment: string): void {
  const template = path.join(cacheFolder(), 'cdk-lambda-ci-cd-pipeline', 'python', executable.replace(/\W+/g, '-'));
  if (!fs.existsSync(template)) {
    const fresh = `${template}-${process.pid}`;
    makeEnvironment(executable, fresh);
    try {
      fs.renameSync(fresh, template);
    } catch {
      fs.rmSync(fresh, { recursive: true }); // another rehearsal has made it in the meantime
    }
  }
  const [lib] = fs.readdirSync(path.join(template, 'lib'));
  const packages = path.join('lib', lib, 'site-packages');
  for (const name of fs.readdirSync(path.join(template, packages))) {
    fs.cpSync(path.join(template, packages, name), path.join(environment, packages, name), {
      recursive: true,
      preserveTimestamps: true, // or Python compiles all modules of pip again
    });
  }
  const program =
    `#!${path.join(environment, 'bin', 'python')}\n` +
    'import sys\nfrom pip._internal.cli.main import main\nsys.exit(main())\n';
  for (const name of ['pip', 'pip3']) {
    fs.writeFileSync(path.join(environment, 'bin', name), program, { mode: 0o755 });
  }
}

function cacheFolder(): string {
  return process.env.XDG_CACHE_HOME ?? path.join(process.env.HOME ?? os.homedir(), '.cache');
}

/**
 * Returns variables for the recipe of Python: the version of this machine, and on other systems than Linux an empty
 * platform, because packages for Lambda do not load there.
 */
export function machineVariables({ variables, runtimeVersions }: BuildSpec): Record<string, string> {
  if (!variables.RECIPE_RUNTIME?.startsWith('python')) {
    return {};
  }
  const [major, minor] = findPython(runtimeVersions.python ?? '').version.split('.');
  return {
    RECIPE_RUNTIME: `python${major}.${minor}`,
    ...(process.platform === 'linux' ? {} : { RECIPE_PLATFORM: '' }),
  };
}

/** Returns a note for each language whose version on this machine differs from the buildspec. */
export function versionNotes(spec: BuildSpec, searched: string): string[] {
  return Object.entries(spec.runtimeVersions).flatMap(([language, version]) => {
    const required = version.replace(/^\D+/, ''); // corretto21
    const here = language === 'python' ? findPython(required).version : versionHere(versionCommand(language), searched);
    if (here === undefined) {
      return [`${language} ${version} required, none here`];
    }
    return `${here}.`.startsWith(`${required.replace(/\.x$/, '')}.`)
      ? []
      : [`${language} ${version} required, ${here} here`];
  });
}

function folder(parent: string, name: string): string {
  const created = path.join(parent, name);
  fs.mkdirSync(created, { recursive: true });
  return created;
}
