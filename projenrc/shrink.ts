import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as esbuild from 'esbuild';

/*
 * Makes one file of what jsii has compiled to forty: an app loads the library as fast as the CDK's own modules, and the package stays below
 * 250 kB. What is documented stays in the declarations.
 */

/**
 * TypeScript copies the names of each module that is imported as a whole, hundreds for a module of the CDK, once in every file. Nothing here
 * needs the copy: names are read from the module itself.
 */
const withoutCopies: esbuild.Plugin = {
  name: 'without-copies',
  setup(build) {
    build.onLoad({ filter: /[\\/]lib[\\/].*\.js$/ }, ({ path: file }) =>
      file.includes('node_modules')
        ? undefined
        : {
            contents: readFileSync(file, 'utf8').replace(/__importStar\((require\("[^"]+"\))\)/g, '$1'),
          },
    );
  },
};

/** Each name is written out: where an app imports it as an ES module, Node reads the names from the text. */
function library(names: string[]): string {
  return [
    "const library = require('./lib/index.js');",
    ...names.map((name) => `exports.${name} = library.${name};`),
    "Object.defineProperty(exports, '_plainTemplate', { get: () => require('./lib/plain-template.js').plainTemplate });",
  ].join('\n');
}

/** The command of the package asks for this file; what it needs is in the library. */
const PLAIN_TEMPLATE = "exports.plainTemplate = require('./index.js')._plainTemplate;\n";

async function main(): Promise<void> {
  if (!existsSync('lib/approval.js')) {
    throw new Error('lib/ holds no compiled library: run npx projen compile first');
  }
  const names = Object.keys(await import(path.resolve('lib/index.js'))).filter(
    (name) => name !== 'default' && name !== 'module.exports',
  );
  const { outputFiles } = await esbuild.build({
    stdin: { contents: library(names), resolveDir: '.' },
    write: false,
    bundle: true,
    minifyWhitespace: true,
    platform: 'node',
    target: 'node20',
    external: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'],
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [withoutCopies],
  });
  const { minify } = await import('terser'); // an ES module
  const [{ text }] = outputFiles;
  const { code } = await minify(text, {
    compress: false,
    mangle: { reserved: text.match(/\b_?[A-Z]\w*/g) ?? [] }, // variables and parameters get short names, and classes keep theirs
    keep_fnames: true,
    format: { max_line_len: 160 }, // Node prints the line that throws, and it should fit on a screen
  });
  writeFileSync('lib/index.js', code!);
  writeFileSync('lib/plain-template.js', PLAIN_TEMPLATE);
}

void main();
