import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { baseEnvironment } from '../../../rehearsal/build/environment';

const temporary = () => fs.mkdtempSync(path.join(os.tmpdir(), 'environment-'));
const before = { ...process.env };

function environmentWith(variables: Record<string, string>, ownCaches = false): Record<string, string> {
  process.env = { ...before, ...variables };
  return baseEnvironment(temporary(), ownCaches);
}

afterEach(() => {
  process.env = before;
});

test('passes the variables for package registries, and no AWS credentials', () => {
  const environment = environmentWith({
    PIP_CERT: 'ca',
    npm_config_cafile: 'ca',
    https_proxy: 'proxy',
    NODE_EXTRA_CA_CERTS: 'ca',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_PROFILE: 'me',
    npm_config_prefix: 'x',
  });
  expect(environment).toMatchObject({
    PIP_CERT: 'ca',
    npm_config_cafile: 'ca',
    https_proxy: 'proxy',
    NODE_EXTRA_CA_CERTS: 'ca',
  });
  expect(
    Object.keys(environment).filter((name) => /^(AWS_(?!EC2_METADATA_DISABLED)|npm_config_prefix)/.test(name)),
  ).toEqual([]);
});

test('has its own home, with copies of the settings for package managers', () => {
  const home = temporary();
  fs.writeFileSync(path.join(home, '.npmrc'), 'fund=false');
  fs.mkdirSync(path.join(home, '.pip'));
  fs.writeFileSync(path.join(home, '.pip', 'pip.conf'), '[global]\ntimeout = 60');
  const { HOME } = environmentWith({ HOME: home, XDG_CONFIG_HOME: path.join(home, 'none') });
  expect(HOME).not.toBe(home);
  expect(fs.readFileSync(path.join(HOME, '.npmrc'), 'utf8')).toContain('fund=false');
  expect(fs.readFileSync(path.join(HOME, '.pip', 'pip.conf'), 'utf8')).toBe('[global]\ntimeout = 60');
});

test('has settings instead of variables for registries, so that a login of the build overrides them', () => {
  const { HOME, ...environment } = environmentWith({
    PIP_INDEX_URL: 'https://pip.example.com/simple',
    npm_config_registry: 'https://npm.example.com/',
  });
  expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['PIP_INDEX_URL']));
  expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['npm_config_registry']));
  expect(fs.readFileSync(path.join(HOME, '.config', 'pip', 'pip.conf'), 'utf8')).toBe(
    '[global]\nindex-url = https://pip.example.com/simple\n',
  );
  expect(fs.readFileSync(path.join(HOME, '.npmrc'), 'utf8')).toContain('registry=https://npm.example.com/');
});

test('shares the caches of the package managers', () => {
  const home = temporary();
  const environment = environmentWith({ HOME: home, XDG_CACHE_HOME: path.join(home, 'cache') });
  expect(environment).toMatchObject({
    PIP_CACHE_DIR: path.join(home, 'cache', 'pip'),
    NPM_CONFIG_CACHE: path.join(home, '.npm'),
  });
});

test('has the caches in its own home for a project with a cache', () => {
  const { HOME, ...environment } = environmentWith(
    { PIP_CACHE_DIR: '/machine', NPM_CONFIG_CACHE: '/machine', XDG_CACHE_HOME: '/machine' },
    true,
  );
  expect(environment).toMatchObject({
    PIP_CACHE_DIR: `${HOME}/.cache/pip`,
    NPM_CONFIG_CACHE: `${HOME}/.npm`,
    YARN_CACHE_FOLDER: `${HOME}/.cache/yarn`,
    GOCACHE: `${HOME}/.cache/go-build`,
    GOMODCACHE: `${HOME}/go/pkg/mod`,
  });
  expect(environment.MAVEN_OPTS).toContain(`-Dmaven.repo.local=${HOME}/.m2/repository`);
});

test('does not find the tools of the project whose npm script started it', () => {
  expect(environmentWith({ PATH: '/project/node_modules/.bin:/usr/bin' }).PATH).toBe('/usr/bin');
});

describe('the folders of version managers', () => {
  const home = temporary();
  fs.mkdirSync(path.join(home, '.rustup'));

  test('are those in the home of the user, because the build has another home', () => {
    const environment = environmentWith({ HOME: home, RUSTUP_HOME: '', NVM_DIR: '' });
    expect(environment.RUSTUP_HOME).toBe(path.join(home, '.rustup'));
    expect(environment).not.toHaveProperty('NVM_DIR');
  });

  test.each(['CARGO_HOME', 'NVM_DIR', 'PYENV_ROOT', 'RUSTUP_HOME', 'SDKMAN_DIR'])('%s of the user counts', (name) => {
    expect(environmentWith({ [name]: home })[name]).toBe(home);
  });

  test('GRADLE_USER_HOME of the user counts', () => {
    expect(environmentWith({ GRADLE_USER_HOME: home }).GRADLE_USER_HOME).toBe(home);
  });
});
