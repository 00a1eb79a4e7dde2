import { handlerFiles } from './handler-file';
import { writeZip } from './zip';

const MESSAGE = 'no release yet: this is placeholder code, and the first run of the pipeline replaces it';

/** Code for a function that has no release yet: whoever invokes it reads why it fails. */
export function placeholderPackage(runtime: string, handler: string): Buffer {
  const [name = 'NO-RELEASE-YET.txt'] = handlerFiles(handler, runtime);
  return writeZip([{ name, mode: 0o100755, content: Buffer.from(placeholderCode(runtime)) }]);
}

function placeholderCode(runtime: string): string {
  if (runtime.startsWith('python')) {
    return `raise RuntimeError('${MESSAGE}')\n`;
  }
  if (runtime.startsWith('nodejs')) {
    return `throw new Error('${MESSAGE}');\n`;
  }
  if (runtime.startsWith('ruby')) {
    return `raise '${MESSAGE}'\n`;
  }
  if (runtime.startsWith('provided')) {
    return `#!/bin/sh\necho '${MESSAGE}' >&2\nexit 1\n`;
  }
  return `${MESSAGE}\n`; // the runtime answers that it can't find the handler
}
