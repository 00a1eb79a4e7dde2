import type { SyntaxNode } from '@lezer/common';
import { NodePackage, readNodePackage } from './node-package';
import { PackageFiles } from './package-files';
import { javascriptParser } from './parsers';

/** A package below `node_modules`. */
const OWNER = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+)\/)/;
const MANIFEST = /(^|\/node_modules\/(@[^/]+\/)?[^/]+\/|^node_modules\/(@[^/]+\/)?[^/]+\/)package\.json$/;
/** How a package loads its native part. */
const LOADER = /bindings|node-gyp-build|node-pre-gyp|\.node\b|prebuild/;

/** Finds out whether the packages below `node_modules` work without their native part, as many do. */
export class NodeAddons {
  private manifests?: Promise<NodePackage[]>;
  private readonly known = new Map<string, Promise<boolean>>();

  constructor(private readonly files: PackageFiles) {}

  /** Whether the package that contains the file is needed, and can't do without its native part. */
  public async isNeeded(file: string): Promise<boolean> {
    const [, folder, name] = OWNER.exec(file)!;
    if (!this.known.has(folder)) {
      this.known.set(folder, this.decide(folder, name));
    }
    return this.known.get(folder)!;
  }

  private async decide(folder: string, name: string): Promise<boolean> {
    return !(await this.isOptional(name)) && !(await this.hasSubstitute(folder));
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
