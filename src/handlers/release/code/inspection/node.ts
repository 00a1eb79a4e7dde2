import { isBuiltin } from 'node:module';
import * as path from 'node:path';
import { Finding } from './finding';
import { JavaScriptImport } from './javascript-module';
import { findInstalled, findRelative, isEsModule, LoadedModule, loadModules, packageNameOf } from './node-modules';
import { nearestNodePackage, readNodePackage } from './node-package';
import { PackageFiles } from './package-files';
import { Target } from './target';
import { FAMILIES, MACHINES } from '../../runtimes';

/**
 * Versions whose runtime does not look at the content of an undeclared file:
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
const WITHOUT_DETECTION = ['nodejs18.x', 'nodejs22.x'];
/** What the runtimes bring: the AWS SDK, and what it needs. */
const RUNTIME = /^(@aws-sdk|@smithy|@aws-crypto|@aws|tslib|uuid|bowser|strnum|fast-xml-parser)(\/|$)/;
/** Runtimes that bring version 2 of the AWS SDK, and not version 3. */
const WITH_SDK_2 = ['nodejs12.x', 'nodejs14.x', 'nodejs16.x'];
/** Options that change how Node.js finds modules. */
const CHANGES_IMPORTS = /module|import|loader|require|(^|\s)-r\s|specifier|conditions|(^|\s)-C\s/;

/** Checks the function in the handler's module, and the imports of the modules that the runtime loads with it. */
export async function inspectNode(files: PackageFiles, target: Target): Promise<Finding[]> {
  const [file, ...others] = FAMILIES.nodejs.handlerFiles(target.handler).filter((name) => files.has(name));
  const loaded = file && others.length === 0 ? await loadModules(files, file) : [];
  const handlerModule = loaded.find((module) => module.file === file);
  if (!handlerModule?.complete || CHANGES_IMPORTS.test(target.environment.NODE_OPTIONS ?? '')) {
    return [];
  }
  const syntax = inspectSyntax(handlerModule, target);
  if (syntax.length > 0) {
    return syntax;
  }
  const isKnown = !target.hasLayers && !target.environment.NODE_PATH && !loaded.some((each) => each.changesResolution);
  const imports = isKnown ? loaded : [];
  return [
    ...inspectHandler(handlerModule, target),
    ...(await inspectImports(files, imports, target)),
    ...(await inspectPlatformPackages(files, imports, target)),
  ];
}

/** Finds `import` and `export` in a file that the runtime loads as CommonJS. */
function inspectSyntax({ file, kind, hasDeclarations }: LoadedModule, { runtime }: Target): Finding[] {
  const isCommonJs = kind === 'commonjs' || (kind === 'undeclared' && WITHOUT_DETECTION.includes(runtime));
  if (!hasDeclarations || !isCommonJs) {
    return [];
  }
  return [
    {
      file,
      found: 'is written as an ES module (import, export)',
      allowed: `${runtime} loads it as CommonJS`,
      remedy: 'pack a package.json with "type": "module" beside it, name it .mjs, or compile it to CommonJS',
      certain: true,
    },
  ];
}

function inspectHandler(module: LoadedModule, { handler }: Target): Finding[] {
  const name = handler.slice(handler.lastIndexOf('/') + 1).split('.')[1];
  // In an ES module, exports is a variable like any other.
  const exports = isEsModule(module) && !module.hasDeclarations ? new Set<string>() : module.exports;
  if (module.exportsMore || exports.has(name)) {
    return [];
  }
  const others = [...exports].filter((each) => each !== '__esModule').slice(0, 5);
  const form = isEsModule(module) ? `export const ${name} = …` : `exports.${name} = …`;
  return [
    {
      file: module.file,
      found: `exports no ${name}${others.length > 0 ? ` (it exports ${others.join(', ')})` : ''}`,
      allowed: `the handler is ${handler}`,
      remedy: `correct the handler of the function, or export it (${form})`,
      certain: true,
    },
  ];
}

