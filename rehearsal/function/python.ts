import { spawnSync } from 'node:child_process';

/** A Python interpreter of this machine. */
export interface Python {
  readonly executable: string;
  /** For example `3.13`. */
  readonly version: string;
}

const found = new Map<string, Python>();

/** The interpreter of the wanted version (`3.13`) when this machine has it, and otherwise the one that it has. */
export function findPython(version: string): Python {
  const python = found.get(version) ?? ask(`python${version}`, version) ?? ask('python3');
  if (!python) {
    throw new Error('python3 was not found on this machine: install Python to rehearse a Python function');
  }
  found.set(version, python);
  return python;
}

/** Asks the interpreter for its true path, since a shim on PATH depends on variables that neither build nor function has. */
function ask(command: string, version?: string): Python | undefined {
  const program = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])';
  const environment = version ? { ...process.env, PYENV_VERSION: version } : process.env;
  const { status, stdout } = spawnSync(command, ['-I', '-c', program], { encoding: 'utf8', env: environment });
  if (status !== 0) {
    return undefined;
  }
  const [executable, actual] = stdout.trim().split(/\r?\n/);
  return { executable, version: actual };
}
