import { spawnSync } from 'node:child_process';

/** A Python interpreter of this machine. */
export interface Python {
  readonly executable: string;
  /** For example `3.13`. */
  readonly version: string;
}

const found = new Map<string, Python>();

/** Returns the interpreter with this version (`3.13`) if this machine has it, otherwise its default interpreter. */
export function findPython(version: string): Python {
  const python = found.get(version) ?? inspect(`python${version}`, version) ?? inspect('python3');
  if (!python) {
    throw new Error('python3 was not found on this machine: install Python to rehearse a Python function');
  }
  found.set(version, python);
  return python;
}

/** Asks the interpreter for its real path: a shim on PATH needs variables that builds and functions do not get. */
function inspect(command: string, version?: string): Python | undefined {
  const program = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])';
  const environment = version ? { ...process.env, PYENV_VERSION: version } : process.env;
  const { status, stdout } = spawnSync(command, ['-I', '-c', program], { encoding: 'utf8', env: environment });
  if (status !== 0) {
    return undefined;
  }
  const [executable, actual] = stdout.trim().split(/\r?\n/);
  return { executable, version: actual };
}
