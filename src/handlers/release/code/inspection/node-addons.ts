import type { SyntaxNode } from '@lezer/common';
import { findInstalled, findRelative, LoadedModule, loadModules, packageNameOf } from './node-modules';
import { NodePackage, readNodePackage } from './node-package';
import { PackageFiles } from './package-files';
import { javascriptParser } from './parsers';

/** A package below `node_modules`. */
const OWNER = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+)\/)/;
const MANIFEST = /(^|\/node_modules\/(@[^/]+\/)?[^/]+\/|^node_modules\/(@[^/]+\/)?[^/]+\/)package\.json$/;
/** How a package loads its native part. */
const LOADER = /bindings|node-gyp-build|node-pre-gyp|\.node\b|prebuild/;

/** Finds out which addons the handler needs: many packages work without their native part. */
export class NodeAddons {
  private manifests?: Promise<NodePackage[]>;
  private loaded?: Promise<LoadedModule[]>;
  private reached?: Promise<ReadonlySet<string>>;
  private readonly known = new Map<string, Promise<boolean>>();

  constructor(
    private readonly files: PackageFiles,
    private readonly handlerFile: string | undefined,
  ) {}

  /** Whether the handler certainly loads the file, or the package below `node_modules` that contains it. */
  public async isNeeded(file: string): Promise<boolean> {
    const [, folder, name] = OWNER.exec(file) ?? [];
    if (folder === undefined) {
      return (await this.readModules()).some((module) =>
        module.imports.some(({ specifier }) => findRelative(this.files, module, specifier) === file),
      );
    }
    if (!this.known.has(folder)) {
      this.known.set(folder, this.decide(folder, name));
    }
    return this.known.get(folder)!;
  }

  private async decide(folder: string, name: string): Promise<boolean> {
    this.reached ??= this.reach();
    return (await this.reached).has(folder) && !(await this.isOptional(name)) && !(await this.hasSubstitute(folder));
  }

  private async readModules(): Promise<LoadedModule[]> {
    this.loaded ??= this.handlerFile === undefined ? Promise.resolve([]) : loadModules(this.files, this.handlerFile);
    return this.loaded;
  }

  /** The folders of the packages that the handler imports, and of their dependencies. */
  private async reach(): Promise<ReadonlySet<string>> {
    const folders = new Set<string>();
    const waiting = (await this.readModules()).flatMap((module) =>
      module.imports.map(({ specifier }) => ({ file: module.file, name: packageNameOf(specifier) })),
    );
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const folder = `${findInstalled(this.files, next.file, next.name)}/`;
      if (!folders.has(folder)) {
        folders.add(folder);
        const file = `${folder}package.json`;
        const { dependencies = {} } = await readNodePackage(this.files, file);
        waiting.push(...Object.keys(dependencies).map((name) => ({ file, name })));
      }
    }
    return folders;
  }

  /** Whether other packages name it as optional only. */
  private async isOptional(name: string): Promise<boolean> {
    this.manifests ??= this.readManifests();
    const manifests = await this.manifests;
    const optional = manifests.some(
      ({ optionalDependencies, peerDependenciesMeta }) =>
        optionalDependencies?.[name] !== undefined || peerDependenciesMeta?.[name]?.optional === true,
    );
    return optional && !manifests.some(({ dependencies }) => dependencies?.[name] !== undefined);
  }

  private async readManifests(): Promise<NodePackage[]> {
    const manifests: NodePackage[] = [];
    for (const name of this.files.names.filter((file) => MANIFEST.test(file))) {
      manifests.push(await readNodePackage(this.files, name));
    }
    return manifests;
  }

  /** Whether a module of the package loads the native part in a `try`, and does not fail without it. */
  private async hasSubstitute(folder: string): Promise<boolean> {
    const modules = this.files.names.filter(
      (file) =>
        file.startsWith(folder) && /\.[cm]?js$/.test(file) && !file.slice(folder.length).includes('node_modules/'),
    );
    for (const module of modules) {
      const text = await this.files.readSource(module);
      if (text && LOADER.test(text) && catchesLoader(text)) {
        return true;
      }
    }
    return false;
  }
}

function catchesLoader(text: string): boolean {
  let found = false;
  javascriptParser()
    .parse(text)
    .iterate({
      enter: ({ name, node }) => {
        found ||= name === 'TryStatement' && isGuard(node, text);
      },
    });
  return found;
}

function isGuard(node: SyntaxNode, text: string): boolean {
  const [body, handler] = [node.getChild('Block'), node.getChild('CatchClause')?.getChild('Block')];
  if (!body || !handler) {
    return false;
  }
  return LOADER.test(text.slice(body.from, body.to)) && !handler.getChild('ThrowStatement');
}
