import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Before the first test: whatever asks for a temporary folder gets one in here, the CDK and the builds that tests start too. */
export default function setUp(): void {
  process.env.TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), 'tests-'));
}

/** After the last test. */
export function tearDown(): void {
  execFileSync('chmod', ['-R', 'u+w', process.env.TMPDIR!]); // Go makes what it has fetched read-only
  fs.rmSync(process.env.TMPDIR!, { recursive: true, force: true });
}
