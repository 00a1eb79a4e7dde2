import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname } from 'path';
import { build, BuildOptions, Plugin } from 'esbuild';

/*
 * Writes the two bundles of the package: the release function with its SDK clients, and the command. The package may have 250 kB, so terser
 * goes over what esbuild leaves of the SDK: a third.
 */

/**
 * Each SDK client registers a class for every error of its service, a thousand in all. An error without a class keeps its name, its message
 * and its metadata, and the release function looks at nothing else.
 */
const withoutErrorClasses: Plugin = {
  name: 'without-error-classes',
  setup(bundle) {
    bundle.onLoad({ filter: /client-[a-z0-9]+\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^(?!.*ServiceException).*\.registerError\(.*\);$/gm, ''),
    }));
  },
};

async function bundle(entryPoint: string, outfile: string, options: BuildOptions): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    mainFields: ['module', 'main'], // the SDK's ES modules, from which unused code can be dropped
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  });
  const { minify } = await import('terser'); // an ES module
  const { code } = await minify(outputFiles![0].text, {
    module: true, mangle: true, compress: { passes: 3, ecma: 2020, module: true, pure_getters: true },
  });
  mkdirSync(dirname(outfile), { recursive: true });
  writeFileSync(outfile, code!);
}

async function main(): Promise<void> {
  await bundle('src/handlers/release/release.lambda.ts', 'assets/handlers/release/index.js', {
    target: 'node24',
    plugins: [withoutErrorClasses],
    alias: {
      '@aws-sdk/credential-provider-node': './src/handlers/release/lambda-credentials.ts',
      '@aws-sdk/client-s3': './src/handlers/release/s3-client.ts',
    },
  });
  await bundle('rehearsal/cli.ts', 'assets/cli/index.js', { target: 'node20', banner: { js: '#!/usr/bin/env node' } });
}

void main();
