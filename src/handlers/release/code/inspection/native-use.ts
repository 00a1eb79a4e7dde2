import * as path from 'node:path';
import { NativeFile } from './native-file';
import { NodeAddons } from './node-addons';
import { PackageFiles } from './package-files';
import { PythonImports, readExtensionName } from './python-extension';
import { Target } from './target';
import { FAMILIES, MACHINES } from '../../runtimes';

/** Folders whose content no function loads: tests, and what they test with. */
const TEST_FOLDER = /(^|\/)(tests?|__tests__|testing|testdata|fixtures|examples?)\//;
/** Mypyc compiles modules into one library, and leaves the Python files beside it: they work without the library. */
const MYPYC = /__mypyc\./;
/** What the names of files and folders call the platforms that Lambda does not have. */
const OTHER_PLATFORMS =
  'musl musllinux alpine darwin macos win32 windows freebsd android i386 i686 ia32 x86 arm armv6 armv7 armhf'.split(
    ' ',
  );
const TAGGED = /\.(cpython-\w+(-[\w-]+)?|abi3)\.so$/;

/** Decides whether a function can do without a program or library that can't be loaded. */
export class NativeUse {
  private readonly python: PythonImports;
  private readonly addons: NodeAddons;
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly files: PackageFiles,
    private readonly target: Target,
    private readonly natives: readonly NativeFile[],
  ) {
    this.python = new PythonImports(files);
    this.addons = new NodeAddons(files);
  }

  /** Whether the function certainly needs the file: only then is a package refused. */
  public async isCertain(native: NativeFile): Promise<boolean> {
    const { name } = native.entry;
    if (!this.known.has(name)) {
      this.known.set(name, false); // libraries may need each other
      this.known.set(name, await this.decide(native));
    }
    return this.known.get(name)!;
  }

  private async decide(native: NativeFile): Promise<boolean> {
    const {
      entry: { name },
      elf,
    } = native;
    const { family } = this.target;
    if (family === 'provided' && name === 'bootstrap') {
      return true;
    }
    if (elf?.executable || TEST_FOLDER.test(name) || MYPYC.test(name)) {
      return false;
    }
    const use = family === 'python' ? await this.pythonUse(name) : 'unknown';
    if (use !== 'unknown') {
      return use === 'needed';
    }
    if (!elf || TAGGED.test(name) || namesOtherPlatform(name, this.target)) {
      return false;
    }
    return family === 'nodejs' && name.includes('node_modules/')
      ? this.addons.isNeeded(name)
      : this.isLibraryNeeded(name);
  }

  private async pythonUse(name: string): Promise<'needed' | 'optional' | 'unknown'> {
    const extension = readExtensionName(name);
    if (!extension) {
      return 'unknown';
    }
    const { module } = extension;
    const { family, handler } = this.target;
    if (FAMILIES[family!].handlerFiles(handler).includes(`${module}.so`)) {
      return 'needed';
    }
    if (this.files.has(`${module}.py`) && !this.isFoundBy(extension)) {
      return 'optional'; // Python finds the module of the same name instead
    }
    return this.python.useOf(module);
  }

  /** Whether the runtime's Python takes the file for a module, and therefore no other file of that name. */
  private isFoundBy({ version, platform = '' }: { readonly version?: string; readonly platform?: string }): boolean {
    const { runtime, machine } = this.target;
    const wanted = runtime.slice(FAMILIES.python.prefix.length).replace('.', '');
    const [name = ''] = machine.names;
    return version === undefined || (version === wanted && (platform === '' || platform === `${name}-linux-gnu`));
  }

  /** A library that others need is needed if they are; any other one is loaded by its name. */
  private async isLibraryNeeded(name: string): Promise<boolean> {
    const users = this.natives.filter(({ elf }) => elf?.needed.includes(path.posix.basename(name)));
    for (const user of users) {
      if (await this.isCertain(user)) {
        return true;
      }
    }
    return users.length === 0;
  }
}

/** Whether the path says that the file is for another platform, as in `prebuilds/linux-arm64/`. */
export function namesOtherPlatform(name: string, { machine }: Target): boolean {
  const others = MACHINES.filter(({ elfMachine }) => elfMachine !== machine.elfMachine);
  const words = [...OTHER_PLATFORMS, ...others.flatMap(({ names }) => names)];
  return name
    .toLowerCase()
    .split(/[^a-z0-9_]+|_(?!64)/)
    .some((word) => words.includes(word));
}
