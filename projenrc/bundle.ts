import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { cyclonedxEsbuildPlugin } from '@cyclonedx/cyclonedx-esbuild';
import * as esbuild from 'esbuild';
import { bundledPackages, DATA, licenses } from './licenses';
import { packRecipes } from './recipes';

/*
 * Bundles the release function and the command, each with the npm packages that it uses. So users install and bundle
 * nothing, and the release function runs with the SDK that it was tested with. The licenses and the software bill of
 * materials (CycloneDX) say what is bundled.
 */

const ROOT = path.join(__dirname, '..');

/** Reduces the source map to a third: of the files of npm packages it has the names, and not every position. */
const coarseMapsOfPackages: esbuild.Plugin = {
  name: 'coarse-maps-of-packages',
  setup: (build) =>
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path: file }) => {
      const map = JSON.stringify({ version: 3, sources: [path.basename(file)], mappings: 'AAAA' });
      const url = `data:application/json;base64,${Buffer.from(map).toString('base64')}`;
      return { contents: `${readFileSync(file, 'utf8')}\n//# sourceMappingURL=${url}`, loader: 'default' };
    }),
};

/** Writes the bundles into a folder. The same sources give the same bytes, wherever the repository is. */
export async function bundle(outdir: string): Promise<void> {
  const { metafile } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: { 'release/index': 'src/handlers/release/release.lambda.ts', 'cli/index': 'rehearsal/command/cli.ts' },
    outdir,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'], // the SDK's ES modules, from which esbuild drops unused code
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none', // they are in THIRD-PARTY-LICENSES
    logLevel: 'warning',
    alias: { '@aws-sdk/credential-provider-node': './src/handlers/release/aws/lambda-credentials.ts' },
    plugins: [
      coarseMapsOfPackages,
      cyclonedxEsbuildPlugin({
        outputFile: 'sbom.cdx.json',
        outputReproducible: true,
        validate: true,
        logLevel: 'silent', // an invalid bill still fails the build
      }),
    ],
  });
  writeFileSync(path.join(outdir, 'THIRD-PARTY-LICENSES'), licenses([...bundledPackages(metafile, ROOT), ...DATA]));
  // The command runs the bootstraps as they are, and the packages of other languages run the command as it is
  cpSync(path.join(ROOT, 'rehearsal/function/bootstrap'), path.join(outdir, 'cli/bootstrap'), { recursive: true });
  packRecipes(outdir);
  chmodSync(path.join(outdir, 'cli/index.js'), 0o755);
}

async function main(): Promise<void> {
  const outdir = path.join(ROOT, 'assets');
  rmSync(outdir, { recursive: true, force: true }); // files of an older build must not get into the package
  await bundle(outdir);
}

if (require.main === module) {
  void main();
}
