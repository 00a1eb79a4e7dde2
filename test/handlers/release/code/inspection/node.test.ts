import { Contents, inspect } from './package-of';

const NODE = { Runtime: 'nodejs22.x', Handler: 'index.handler' };
const HANDLER = 'exports.handler = async () => {};\n';
const app = (text: string, files: Contents = {}): Contents => ({ 'index.js': text, ...files });

test.each([
  ['module-alias', "require('module-alias/register');"],
  ['a hook', "const Module = require('module');\nModule._resolveFilename = find;"],
  ["Yarn's Plug'n'Play", "require('./.pnp.cjs').setup();"],
])('does not look for modules when %s changes where Node.js finds them', async (_, text) => {
  const files = { '.pnp.cjs': '', 'node_modules/module-alias/register.js': '' };
  expect(await inspect(app(`${text}\nrequire('@models/stock');\n${HANDLER}`, files), NODE)).toEqual([]);
});

describe('finds the handler in', () => {
  test.each([
    ['exports', HANDLER],
    ['module.exports', 'module.exports.handler = async () => {};'],
    ['exports by a text', 'exports["handler"] = async () => {};'],
    ['an object', 'async function handler() {}\nmodule.exports = { handler };'],
    ['an object with a value', 'module.exports = { "handler": async () => {} };'],
    ['an object with a method', 'module.exports = { async handler() {} };'],
    ['an object with a spread', 'module.exports = { ...require("./lib") };'],
    ['a chain', 'exports = module.exports = { handler: 1 };'],
    ['a property with a getter', 'Object.defineProperty(exports, "handler", { enumerable: true, get: () => 1 });'],
    [
      'what TypeScript writes',
      '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.handler = void 0;\nconst handler = async () => {};\nexports.handler = handler;',
    ],
    [
      'what TypeScript writes for export *',
      'var __exportStar = (this && this.__exportStar) || function (m, e) {};\n__exportStar(require("./lib"), exports);',
    ],
    [
      'what esbuild writes',
      'var src_exports = {};\n__export(src_exports, { handler: () => handler });\nmodule.exports = __toCommonJS(src_exports);\nvar handler = async () => {};\n// Annotate the CommonJS export names for ESM import in node:\n0 && (module.exports = {\n  handler\n});',
    ],
    ['what webpack writes', '(() => { var e = {}; module.exports = e; })();'],
    ['the exports of another module', 'module.exports = require("./lib");'],
    ['a variable with the exports', 'const e = exports;\ne.handler = 1;'],
    ['an assignment to all of them', 'Object.assign(module.exports, { handler: 1 });'],
    ['exports by a computed name', 'exports[name] = 1;'],
    ['a function', 'function make() { exports.handler = 1; }\nmake();'],
    ['this', 'this.handler = async () => {};'],
    ['text that is not understood', 'exports.main = (;'],
  ])('%s', async (_, text) => {
    expect(await inspect(app(text, { 'lib.js': '' }), NODE)).toEqual([]);
  });

  test.each([
    ['export const', 'export const handler = async () => {};'],
    ['export function', 'export async function handler() {}'],
    ['export class', 'export class handler {}'],
    ['export with a pattern', 'export const { other, handler } = make();'],
    ['a list', 'const handler = 1;\nexport { handler };'],
    ['a list with another name', 'const main = 1;\nexport { main as handler };'],
    ['a list of another module', 'export { handler } from "./lib.mjs";'],
    ['all exports of another module', 'export * from "./lib.mjs";'],
    ['a namespace', 'export * as handler from "./lib.mjs";'],
  ])('%s', async (_, text) => {
    expect(await inspect({ 'index.mjs': text, 'lib.mjs': '' }, NODE)).toEqual([]);
  });

  test('the default export', async () => {
    const contents = { 'index.mjs': 'export default async () => {};' };
    expect(await inspect(contents, { ...NODE, Handler: 'index.default' })).toEqual([]);
    expect(await inspect(contents, NODE)).toContain('index.mjs exports no handler (it exports default)');
  });
});

