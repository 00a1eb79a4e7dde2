import { Case, NodePlatform } from './case';

const on = (Runtime: string, Handler = 'index.handler', more: object = {}) => ({ Runtime, Handler, ...more });
const ALL: readonly NodePlatform[] = [
  { cpu: 'arm64', libc: 'glibc' },
  { cpu: 'x64', libc: 'musl' },
  { cpu: 'x64', libc: 'glibc' },
];

const commonJs = (...lines: string[]) => ({
  'index.js': [...lines, 'exports.handler = async () => ({ statusCode: 200 });', ''].join('\n'),
});
const esModule = (...lines: string[]) => ({
  'index.mjs': [...lines, 'export const handler = async () => ({ statusCode: 200 });', ''].join('\n'),
});
const esbuild = (options: string) => [
  `npx --yes esbuild@0.25.12 source.ts --bundle --platform=node ${options}`,
  'rm -rf source.ts node_modules package.json package-lock.json',
];
const SOURCE =
  "import { S3Client } from '@aws-sdk/client-s3';\nimport { z } from 'zod';\nimport axios from 'axios';\n" +
  'const client = new S3Client({});\n' +
  'export const handler = async () => ({ client, z, axios });\n';

const WORKING: readonly Case[] = [
  { name: 'sharp', function: on('nodejs22.x'), npm: ['sharp'], files: commonJs("const sharp = require('sharp');") },
  {
    name: 'sharp for all platforms',
    function: on('nodejs20.x'),
    npm: [
      'sharp',
      '@img/sharp-linux-x64',
      '@img/sharp-linux-arm64',
      '@img/sharp-linuxmusl-x64',
      '@img/sharp-darwin-arm64',
    ],
    npmFor: ALL,
    files: commonJs("const sharp = require('sharp');"),
  },
  {
    name: 'canvas',
    function: on('nodejs22.x'),
    npm: ['@napi-rs/canvas'],
    files: esModule("import '@napi-rs/canvas';"),
  },
  {
    name: 'addons with prebuilds for all platforms',
    function: on('nodejs22.x', 'index.handler', { Architectures: ['arm64'] }),
    npm: ['bcrypt', 'argon2', 'utf-8-validate', 'bufferutil', 'msgpackr'],
    files: commonJs("require('bcrypt'); require('argon2');", "const { pack } = require('msgpackr');"),
  },
  {
    name: 'esbuild, a bundle in CommonJS',
    function: on('nodejs20.x'),
    npm: ['@aws-sdk/client-s3', 'zod', 'axios'],
    files: { 'source.ts': SOURCE },
    commands: esbuild('--minify --outfile=index.js'),
  },
  {
    name: 'esbuild, a bundle as an ES module',
    function: on('nodejs22.x'),
    npm: ['@aws-sdk/client-s3', 'zod', 'axios'],
    files: { 'source.ts': SOURCE },
    commands: esbuild(
      '--format=esm --outfile=index.mjs --external:@aws-sdk/* --external:@smithy/* ' +
        '--banner:js="import { createRequire } from \'module\';const require = createRequire(import.meta.url);"',
    ),
  },
  {
    name: 'TypeScript, compiled to CommonJS',
    function: on('nodejs22.x', 'dist/index.handler'),
    npm: ['axios'],
    files: {
      'dist/index.js':
        '"use strict";\nvar __createBinding = (this && this.__createBinding) || (function () {})();\n' +
        'Object.defineProperty(exports, "__esModule", { value: true });\nexports.handler = void 0;\n' +
        'const axios_1 = require("axios");\nconst stock_1 = require("./stock");\n' +
        'const handler = async () => (0, stock_1.stock)(axios_1);\nexports.handler = handler;\n',
      'dist/stock.js': '"use strict";\nexports.stock = () => 1;\n',
    },
  },
  {
    name: 'TypeScript with tslib and a star export',
    function: on('nodejs20.x'),
    npm: ['tslib'],
    files: {
      'index.js':
        '"use strict";\nconst tslib_1 = require("tslib");\ntslib_1.__exportStar(require("./app"), exports);\n',
      'app.js': 'exports.handler = async () => 1;\n',
    },
  },
  {
    name: 'ES modules with a type',
    function: on('nodejs22.x', 'src/index.handler'),
    npm: ['@middy/core', '@middy/http-json-body-parser'],
    files: {
      'package.json': '{ "type": "module", "imports": { "#lib/*": "./lib/*.js" } }',
      'src/index.js':
        "import middy from '@middy/core';\nimport json from '@middy/http-json-body-parser';\n" +
        "import { work } from '#lib/work';\nimport data from './data.json' with { type: 'json' };\n" +
        'export const handler = middy().use(json()).handler(async () => work(data));\n',
      'src/data.json': '{}',
      'lib/work.js': "import { readFile } from 'node:fs/promises';\nexport const work = () => readFile;\n",
    },
  },
  {
    name: 'the syntax of an undeclared ES module, which Node.js 24 detects',
    function: on('nodejs24.x'),
    files: { 'index.js': 'export const handler = async () => 1;\n' },
  },
  {
    name: 'powertools',
    function: on('nodejs22.x'),
    npm: ['@aws-lambda-powertools/logger', '@aws-lambda-powertools/tracer', '@aws-lambda-powertools/parameters'],
    files: esModule(
      "import { Logger } from '@aws-lambda-powertools/logger';",
      "import { Tracer } from '@aws-lambda-powertools/tracer';",
      "import { getParameter } from '@aws-lambda-powertools/parameters/ssm';",
      "import { SSMClient } from '@aws-sdk/client-ssm';",
    ),
  },
  {
    name: 'express and serverless-http',
    function: on('nodejs20.x'),
    npm: ['express', 'serverless-http'],
    files: {
      'index.js':
        "const serverless = require('serverless-http');\nconst app = require('express')();\n" +
        "if (process.env.LOCAL) { require('nodemon'); }\nlet morgan; try { morgan = require('morgan'); } catch {}\n" +
        'module.exports.handler = serverless(app);\n',
    },
  },
  {
    name: 'fastify',
    function: on('nodejs22.x', 'index.default'),
    npm: ['fastify', '@fastify/aws-lambda'],
    files: {
      'index.mjs':
        "import lambda from '@fastify/aws-lambda';\nimport fastify from 'fastify';\n" +
        'export default lambda(fastify());\n',
    },
  },
  {
    name: 'nest',
    function: on('nodejs22.x', 'dist/lambda.handler'),
    npm: [
      '@nestjs/core',
      '@nestjs/common',
      '@nestjs/platform-express',
      'reflect-metadata',
      'rxjs',
      '@codegenie/serverless-express',
    ],
    files: {
      'dist/lambda.js':
        '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.handler = void 0;\n' +
        'const core_1 = require("@nestjs/core");\nconst express_1 = require("@codegenie/serverless-express");\n' +
        'const handler = async (event, context) => express_1.default({});\nexports.handler = handler;\n',
    },
  },
  {
    name: 'databases with optional drivers',
    function: on('nodejs20.x'),
    npm: ['pg', 'mysql2', 'mongodb', 'typeorm', 'knex', 'ws', 'ioredis'],
    files: commonJs(
      "const { Client } = require('pg');",
      "require('typeorm');",
      "require('knex')({ client: 'pg' });",
      "require('mongodb');",
    ),
  },
  {
    name: 'the Datadog wrapper as the handler',
    function: on('nodejs22.x', 'node_modules/datadog-lambda-js/dist/handler.handler'),
    npm: ['datadog-lambda-js', 'dd-trace'],
    files: commonJs(),
  },
  {
    name: 'the wrapper of a layer as the handler',
    function: on('nodejs20.x', '/opt/nodejs/node_modules/datadog-lambda-js/handler.handler', {
      Layers: [{ Arn: 'layer' }],
    }),
    files: commonJs("require('axios');"),
  },
  {
    name: 'modules of a layer',
    function: on('nodejs22.x', 'index.handler', { Layers: [{ Arn: 'layer' }] }),
    files: commonJs("require('axios');"),
  },
  {
    name: 'swc and lightningcss',
    function: on('nodejs22.x'),
    npm: ['@swc/core', 'lightningcss'],
    files: commonJs("require('@swc/core');"),
  },
  {
    name: 'tools of the development for the other architecture',
    function: on('nodejs22.x', 'index.handler', { Architectures: ['arm64'] }),
    npm: ['esbuild', 'rollup', '@swc/core', 'lightningcss', 'bufferutil', 'sharp', 'axios'],
    npmFor: [{ cpu: 'x64', libc: 'glibc' }],
    files: commonJs("const axios = require('axios');"),
  },
  {
    name: 'a package with subpaths, a self-reference and a conditional export',
    function: on('nodejs22.x'),
    npm: ['date-fns', 'uuid', 'lodash', 'rxjs'],
    files: {
      'package.json': '{ "name": "@acme/stock", "exports": { "./work": "./work.js" } }',
      ...commonJs(
        "const { format } = require('date-fns/format');",
        "const { v4 } = require('uuid');",
        "const get = require('lodash/get');",
        "const { map } = require('rxjs/operators');",
        "const work = require('@acme/stock/work');",
      ),
      'work.js': 'module.exports = 1;\n',
    },
  },
];

