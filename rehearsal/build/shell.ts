import { ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { createInterface } from 'node:readline';

/** The exit code of a command that exceeded the timeout of the build. */
export const TIMED_OUT = Symbol('timed out');

/** Options of a shell. */
export interface BuildShellOptions {
  readonly shell: 'sh' | 'bash';
  /** The folder for the state of the shell. */
  readonly folder: string;
  /** The working directory of the first command. */
  readonly sourceFolder: string;
  readonly environment: Record<string, string>;
  readonly timeoutSeconds: number;
  readonly onLine: (line: string) => void;
}

/**
 * Runs commands one by one in a real shell. As in CodeBuild, each command is a separate script that inherits the
 * variables and the working directory of the previous one.
 */
export class BuildShell {
  private readonly deadline: number;
  private readonly running = new Set<ChildProcess>();

  constructor(private readonly options: BuildShellOptions) {
    this.deadline = Date.now() + options.timeoutSeconds * 1000;
    fs.mkdirSync(options.folder, { recursive: true });
    fs.writeFileSync(this.file('directory'), options.sourceFolder);
    fs.writeFileSync(
      this.file('variables'),
      Object.entries(options.environment)
        .map(([name, value]) => `export ${name}=${quote(value)}\n`)
        .join(''),
    );
    process.once('SIGINT', this.interrupted);
    process.once('SIGTERM', this.interrupted);
  }

  /** Runs a command. Returns its exit code. */
  async run(command: string, variables: Record<string, string> = {}): Promise<number | typeof TIMED_OUT> {
    const [state, directory] = [this.file('variables'), this.file('directory')];
    fs.writeFileSync(
      this.file('script'),
      [
        `. ${quote(state)}`,
        ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
        `cd "$(cat ${quote(directory)})" || exit 1`,
        'set -a',
        command,
        'CODEBUILD_LAST_EXIT=$?',
        `export -p > ${quote(state)}`,
        `pwd > ${quote(directory)}`,
        'exit $CODEBUILD_LAST_EXIT\n',
      ].join('\n'),
    );
    return this.start();
  }

  /** Returns the variables after the last command. */
  async variables(): Promise<Record<string, string>> {
    const file = this.file('variables.json');
    const program = 'require("fs").writeFileSync(process.argv[1], JSON.stringify(process.env))';
    await this.run(`${quote(process.execPath)} -e ${quote(program)} ${quote(file)}`);
    return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  }

  /** Ends all processes that the commands left running. */
  stop(): void {
    process.off('SIGINT', this.interrupted);
    process.off('SIGTERM', this.interrupted);
    this.running.forEach(killGroup);
    this.running.clear();
  }

  private start(): Promise<number | typeof TIMED_OUT> {
    // A process group, so that a timeout also ends the child processes of the command
    const child = spawn(this.options.shell, [this.file('script')], {
      env: {},
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', this.options.onLine);
    }
    return new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => {
          killGroup(child);
          resolve(TIMED_OUT);
        },
        Math.max(0, this.deadline - Date.now()),
      );
      child.on('error', reject);
      child.on('close', () => this.running.delete(child));
      child.on('exit', async (code) => {
        clearTimeout(limit);
        await lastLines(child);
        resolve(code ?? 1);
      });
    });
  }

  private file(name: string): string {
    return path.join(this.options.folder, name);
  }

  private readonly interrupted = (signal: NodeJS.Signals): void => {
    this.stop();
    process.kill(process.pid, signal);
  };
}

/** Waits for the last lines. A process that the command left running may keep the output open. */
function lastLines(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    const grace = setTimeout(resolve, 250);
    child.on('close', () => {
      clearTimeout(grace);
      resolve(undefined);
    });
  });
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid) {
      process.kill(-child.pid, 'SIGKILL');
    }
  } catch {
    // The group has already ended
  }
}

function quote(value: string): string {
  return `'${value.replace(/'/g, "'\\''")}'`;
}
