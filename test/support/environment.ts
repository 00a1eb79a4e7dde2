import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/**
 * Variables of the machine that the tests see. All others could change a result: a registry, a cache, a Region, a
 * profile, an option of a tool. npm, pip, Maven and Go use the settings in the user's home, if there are any.
 */
const KEPT = [
  /^(PATH|HOME|PYENV_ROOT)$/, // the tools
  /^(https?|no|all)_proxy$/i, // the way to the registries
  /^(SSL_CERT_(FILE|DIR)|(REQUESTS|CURL)_CA_BUNDLE|NODE_EXTRA_CA_CERTS)$/,
  /^(NODE_ENV|NODE_OPTIONS|FORCE_COLOR|NO_COLOR|CI)$/, // how Jest runs and reports
  /^JEST_/,
  /^REHEARSAL_RECORDING$/, // projenrc/aws-models.ts
  /^(SYSTEMROOT|COMSPEC|PATHEXT|USERPROFILE|(LOCAL)?APPDATA)$/i, // Windows
];
const SET = { LANG: 'C.UTF-8', TZ: 'UTC', AWS_EC2_METADATA_DISABLED: 'true' };

/**
 * Before the first test. All tests have the same environment on every machine, and a temporary folder that is deleted
 * after the last test: for the tests, and for the CDK and the builds that they start.
 */
export default function setUp(): void {
  Object.keys(process.env)
    .filter((name) => !KEPT.some((pattern) => pattern.test(name)))
    .forEach((name) => delete process.env[name]);
  Object.assign(process.env, SET, { TMPDIR: fs.mkdtempSync(path.join(os.tmpdir(), 'tests-')) });
}

/** After the last test. */
export function tearDown(): void {
  execFileSync('chmod', ['-R', 'u+w', process.env.TMPDIR!]); // Go makes its downloads read-only
  fs.rmSync(process.env.TMPDIR!, { recursive: true, force: true });
}
