import * as path from 'node:path';
import { FunctionOptions } from './function';
import { findPython } from './python';
import { linkNodeSdk, pythonSdk } from './sdk';

/** How to start a process of a runtime. */
export interface Runtime {
  /** Whether the process can follow the clock of the rehearsal. */
  readonly followsClock: boolean;
  /** Returns the command line. `api` is the host and the port of the Runtime API, which is also the proxy. */
  command(packageFolder: string, api: string): string[];
  /** Provides the AWS SDK of the runtime. Returns variables for the process. */
  provideSdk?(options: FunctionOptions): Record<string, string>;
}

const REQUIRE_MODULE = '--experimental-require-module';

/** Returns whether functions of the runtime can be invoked on this machine. */
export function isInvocable(name: string): boolean {
  return /^(nodejs|python|java|provided)/.test(name);
}

/** Returns the runtime with this name in Lambda. */
export function findRuntime(name: string): Runtime {
  if (name.startsWith('nodejs')) {
    return node(name);
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
  throw new Error(`the runtime ${name} is not rehearsed; rehearsed are nodejs, python, java and provided`);
}

function node(name: string): Runtime {
  return {
    followsClock: true,
    command: () => [process.execPath, ...nodeFlags(name), bootstrap('bootstrap.cjs')],
    provideSdk: ({ packageFolder, sdkFolder }) => {
      if (sdkFolder) {
        linkNodeSdk(packageFolder, sdkFolder);
      }
      return {};
    },
  };
}

/** Lambda disables `require` of ES modules before Node.js 24. */
function nodeFlags(name: string): string[] {
  const isDisabled = /^nodejs2[02]\./.test(name) && process.allowedNodeEnvironmentFlags.has(REQUIRE_MODULE);
  return isDisabled ? [REQUIRE_MODULE.replace('--', '--no-')] : [];
}

const JAVA: Runtime = {
  followsClock: false,
  command: (packageFolder, api) => [
    'java',
    ...proxyProperties(api),
    '-XX:TieredStopAtLevel=1',
    '-Xshare:auto',
    '-cp',
    [packageFolder, path.join(packageFolder, 'lib', '*')].join(path.delimiter),
    bootstrap('Bootstrap.java'),
  ],
};

/** Java ignores the variables for proxies. */
function proxyProperties(api: string): string[] {
  const [host, port] = api.split(':');
  return ['http', 'https'].flatMap((protocol) => [
    `-D${protocol}.proxyHost=${host}`,
    `-D${protocol}.proxyPort=${port}`,
  ]);
}

const PROVIDED: Runtime = {
  followsClock: false,
  command: (packageFolder) => [path.join(packageFolder, 'bootstrap')],
};

function python(version: string): Runtime {
  return {
    followsClock: false,
    // Isolated, without the packages of this machine: a module that the package lacks is missing here as in Lambda
    command: () => [findPython(version).executable, '-I', '-S', '-u', '-B', bootstrap('bootstrap.py')],
    provideSdk: ({ packageFolder }): Record<string, string> => {
      const folder = pythonSdk(packageFolder, version);
      return folder === undefined ? {} : { REHEARSAL_SDK: folder };
    },
  };
}

/** The bootstraps are beside this file, and beside the bundle of the command (projenrc/bundle.ts). */
function bootstrap(name: string): string {
  return path.join(__dirname, 'bootstrap', name);
}
