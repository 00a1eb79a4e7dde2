import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import * as path from 'node:path';

/** Variables that the rehearsal does not pass on: tokens and settings of the user. */
const PRIVATE =
  /TOKEN|PASSWORD|SECRET|^TWINE_|^MAVEN_|^GIT_|^NODE_AUTH|^npm_(?!config_(cafile|proxy|https_proxy|noproxy))/i;

/** Files in the user's home that a publisher could change. */
const HOME_FILES = ['.npmrc', '.pypirc', '.gitconfig', '.m2/settings.xml', '.config/pip/pip.conf'];

export interface Command {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** The command must fail: its output is the result, and success is an error. */
  readonly mustFail?: boolean;
}

function capture(command: string, args: string[]): string {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

const stateOf = (file: string) => (existsSync(file) ? `${file} ${statSync(file).mtimeMs}` : file);

/** A temporary folder with a home of its own, and the processes that run in it. */
export class Workspace {
  readonly root = mkdtempSync(path.join(tmpdir(), 'release-rehearsal-'));
  readonly home = this.folder('home');
  /** The npm registry of this machine. */
  readonly packagesFrom = capture('npm', ['config', 'get', 'registry']);
  private readonly servers: ChildProcess[] = [];
  private readonly homeBefore = HOME_FILES.map((file) => stateOf(path.join(homedir(), file)));
  private readonly logFile = path.join(this.root, 'log');
  private readonly env: Record<string, string>;

  /** Go fetches the modules of this pattern from their repository, and not from the proxy. */
  constructor(goModules: string) {
    this.env = this.environment(goModules);
    writeFileSync(path.join(this.home, '.gitconfig'), '[user]\n  name = Rehearsal\n  email = rehearsal@example.com\n');
  }

  folder(name: string): string {
    const folder = path.join(this.root, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /**
   * Runs a command to its end and returns its output. Throws with the output if the command does not end as expected.
   */
  run(command: string, args: string[], { cwd = this.root, env = {}, mustFail = false }: Command = {}): string {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd,
      env: { ...this.env, ...env },
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const output = `${stdout ?? ''}${stderr ?? ''}`;
    writeFileSync(this.logFile, `\n$ ${command} ${args.join(' ')}\n${output}`, { flag: 'a' });
    if (!error && (status !== 0) === mustFail) {
      return output;
    }
    throw new Error(
      `${command} ${args.join(' ')} ended with ${error?.message ?? status}${mustFail ? ', and should have failed' : ''}:\n${output.split('\n').slice(-40).join('\n')}`,
    );
  }

  /** Starts a server on the loopback and waits until it listens. The server ends with the rehearsal. */
  async serve(command: string, args: string[], port: number): Promise<void> {
    const log = openSync(path.join(this.root, `${path.basename(command)}.log`), 'a');
    const server = spawn(command, args, { cwd: this.root, env: this.env, stdio: ['ignore', log, log] });
    this.servers.push(server);
    for (let attempt = 0; attempt < 120; attempt++) {
      if (server.exitCode !== null) {
        break;
      }
      const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
      if (answer) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error(
      `${command} does not answer:\n${readFileSync(path.join(this.root, `${path.basename(command)}.log`), 'utf8')}`,
    );
  }

  /** Ends the servers, deletes the folder, and returns the changes outside of it, if there are any. */
  async end(): Promise<string[]> {
    await Promise.all(
      this.servers.map(
        (server) =>
          server.exitCode !== null ||
          new Promise((resolve) => {
            server.once('exit', resolve);
            server.kill();
          }),
      ),
    );
    spawnSync('rm', ['-rf', this.root]); // a hundred thousand files: Node.js takes minutes
    const homeAfter = HOME_FILES.map((file) => stateOf(path.join(homedir(), file)));
    return homeAfter.filter((state, index) => state !== this.homeBefore[index]).map((state) => `${state} has changed`);
  }

  /** The machine's registries and caches, with a home and tool folders of the rehearsal. */
  private environment(goModules: string): Record<string, string> {
    const inherited = Object.entries(process.env).filter(
      ([name, value]) => value !== undefined && !PRIVATE.test(name),
    ) as [string, string][];
    const goCache = capture('go', ['env', 'GOMODCACHE']);
    return {
      ...Object.fromEntries(inherited),
      HOME: this.home,
      TMPDIR: this.folder('tmp'), // the publishers clean up little
      CI: '1',
      GIT_CONFIG_GLOBAL: path.join(this.home, '.gitconfig'),
      npm_config_cache: capture('npm', ['config', 'get', 'cache']),
      npm_config_registry: this.packagesFrom,
      npm_config_update_notifier: 'false',
      PIP_CACHE_DIR: capture('python3', ['-m', 'pip', 'cache', 'dir']),
      PYTHONUSERBASE: path.join(this.home, '.local'),
      MAVEN_OPTS: `${process.env.MAVEN_OPTS ?? ''} -Duser.home=${this.home} -Dmaven.repo.local=${this.mavenRepository()}`,
      GOMODCACHE: path.join(this.root, 'go-modules'),
      GOCACHE: capture('go', ['env', 'GOCACHE']),
      GOFLAGS: '-modcacherw -trimpath -buildvcs=false',
      GOPROXY: `file://${goCache}/cache/download,${capture('go', ['env', 'GOPROXY'])}`,
      GOPRIVATE: goModules,
      JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
    };
  }

  /** A copy, so that no package of the rehearsal stays in the user's own repository. */
  private mavenRepository(): string {
    const own = path.join(homedir(), '.m2/repository');
    const copy = path.join(this.root, 'maven-repository');
    if (existsSync(own)) {
      cpSync(own, copy, { recursive: true });
    }
    return copy;
  }
}

/** A free port. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
