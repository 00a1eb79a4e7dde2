import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { baseEnvironment } from '../../rehearsal/build-environment';

const temporary = () => fs.mkdtempSync(path.join(os.tmpdir(), 'environment-'));
const before = { ...process.env };

function environmentWith(variables: Record<string, string>): Record<string, string> {
  process.env = { ...before, ...variables };
  return baseEnvironment(temporary());
}

afterEach(() => {
  process.env = before;
});

test('passes what reaches the package registries, and no credentials of AWS', () => {
  const environment = environmentWith({
    PIP_INDEX_URL: 'pip', NPM_CONFIG_REGISTRY: 'npm', https_proxy: 'proxy', NODE_EXTRA_CA_CERTS: 'ca', AWS_ACCESS_KEY_ID: 'key', AWS_PROFILE: 'me', npm_config_prefix: 'x',
  });
  expect(environment).toMatchObject({ PIP_INDEX_URL: 'pip', NPM_CONFIG_REGISTRY: 'npm', https_proxy: 'proxy', NODE_EXTRA_CA_CERTS: 'ca' });
  expect(Object.keys(environment).filter((name) => /^(AWS_(?!EC2_METADATA_DISABLED)|npm_config_prefix)/.test(name))).toEqual([]);
});

test('has a home of its own, and points at the settings of the package managers in the real one', () => {
  const home = temporary();
  fs.writeFileSync(path.join(home, '.npmrc'), '');
  fs.mkdirSync(path.join(home, '.pip'));
  fs.writeFileSync(path.join(home, '.pip', 'pip.conf'), '');
  const environment = environmentWith({ HOME: home, XDG_CONFIG_HOME: path.join(home, 'none') });
  expect(environment.HOME).not.toBe(home);
  expect(environment).toMatchObject({ NPM_CONFIG_USERCONFIG: path.join(home, '.npmrc'), PIP_CONFIG_FILE: path.join(home, '.pip', 'pip.conf') });
});

test('shares the caches of the package managers', () => {
  const home = temporary();
  const environment = environmentWith({ HOME: home, XDG_CACHE_HOME: path.join(home, 'cache') });
  expect(environment).toMatchObject({ PIP_CACHE_DIR: path.join(home, 'cache', 'pip'), NPM_CONFIG_CACHE: path.join(home, '.npm') });
});

test('does not find the tools of the project that npm started it from', () => {
  expect(environmentWith({ PATH: '/project/node_modules/.bin:/usr/bin' }).PATH).toBe('/usr/bin');
});