async function inspectImports(
  files: PackageFiles,
  loaded: readonly LoadedModule[],
  target: Target,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const module of loaded.filter(({ complete }) => complete)) {
    for (const each of module.imports) {
      const problem = await problemOfImport(files, module, each, target);
      if (problem) {
        const found = `imports ${each.specifier} (line ${each.line})`;
        findings.push({ file: module.file, found, ...problem, certain: true });
      }
    }
  }
  return findings;
}

async function problemOfImport(
  files: PackageFiles,
  module: LoadedModule,
  { specifier }: JavaScriptImport,
  { runtime }: Target,
): Promise<Pick<Finding, 'allowed' | 'remedy'> | undefined> {
  if (/^[#/]|^[a-z+]+:|[?%]/.test(specifier) || isBuiltin(specifier)) {
    return undefined; // of Node.js, by an address, or by a rule of package.json
  }
  if (specifier.startsWith('.')) {
    return findRelative(files, module, specifier) || leadsOut(module.file, specifier)
      ? undefined
      : {
          allowed: 'the package does not contain it',
          remedy: isEsModule(module)
            ? 'pack the file, and import it with its ending: Node.js adds none in an ES module'
            : 'pack the file, or correct the import',
        };
  }
  const name = packageNameOf(specifier);
  const isProvided = WITH_SDK_2.includes(runtime) ? name === 'aws-sdk' : RUNTIME.test(name);
  if (
    isProvided ||
    findInstalled(files, module.file, name) !== undefined ||
    (await nearestNodePackage(files, module.file))?.name === name
  ) {
    return undefined;
  }
  return {
    allowed: `the package does not contain it, and ${runtime} does not bring it`,
    remedy:
      name === 'aws-sdk'
        ? 'use version 3 (@aws-sdk/client-…), or add aws-sdk to dependencies in package.json'
        : 'add it to dependencies in package.json, and install it into the folder that is packed',
  };
}

function leadsOut(file: string, specifier: string): boolean {
  return path.posix.join(path.posix.dirname(file), specifier).startsWith('..');
}

/**
 * Finds packages whose part for the function's platform is missing. npm installs such parts (`@img/sharp-linux-x64`)
 * for the machine that it runs on, and the package fails without its part when it is imported.
 */
async function inspectPlatformPackages(
  files: PackageFiles,
  loaded: readonly LoadedModule[],
  { machine }: Target,
): Promise<Finding[]> {
  const names = new Set(loaded.flatMap(({ imports }) => imports.map(({ specifier }) => packageNameOf(specifier))));
  const findings: Finding[] = [];
  for (const name of names) {
    const manifest = `node_modules/${name}/package.json`;
    const parts = Object.keys((await readNodePackage(files, manifest)).optionalDependencies ?? {});
    const present = parts.filter((part) => findInstalled(files, manifest, part) !== undefined);
    const isFor = (part: string, words: readonly string[]) => part.split(/[-/]/).some((word) => words.includes(word));
    const fitting = parts.filter(
      (part) => isFor(part, ['linux']) && isFor(part, machine.names) && !/musl|wasm/.test(part),
    );
    const others = present.filter(
      (part) => MACHINES.some((each) => isFor(part, each.names)) && !fitting.includes(part) && hasAddon(files, part),
    );
    const hasSubstitute = present.some((part) => /wasm/.test(part) || fitting.includes(part));
    if (fitting.length > 0 && others.length > 0 && !hasSubstitute) {
      findings.push({
        file: `node_modules/${name}`,
        found: `has its part for another platform only (${others.join(', ')})`,
        allowed: `the function needs ${fitting.slice(0, 3).join(', ')}`,
        remedy: `install it with npm install --os=linux --cpu=${machine.names.includes('x64') ? 'x64' : 'arm64'}`,
        certain: true,
      });
    }
  }
  return findings;
}

/** A package loads an addon when it is imported, and starts a program only when it needs it. */
function hasAddon({ names }: PackageFiles, part: string): boolean {
  return names.some((name) => name.startsWith(`node_modules/${part}/`) && name.endsWith('.node'));
}
