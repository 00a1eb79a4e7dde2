import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/*
 * Runs the tests on a machine that is as different as possible: nonsense in the variables of the tools and of AWS,
 * another time zone and language, and a home without a file.
 *
 *   tsx projenrc/hostile-environment.ts [--without-tools] [arguments of Jest]
 *
 * --without-tools also hides Java, Go, zip and the tools that need them.
 */

const HIDDEN = /^(java\w*|jar|mvn\w*|gradle|go|gofmt|zip\w*|unzip\w*|cfn-lint)$/;

const NOWHERE = '/nowhere';
const NOBODY = 'http://127.0.0.1:9';

/** Values that break any tool that reads them, or change its result. */
const NONSENSE: Record<string, string> = {
  ...named('PIP', ['CACHE_DIR', 'CERT', 'CONFIG_FILE', 'TARGET', 'PREFIX', 'FIND_LINKS'], NOWHERE),
  ...named('PIP', ['INDEX_URL', 'EXTRA_INDEX_URL', 'PROXY'], NOBODY),
  ...named('PIP', ['REQUIRE_VIRTUALENV', 'USER', 'NO_INDEX', 'REQUIRE_HASHES'], '1'),
  ...named('NPM_CONFIG', ['CACHE', 'USERCONFIG', 'GLOBALCONFIG', 'PREFIX', 'CAFILE'], NOWHERE),
  ...named('npm_config', ['cache', 'userconfig', 'prefix', 'cafile'], NOWHERE),
  ...named('npm_config', ['registry', 'proxy', 'https_proxy'], NOBODY),
  ...named('NPM_CONFIG', ['REGISTRY', 'PROXY', 'HTTPS_PROXY'], NOBODY),
  ...named('NPM', ['TOKEN'], 'nonsense'),
  ...named('AWS', ['CONFIG_FILE', 'SHARED_CREDENTIALS_FILE', 'CA_BUNDLE', 'WEB_IDENTITY_TOKEN_FILE'], NOWHERE),
  ...named('AWS', ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN', 'PROFILE', 'REGION'], 'nonsense'),
  ...named('AWS', ['DEFAULT_REGION', 'ROLE_ARN', 'LAMBDA_FUNCTION_NAME', 'RETRY_MODE', 'SDK_LOAD_CONFIG'], 'nonsense'),
  ...named('AWS', ['ENDPOINT_URL', 'ENDPOINT_URL_S3', 'ENDPOINT_URL_LAMBDA'], NOBODY),
  ...named('PYTHON', ['HOME', 'PATH', 'STARTUP', 'USERBASE', 'PYCACHEPREFIX', 'PLATLIBDIR'], NOWHERE),
  ...named('PYTHON', ['HASHSEED', 'IOENCODING', 'WARNINGS', 'BREAKPOINT'], 'nonsense'),
  ...named('PYTHON', ['OPTIMIZE', 'DONTWRITEBYTECODE', 'SAFEPATH', 'INSPECT'], '1'),
  ...named('GO', ['PATH', 'ROOT', 'CACHE', 'MODCACHE', 'BIN', 'ENV', 'TMPDIR', 'WORK'], NOWHERE),
  ...named('GO', ['OS', 'ARCH', 'FLAGS', 'TOOLCHAIN', 'SUMDB', 'PRIVATE', 'EXPERIMENT'], 'nonsense'),
  ...named('GO', ['PROXY'], NOBODY),
  ...named('MAVEN', ['HOME', 'BASEDIR', 'PROJECTBASEDIR'], NOWHERE),
  ...named('MAVEN', ['OPTS', 'ARGS', 'CMD_LINE_ARGS'], '--nonsense'),
  ...named('JAVA', ['HOME'], NOWHERE),
  ...named('JAVA', ['OPTS', 'TOOL_OPTIONS'], '--nonsense'),
  ...named('GRADLE', ['HOME', 'USER_HOME'], NOWHERE),
  ...named('GRADLE', ['OPTS'], '--nonsense'),
  ...named('YARN', ['CACHE_FOLDER', 'RC_FILENAME'], NOWHERE),
  ...named('XDG', ['CACHE_HOME', 'CONFIG_HOME', 'DATA_HOME'], NOWHERE),
  ...named('CDK', ['OUTDIR', 'CONTEXT_JSON', 'DEFAULT_ACCOUNT', 'DEFAULT_REGION', 'CLI_VERSION'], 'nonsense'),
  ...named('CODEBUILD', ['BUILD_ID', 'SRC_DIR', 'RESOLVED_SOURCE_VERSION'], 'nonsense'),
  ...named('GIT', ['DIR', 'CONFIG_GLOBAL'], NOWHERE),
  ...named('GIT', ['AUTHOR_DATE'], '2001-02-03T04:05:06'),
  JSII_AGENT: 'nonsense',
  VIRTUAL_ENV: NOWHERE,
  TZ: 'Pacific/Kiritimati',
  LANG: 'tr_TR.UTF-8',
  LANGUAGE: 'tr',
  LC_ALL: 'tr_TR.UTF-8',
};

function named(tool: string, names: string[], value: string): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [tool === 'PYTHON' || tool === 'GO' ? tool + name : `${tool}_${name}`, value]),
  );
}

/** A folder that has all commands of the machine but the hidden ones. */
function withoutTools(folder: string): string {
  mkdirSync(folder);
  for (const place of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const command of commandsIn(place)) {
      if (HIDDEN.test(command)) {
        continue;
      }
      try {
        symlinkSync(path.join(place, command), path.join(folder, command));
      } catch {
        // an earlier folder of the path has the same command
      }
    }
  }
  return folder;
}

function commandsIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function main(args: string[]): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'hostile-'));
  const home = path.join(folder, 'home');
  mkdirSync(home);
  const PATH = args.includes('--without-tools') ? withoutTools(path.join(folder, 'bin')) : process.env.PATH;
  const jest = require.resolve('jest/bin/jest');
  const options = ['--ci', '--coverage=false', ...args.filter((arg) => arg !== '--without-tools')];
  const { status } = spawnSync(process.execPath, [jest, ...options], {
    env: { ...process.env, ...NONSENSE, HOME: home, PATH },
    stdio: 'inherit',
  });
  spawnSync('chmod', ['-R', 'u+w', folder]); // Go makes its downloads read-only
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = status ?? 1;
}

main(process.argv.slice(2));