describe('refuses a package whose module', () => {
  test.each([
    [
      'exports another name',
      'exports.main = 1;',
      'index.js exports no handler (it exports main), but the handler is index.handler',
    ],
    ['exports nothing', 'async function handler() {}', 'index.js exports no handler, but'],
    ['exports another object', 'module.exports = { main };', 'exports no handler (it exports main)'],
    ['has the name in a comment', '// exports.handler = 1\nexports.main = 1;', 'exports no handler'],
    ['compares itself only', 'if (require.main === module) main();\nexports.main = main;', 'exports no handler'],
    [
      'is a bundle of esbuild without the name',
      'module.exports = __toCommonJS(src_exports);\n0 && (module.exports = {\n  main,\n  other\n});',
      'exports no handler (it exports main, other)',
    ],
  ])('%s', async (_, text, message) => {
    expect(await inspect(app(text), NODE)).toContain(message);
  });

  test('is an ES module that assigns to exports', async () => {
    const contents = app(HANDLER, { 'package.json': '{"type": "module"}' });
    expect(await inspect(contents, NODE)).toContain(
      'index.js exports no handler, but the handler is index.handler: ' +
        'correct the handler of the function, or export it (export const handler = …).',
    );
  });

  test.each([
    ['nodejs18.x', {}],
    ['nodejs22.x', {}],
    ['nodejs22.x', { 'package.json': '{"name": "x"}' }],
    ['nodejs24.x', { 'package.json': '{"type": "commonjs"}' }],
  ])('has export, and %s loads it as CommonJS with %j', async (Runtime, files) => {
    expect(await inspect(app('export const handler = 1;', files), { ...NODE, Runtime })).toContain(
      `index.js is written as an ES module (import, export), but ${Runtime} loads it as CommonJS: ` +
        'pack a package.json with "type": "module" beside it, name it .mjs, or compile it to CommonJS.',
    );
  });
});

describe('accepts an ES module', () => {
  const MODULE = 'export const handler = 1;';
  test.each<[string, Contents, object]>([
    [
      'that package.json declares',
      { 'src/index.js': MODULE, 'package.json': '{"type": "module"}' },
      { Handler: 'src/index.handler' },
    ],
    ['on a runtime that looks at its content', app(MODULE), { Runtime: 'nodejs24.x' }],
    [
      'when an option turns that on',
      app(MODULE),
      { Environment: { Variables: { NODE_OPTIONS: '--experimental-detect-module' } } },
    ],
    ['with the ending .mjs', { 'index.mjs': MODULE }, {}],
  ])('%s', async (_, contents, configuration) => {
    expect(await inspect(contents, { ...NODE, ...configuration })).toEqual([]);
  });
});

describe('refuses a package without a module that is loaded:', () => {
  test.each<[string, Contents, string]>([
    ['by require', app(`const axios = require('axios');\n${HANDLER}`), 'index.js imports axios (line 1)'],
    [
      'by what TypeScript writes',
      app(`const axios_1 = __importDefault(require("axios"));\n${HANDLER}`),
      'imports axios',
    ],
    ['by what esbuild writes', app(`var import_axios = __toESM(require("axios"), 1);\n${HANDLER}`), 'imports axios'],
    ['by a call', app(`require('dotenv').config();\n${HANDLER}`), 'imports dotenv'],
    ['by import', { 'index.mjs': 'import axios from "axios";\nexport const handler = 1;' }, 'imports axios'],
    ['by an export', { 'index.mjs': 'export { handler } from "@acme/lib/main";' }, 'imports @acme/lib/main'],
    [
      "by the user's own module",
      app(`require('./lib');\n${HANDLER}`, { 'lib/index.js': "require('axios')" }),
      'lib/index.js imports axios',
    ],
  ])('%s', async (_, contents, message) => {
    const text = await inspect(contents, NODE);
    expect(text).toContain(message);
    expect(text).toContain(
      'but the package does not contain it, and nodejs22.x does not bring it: add it to dependencies',
    );
  });

  test('version 2 of the AWS SDK', async () => {
    expect(await inspect(app(`const AWS = require('aws-sdk');\n${HANDLER}`), NODE)).toContain(
      'index.js imports aws-sdk (line 1), but the package does not contain it, and nodejs22.x does not bring it: ' +
        'use version 3 (@aws-sdk/client-…)',
    );
  });

  test.each<[string, Contents, string]>([
    [
      'a file',
      app(`require('./lib');\n${HANDLER}`),
      'but the package does not contain it: pack the file, or correct the import',
    ],
    [
      'an ES module without its ending',
      { 'index.mjs': 'import "./lib";\nexport const handler = 1;', 'lib.mjs': '' },
      'import it with its ending',
    ],
  ])('%s', async (_, contents, message) => {
    expect(await inspect(contents, NODE)).toContain(message);
  });
});

