import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { run } from './shell';

const LIBRARY = path.join(__dirname, '..');
const GENERATED_FOR = [
  'constructs',
  'aws-cdk-lib',
  '@aws-cdk/asset-awscli-v1',
  '@aws-cdk/asset-node-proxy-agent-v6',
  '@aws-cdk/cloud-assembly-schema',
  '.',
];

/**
 * SCAFFOLDING: CONTRIBUTING.md says when to delete this file with the folder dotnet/. With NuGet, C# can be a language
 * like the others (java.ts), which also runs the examples.
 *
 * A .NET from the package registries of other languages: Python packages have a runtime and its OpenSSL 1.1, an npm
 * package has Microsoft's compiler Roslyn. Without NuGet, jsii's own runtime for .NET is missing, so the C# compiles
 * and never runs.
 */
const RUNTIME = 'dotnetcore2==3.1.23 pythonnet==3.2.1';
const OPENSSL = 'psycopg2-binary==2.9.5';
const ROSLYN = '@autorest/csharp@3.0.0-beta.20210928.1';

/** Compiles the C# that jsii generates for the library and for the CDK, with the examples in C#. */
export function compileCSharp(work: string): void {
  const folder = path.join(work, 'dotnet');
  const { namespace } = JSON.parse(readFileSync(path.join(LIBRARY, 'package.json'), 'utf8')).jsii.targets.dotnet;
  for (const name of GENERATED_FOR) {
    run(
      `npx jsii-pacmak --code-only --target dotnet --outdir "${folder}" "${path.join(LIBRARY, name === '.' ? name : `node_modules/${name}`)}"`,
      LIBRARY,
    );
  }
  const binary = `--quiet --no-deps --only-binary=:all: --python-version 3.11 --platform manylinux2014_x86_64 --target openssl ${OPENSSL}`;
  for (const command of [
    `python3 -m venv .venv && .venv/bin/pip install --quiet ${RUNTIME}`,
    `.venv/bin/pip install ${binary} && cd openssl && ln -s psycopg2_binary.libs/libssl-*.so.1.1 libssl.so.1.1`,
    `npm install --no-audit --no-fund --loglevel=error --ignore-scripts --prefix roslyn ${ROSLYN}`,
    [
      '.venv/bin/python',
      path.join(__dirname, 'dotnet', 'compile.py'),
      '.venv/lib/python3*/site-packages/dotnetcore2',
      'roslyn/node_modules/@autorest/csharp',
      'dotnet',
      namespace,
      path.join(LIBRARY, 'examples', 'dotnet'),
    ].join(' '),
  ]) {
    run(command, folder, {
      LD_LIBRARY_PATH: ['openssl', 'openssl/psycopg2_binary.libs']
        .map((libraries) => path.join(folder, libraries))
        .join(':'),
    });
  }
}
