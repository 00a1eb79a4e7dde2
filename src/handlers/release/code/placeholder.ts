import { FAMILIES, familyOf, RuntimeFamily } from '../runtimes';
import { writeZip } from './zip/zip-writer';

const MESSAGE = 'no release yet: this is placeholder code, and the first run of the pipeline replaces it';

/** The code of a function that has no release yet: an invocation fails with an explanation. */
export function placeholderPackage(runtime: string, handler: string): Buffer {
  const family = familyOf(runtime);
  const { handlerFiles, placeholder }: Partial<RuntimeFamily> = family ? FAMILIES[family] : {};
  const [name, code] =
    handlerFiles && placeholder
      ? [handlerFiles(handler)[0], placeholder(MESSAGE)]
      : ['NO-RELEASE-YET.txt', `${MESSAGE}\n`];
  return writeZip([{ name, mode: 0o100755, content: Buffer.from(code) }]);
}
