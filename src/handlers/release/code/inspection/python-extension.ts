/** A compiled Python module, as the name of its file says. */
export interface PythonExtension {
  /** The path of the module, with slashes. */
  readonly module: string;
  /** For example `313` for CPython 3.13; undefined if every version loads it. */
  readonly version?: string;
  /** For example `x86_64-linux-gnu`; undefined if the name does not say. */
  readonly platform?: string;
}

const NAME = /^(.*?)(?:\.cpython-(\d+\w*?)(?:-([\w-]+))?|\.abi3)?\.so$/;
/** Folders with the tests of a library, and with the libraries that a wheel brings. */
const NO_MODULES = /(^|\/)(tests?|testing)\/|\.libs\//;

/** Reads the name of a file; undefined if Python can't import the file. */
export function readExtensionName(file: string): PythonExtension | undefined {
  const [, module, version, platform] = NAME.exec(file) ?? [];
  const importable = module !== undefined && module.split('/').every((name) => /^[A-Za-z_]\w*$/.test(name));
  return importable && !NO_MODULES.test(file) ? { module, version, platform } : undefined;
}

/** The path of a module as an import in a file names it. */
export function absolutePath(module: string, file: string): string[] {
  const [, dots, rest] = /^(\.*)(.*)$/.exec(module)!;
  const names = rest === '' ? [] : rest.split('.');
  if (dots === '') {
    return names;
  }
  const folder = file.split('/').slice(0, -1);
  return [...folder.slice(0, folder.length - dots.length + 1), ...names];
}