describe('accepts an import', () => {
  const axios = `const axios = require('axios');\n${HANDLER}`;
  test.each<[string, Contents, object]>([
    ['of Node.js', app(`require('fs'); require('node:path'); require('fs/promises');\n${HANDLER}`), {}],
    ['of version 3 of the AWS SDK', app(`require('@aws-sdk/client-s3');\n${HANDLER}`), {}],
    ['of an installed package', app(axios, { 'node_modules/axios/index.js': '' }), {}],
    [
      'of a package that is installed around it',
      { 'src/index.js': axios, 'node_modules/axios/index.js': '' },
      { Handler: 'src/index.handler' },
    ],
    [
      'of a file without its ending',
      app(`require('./lib'); require('./data');\n${HANDLER}`, { 'lib.js': '', 'data.json': '' }),
      {},
    ],
    ['of a folder', app(`require('./lib/');\n${HANDLER}`, { 'lib/package.json': '' }), {}],
    ['in a try', app(`try { require('axios'); } catch {}\n${HANDLER}`), {}],
    ['in a function', app("exports.handler = async () => { require('axios'); };"), {}],
    ['in an arrow function', app(`const lazy = () => require('axios');\n${HANDLER}`), {}],
    ['under a condition', app(`const a = process.env.A && require('axios');\n${HANDLER}`), {}],
    ['by a name that is computed', app(`const a = require('ax' + 'ios');\n${HANDLER}`), {}],
    ['by another require', app(`const require = createRequire();\n${axios}`), {}],
    ['in a comment', app(`/*\nconst axios = require('axios');\n*/\n${HANDLER}`), {}],
    ['in a text', app(`const text = \`\nconst axios = require('axios');\n\`;\n${HANDLER}`), {}],
    ['that runs later', { 'index.mjs': 'export const handler = () => import("axios");' }, {}],
    ['of the own package', app(`require('acme/lib');\n${HANDLER}`, { 'package.json': '{"name": "acme"}' }), {}],
    ['by a rule of package.json', { 'index.mjs': 'import "#lib";\nexport const handler = 1;' }, {}],
    ['that a layer may have', app(axios), { Layers: ['arn:layer'] }],
    ['from another place', app(axios), { Environment: { Variables: { NODE_PATH: '/mnt/lib' } } }],
    ['that an option changes', app(axios), { Environment: { Variables: { NODE_OPTIONS: '--require /opt/wrap.js' } } }],
  ])('%s', async (_, contents, configuration) => {
    expect(await inspect(contents, { ...NODE, ...configuration })).toEqual([]);
  });
});

describe('refuses a package with a part for another platform only', () => {
  const sharp = {
    'node_modules/sharp/package.json': JSON.stringify({
      optionalDependencies: {
        '@img/sharp-darwin-arm64': '1',
        '@img/sharp-linux-arm64': '1',
        '@img/sharp-linux-x64': '1',
        '@img/sharp-linuxmusl-x64': '1',
      },
    }),
  };
  const arm = { 'node_modules/@img/sharp-linux-arm64/sharp.node': 'an addon' };
  const program = { 'node_modules/@img/sharp-linux-arm64/bin/sharp': 'a program' };
  const IMPORT = `const sharp = require('sharp');\n${HANDLER}`;

  test('of a package that the handler imports', async () => {
    expect(await inspect(app(IMPORT, { ...sharp, ...arm }), NODE)).toContain(
      'node_modules/sharp has its part for another platform only (@img/sharp-linux-arm64), ' +
        'but the function needs @img/sharp-linux-x64: install it with npm install --os=linux --cpu=x64.',
    );
  });

  test.each<[string, Contents, object]>([
    [
      'but not if the package has the right part too',
      app(IMPORT, { ...sharp, ...arm, 'node_modules/@img/sharp-linux-x64/package.json': '{}' }),
      {},
    ],
    [
      'nor if the part is a program, which the package starts only when it needs it',
      app(IMPORT, { ...sharp, ...program }),
      {},
    ],
    ['nor if the handler does not import the package', app(HANDLER, { ...sharp, ...arm }), {}],
    ['nor for the architecture of the part', app(IMPORT, { ...sharp, ...arm }), { Architectures: ['arm64'] }],
  ])('%s', async (_, contents, configuration) => {
    expect(await inspect(contents, { ...NODE, ...configuration })).toEqual([]);
  });
});

test('looks into a module of at most 2 MB', async () => {
  expect(await inspect(app(`exports.main = 1; // ${'x'.repeat(2 * 1024 * 1024)}`), NODE)).toEqual([]);
});

test('says nothing when two files may contain the handler', async () => {
  expect(await inspect({ 'index.js': 'exports.main = 1;', 'index.mjs': 'export const handler = 1;' }, NODE)).toEqual(
    [],
  );
});
