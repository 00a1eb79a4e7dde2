import * as path from 'node:path';
import { handlerFilesOf } from './handler-file';
import { NativeFile } from './native-file';
import { NodeAddons } from './node-addons';
import { PackageFiles } from './package-files';
import { PythonExtension, readExtensionName } from './python-extension';
import { PythonReach } from './python-reach';
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

/** Decides whether a function can do without a program or library that can't be loaded. */
export class NativeUse {
  private readonly python: PythonReach;
  private readonly addons: NodeAddons;
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly files: PackageFiles,
    private readonly target: Target,
    private readonly natives: readonly NativeFile[],
  ) {
    const handlerFile = handlerFilesOf(target).find((name) => files.has(name));
    const names = natives.map(({ entry }) => entry.name);
    this.python = new PythonReach(files, handlerFile, names);
    this.addons = new NodeAddons(files, handlerFile);
  }

  /** Whether the function certainly needs the file: only then is a package refused. */
  public async isCertain(native: NativeFile): Promise<boolean> {
    const { name } = native.entry;
    if (!this.known.has(name)) {
      this.known.set(name, false); // libraries may need each other
      this.known.set(name, (await this.isLoaded(native)) || (await this.isNeededByOthers(name)));
    }
    return this.known.get(name)!;
  }

  /** Whether the runtime or a module loads the file by its name. */
  private async isLoaded({ entry: { name }, elf }: NativeFile): Promise<boolean> {
    const { family } = this.target;
    if (family === 'provided') {
      return name === 'bootstrap';
    }
    if (elf?.executable || TEST_FOLDER.test(name) || MYPYC.test(name)) {
      return false;
    }
    switch (family) {
      case 'python':
        return this.isLoadedByPython(name);
      case 'nodejs':
        return elf !== undefined && !namesOtherPlatform(name, this.target) && this.addons.isNeeded(name);
      default:
        return false; // a gem may have a substitute
    }
  }

  private async isLoadedByPython(name: string): Promise<boolean> {
    const extension = readExtensionName(name);
    if (!extension) {
      return !namesOtherPlatform(name, this.target) && this.python.mentions(name);
    }
    if (handlerFilesOf(this.target).includes(`${extension.module}.so`)) {
      return true;
    }
    if (this.files.has(`${extension.module}.py`) && !this.isFoundBy(extension)) {
      return false; // Python finds the module of the same name instead
    }
    return (await this.python.imports(extension.module)) || this.python.mentions(name);
  }

  /** Whether the runtime's Python takes the file for a module, and therefore no other file of that name. */
  private isFoundBy({ version, platform = '' }: PythonExtension): boolean {
    const { runtime, machine } = this.target;
    const wanted = runtime.slice(FAMILIES.python.prefix.length).replace('.', '');
    const [name = ''] = machine.names;
    return version === undefined || (version === wanted && (platform === '' || platform === `${name}-linux-gnu`));
  }

  /** A library that others need is needed if they are. */
  private async isNeededByOthers(name: string): Promise<boolean> {
    for (const user of this.natives.filter(({ elf }) => elf?.needed.includes(path.posix.basename(name)))) {
      if (await this.isCertain(user)) {
        return true;
      }
    }
    return false;
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
