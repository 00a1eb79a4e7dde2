import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { type BundledPackage, bundledPackages, licenses } from './licenses';

/*
 * Writes the two bundles of the package, the command and the release function with its SDK clients, into one file with a NUL between them;
 * and the licenses of what is in them.
 * The package may have 250 kB, so terser goes over what esbuild leaves of the SDK: a third.
 */

/**
 * Each SDK client registers a class for every error of its service, a thousand in all. An error without a class keeps its name, its message
 * and its metadata, and the release function looks at nothing else.
 */
const withoutErrorClasses: esbuild.Plugin = {
  name: 'without-error-classes',
  setup(build) {
    build.onLoad({ filter: /client-[a-z0-9]+\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^(?!.*ServiceException).*\.registerError\(.*\);$/gm, ''),
    }));
  },
};

interface Bundle {
  readonly code: string;
  readonly packages: BundledPackage[];
}

async function bundle(entryPoint: string, options: esbuild.BuildOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [entryPoint],
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    platform: 'node',
    mainFields: ['module', 'main'], // the SDK's ES modules, from which unused code can be dropped
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  });
  const { minify } = await import('terser'); // an ES module
  const { code } = await minify(outputFiles![0].text, {
    module: true,
    mangle: true,
    compress: { passes: 3, ecma: 2020, module: true, pure_getters: true },
  });
  return { code: code!, packages: bundledPackages(metafile!) };
}

function write(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Unpacks the command and runs it, as if it had been in the file all the time. */
const START = `#!/usr/bin/env node
const { readFileSync } = require('fs');
const { join } = require('path');
const { brotliDecompressSync } = require('zlib');
const bundles = brotliDecompressSync(readFileSync(join(__dirname, '../bundles.br'))).toString();
module._compile(bundles.slice(0, bundles.indexOf('\\0')), __filename);
`;

async function main(): Promise<void> {
  const release = await bundle('src/handlers/release/release.lambda.ts', {
    target: 'node24',
    plugins: [withoutErrorClasses],
    alias: {
      '@aws-sdk/credential-provider-node': './src/handlers/release/aws/lambda-credentials.ts',
      '@aws-sdk/client-s3': './src/handlers/release/aws/s3-client.ts',
    },
  });
  const command = await bundle('rehearsal/command/cli.ts', { target: 'node20' });
  rmSync('assets', { recursive: true, force: true }); // nothing of an older build goes into the package
  // The largest part of the package. npm compresses worse, and two files would not share what the bundles have in common.
  write('assets/bundles.br', brotliCompressSync([command.code, release.code].join('\0')));
  write('assets/cli/index.js', START);
  cpSync('rehearsal/function/bootstrap', 'assets/cli/bootstrap', { recursive: true }); // the command runs them as they are
  write('assets/THIRD-PARTY-LICENSES', licenses([...release.packages, ...command.packages]));
  chmodSync('assets/cli/index.js', 0o755); // the packages of other languages run it as it is
}

void main();
