import { Finding } from './finding';
import { PackageFiles } from './package-files';
import { PythonDistributions } from './python-distributions';
import { absolutePath } from './python-extension';
import { PythonImport, PythonModule, readPythonModule } from './python-module';
import { isProvidedByPython } from './python-modules';
import { modulesOf, packagesOf } from './python-reach';
import { Target } from './target';
import { FAMILIES } from '../../runtimes';

/** A module of the user's own that the runtime loads. */
interface LoadedModule extends PythonModule {
  readonly file: string;
}

/** Checks the function in the handler's module, and the imports of the modules that the runtime loads with it. */
export async function inspectPython(files: PackageFiles, target: Target): Promise<Finding[]> {
  const file = FAMILIES.python.handlerFiles(target.handler).find((name) => files.has(name));
  if (!file?.endsWith('.py')) {
    return []; // compiled, or in a layer
  }
  const distributions = await PythonDistributions.read(files);
  const loaded = await loadModules(files, distributions, file);
  // Another place with modules makes every import possible.
  let certain = !target.environment.PYTHONPATH;
  for (const module of loaded) {
    certain &&= !(await changesPath(files, distributions, module));
  }
  return [
    ...inspectHandler(loaded, file, target),
    ...loaded.flatMap((module) => inspectImports(files, module, target, certain)),
    ...distributions.inspectPaths(),
    ...(target.hasLayers ? [] : await distributions.inspectRequirements()),
  ];
}

/** The modules that the runtime loads with the handler, as far as they are the user's own. */
async function loadModules(
  files: PackageFiles,
  distributions: PythonDistributions,
  handlerFile: string,
): Promise<LoadedModule[]> {
  const loaded = new Map<string, LoadedModule>();
  const waiting = [...packagesOf(handlerFile), handlerFile].filter((file) => files.has(file));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const text = loaded.has(file) ? undefined : await files.readSource(file);
    if (text !== undefined) {
      const module = { ...readPythonModule(text), file };
      loaded.set(file, module);
      waiting.push(
        ...module.imports
          .filter(({ certain }) => certain)
          .flatMap((each) => importedFiles(files, distributions, each, file)),
      );
    }
  }
  return [...loaded.values()];
}

function importedFiles(
  files: PackageFiles,
  distributions: PythonDistributions,
  each: PythonImport,
  importer: string,
): string[] {
  const path = absolutePath(each.module, importer);
  if (path.length === 0 || distributions.isInstalled(path[0])) {
    return [];
  }
  return modulesOf(each, importer)
    .flatMap((module) => [...packagesOf(`${module}/`), `${module}.py`])
    .filter((file) => files.has(file));
}

/** Whether a module changes where Python looks for modules, or imports a module that does so under a condition. */
async function changesPath(
  files: PackageFiles,
  distributions: PythonDistributions,
  module: LoadedModule,
): Promise<boolean> {
  if (module.changesPath) {
    return true;
  }
  for (const each of module.imports.filter(({ certain }) => !certain)) {
    for (const file of importedFiles(files, distributions, each, module.file)) {
      if (readPythonModule((await files.readSource(file)) ?? '').changesPath) {
        return true; // for example unzip_requirements.py of serverless-python-requirements
      }
    }
  }
  return false;
}

function inspectHandler(loaded: readonly LoadedModule[], file: string, { handler }: Target): Finding[] {
  const module = loaded.find((each) => each.file === file);
  const name = handler.slice(handler.lastIndexOf('.') + 1);
  if (!module?.complete || module.definesMore || module.names.has(name)) {
    return [];
  }
  const others = module.functions.filter((each) => !each.startsWith('_')).slice(0, 5);
  return [
    {
      file,
      found: `defines no ${name}${others.length > 0 ? ` (it defines ${others.join(', ')})` : ''}`,
      allowed: `the handler is ${handler}`,
      remedy: 'correct the handler of the function, or define it in the module',
      certain: true,
    },
  ];
}

function inspectImports(
  files: PackageFiles,
  { file, imports, complete }: LoadedModule,
  target: Target,
  pathIsKnown: boolean,
): Finding[] {
  if (!complete || target.hasLayers) {
    return [];
  }
  return imports
    .filter(({ certain }) => certain)
    .flatMap((each) => {
      const problem = problemOfImport(files, each, file, target);
      const found = `imports ${each.module} (line ${each.line})`;
      return problem ? [{ file, found, ...problem, certain: pathIsKnown }] : [];
    });
}

function problemOfImport(
  files: PackageFiles,
  { module }: PythonImport,
  file: string,
  { runtime }: Target,
): Pick<Finding, 'allowed' | 'remedy'> | undefined {
  const dots = /^\.*/.exec(module)![0].length;
  if (dots >= file.split('/').length) {
    return {
      allowed: 'the runtime loads the file as a module without such a parent package',
      remedy:
        'write the import without its leading dots, or move the modules into a package and name it in the handler',
    };
  }
  const path = absolutePath(module, file);
  const known = dots === 0 ? path.slice(0, 1) : path;
  if (exists(files, known) || isProvidedByPython(path[0])) {
    return undefined;
  }
  return {
    allowed: `the package does not contain it${dots > 0 ? '' : `, and ${runtime} does not bring it`}`,
    remedy:
      dots > 0
        ? 'pack the file, or correct the import'
        : 'name it in the file with the dependencies, or install it into the folder that is packed',
  };
}

/** Whether the package contains a module or a folder with this path. */
function exists(files: PackageFiles, path: readonly string[]): boolean {
  const name = path.join('/');
  return (
    files.hasFolder(name) ||
    [`${name}.py`, `${name}.pyc`, `${name}.so`].some((file) => files.has(file)) ||
    files.names.some((file) => file.startsWith(`${name}.`) && file.endsWith('.so'))
  );
}
