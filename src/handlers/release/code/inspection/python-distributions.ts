import { Finding } from './finding';
import { PackageFiles } from './package-files';
import { isProvidedByPython } from './python-modules';

const INFO = /^([^/]+?)(?:-[^/]*)?\.(?:dist|egg)-info\//;
/** A file in which an installer names folders with modules. Lambda reads none. */
const PATHS = /^[^/]+\.pth$/;
const REQUIREMENTS = 'requirements.txt';
const REQUIREMENT = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*([=<>!~].*)?$/;

/** The distributions that an installer put into a package, as their metadata names them. */
export class PythonDistributions {
  public static async read(files: PackageFiles): Promise<PythonDistributions> {
    const names = new Set<string>();
    const modules = new Set<string>();
    for (const folder of new Set(files.names.flatMap((name) => INFO.exec(name)?.[0] ?? []))) {
      const name = INFO.exec(folder)![1];
      names.add(normalize(name));
      modules.add(name).add(normalize(name));
      const list =
        (await files.readSource(`${folder}RECORD`)) ?? (await files.readSource(`${folder}top_level.txt`)) ?? '';
      list.split('\n').forEach((line) =>
        modules.add(
          line
            .split(/[/,]/)[0]
            .replace(/\.(py|.*so)$/, '')
            .trim(),
        ),
      );
    }
    const paths = new Map<string, string>();
    for (const name of files.names.filter((each) => PATHS.test(each))) {
      paths.set(name, (await files.readSource(name)) ?? '');
    }
    return new PythonDistributions(files, names, modules, paths);
  }

  private constructor(
    private readonly files: PackageFiles,
    private readonly names: ReadonlySet<string>,
    private readonly modules: ReadonlySet<string>,
    private readonly paths: ReadonlyMap<string, string>,
  ) {}

  /** Whether a module belongs to a distribution, and not to the user. */
  public isInstalled(module: string): boolean {
    return this.modules.has(module);
  }

  /** Finds requirements that were installed as a path of the build machine. */
  public inspectPaths(): Finding[] {
    return [...this.paths].flatMap(([file, text]) => {
      const folder = text
        .split('\n')
        .find((line) => line.startsWith('/'))
        ?.trim();
      const isEditable = file.startsWith('__editable__') && /^import\s/m.test(text);
      if ((!folder && !isEditable) || this.contains(file)) {
        return [];
      }
      return [
        {
          file,
          found: folder ? `points to ${folder}, a folder of the build` : 'points to a folder of the build',
          allowed: 'Lambda has only what is in the package',
          remedy: 'install a copy: name the requirement without -e, or use uv export --no-editable',
          certain: true,
        },
      ];
    });
  }

  /** Whether the package contains the modules that the file would only point to. */
  private contains(file: string): boolean {
    const name = normalize(file.replace(/^(__editable__\.|_editable_impl_|_)?/, '').replace(/(-\d[^/]*)?\.pth$/, ''));
    return this.files.hasFolder(name) || this.files.has(`${name}.py`);
  }

  /** Notes the requirements that the package names, and does not contain. */
  public async inspectRequirements(): Promise<Finding[]> {
    const text = this.names.size > 0 ? await this.files.readSource(REQUIREMENTS) : undefined;
    const missing = (text ?? '').split('\n').flatMap((line) => {
      const [, name] = REQUIREMENT.exec(line.replace(/\s#.*/, '').trim()) ?? [];
      const module = name && normalize(name);
      return !module ||
        this.names.has(module) ||
        this.contains(`${module}.pth`) ||
        isProvidedByPython(module.replace(/^python_/, ''))
        ? []
        : [name];
    });
    return missing.map((name) => ({
      file: REQUIREMENTS,
      found: `names ${name}`,
      allowed: 'the package does not contain it',
      remedy: 'install it into the folder that is packed, or remove it from the file',
      certain: false,
    }));
  }
}

/**
 * The name of a distribution with one spelling:
 * https://packaging.python.org/en/latest/specifications/name-normalization/
 */
function normalize(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '_');
}