const NOT_WORKING: readonly Case[] = [
  {
    name: 'sharp for arm64 on x86_64',
    function: on('nodejs22.x'),
    npm: ['sharp'],
    npmFor: [{ cpu: 'arm64', libc: 'glibc' }],
    files: commonJs("const sharp = require('sharp');"),
    refused: ['sharp', '@img/sharp-linux-arm64', '@img/sharp-linux-x64', 'npm install --os=linux --cpu=x64'],
  },
  {
    name: 'sharp for musl',
    function: on('nodejs22.x'),
    npm: ['sharp'],
    npmFor: [{ cpu: 'x64', libc: 'musl' }],
    files: commonJs("const sharp = require('sharp');"),
    refused: ['sharp', 'sharp-linuxmusl-x64'],
  },
  {
    name: 'axios is missing',
    function: on('nodejs22.x'),
    files: commonJs("const axios = require('axios');"),
    refused: ['index.js imports axios (line 1)', 'nodejs22.x does not bring it', 'add it to dependencies'],
  },
  {
    name: 'version 2 of the SDK is missing',
    function: on('nodejs20.x'),
    files: commonJs("const AWS = require('aws-sdk');"),
    refused: ['aws-sdk', 'use version 3 (@aws-sdk/client-…)'],
  },
  {
    name: 'the export of the handler is missing',
    function: on('nodejs22.x', 'index.main'),
    files: commonJs(),
    refused: ['index.js exports no main (it exports handler)', 'the handler is index.main', 'exports.main'],
  },
  {
    name: 'an undeclared ES module on Node.js 22',
    function: on('nodejs22.x'),
    files: { 'index.js': 'export const handler = async () => 1;\n' },
    refused: ['index.js', 'ES module', 'CommonJS', '"type": "module"'],
  },
  {
    name: 'a relative import without its ending in an ES module',
    function: on('nodejs22.x'),
    files: { ...esModule("import { work } from './work';"), 'work.mjs': 'export const work = 1;\n' },
    refused: ['index.mjs imports ./work', 'with its ending'],
  },
];

export const NODE: readonly Case[] = [...WORKING, ...NOT_WORKING];
