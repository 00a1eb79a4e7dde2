import * as fs from 'node:fs';
import * as path from 'node:path';
import { JAVA_BOOTSTRAP } from './java-bootstrap';
import { NODE_BOOTSTRAP } from './node-bootstrap';
import { findPython } from './python';
import { PYTHON_BOOTSTRAP } from './python-bootstrap';

/** How a process of a runtime is started. */
export interface Runtime {
  /** Whether the process can follow the rehearsal's clock. */
  readonly followsClock: boolean;
  /** The command line; a bootstrap is written to the folder. */
  command(folder: string, packageFolder: string): string[];
}

/** The runtime by Lambda's name of it. */
export function findRuntime(name: string): Runtime {
  if (name.startsWith('nodejs')) {
    return NODE;
  }
  if (name.startsWith('python')) {
    return python(name.slice('python'.length));
  }
  if (name.startsWith('java')) {
    return JAVA;
  }
  if (name.startsWith('provided')) {
    return PROVIDED;
  }
  throw new Error(`the runtime ${name} is not rehearsed: nodejs, python, java and provided are`);
}

const NODE: Runtime = {
  followsClock: true,
  command: (folder) => [process.execPath, write(folder, 'bootstrap.cjs', NODE_BOOTSTRAP)],
};

const JAVA: Runtime = {
  followsClock: false,
  command: (folder, packageFolder) => [
    'java',
    '-XX:TieredStopAtLevel=1',
    '-Xshare:auto',
    '-cp',
    [packageFolder, path.join(packageFolder, 'lib', '*')].join(path.delimiter),
    write(folder, 'Bootstrap.java', JAVA_BOOTSTRAP),
  ],
};

const PROVIDED: Runtime = {
  followsClock: false,
  command: (_, packageFolder) => [path.join(packageFolder, 'bootstrap')],
};

function python(version: string): Runtime {
  return {
    followsClock: false,
    // Isolated and without this machine's own packages: what the package lacks must be missing here as in Lambda
    command: (folder) => [
      findPython(version).executable,
      '-I',
      '-S',
      '-u',
      '-B',
      write(folder, 'bootstrap.py', PYTHON_BOOTSTRAP),
    ],
  };
}

function write(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}
