import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, ServerResponse } from 'node:http';
import { AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Figure, isBroken, renderFigure } from './figure';
import { Registry } from '../rehearsal/account/code-artifact/registry';
import { BuildResult, runBuild } from '../rehearsal/build/build';
import { LambdaCiCdPipeline, Source, TargetFunction } from '../src';

/*
 * Builds a small repository twice with a cache, for each package manager, and compares the downloads:
 * benchmarks/README.md.
 *
 * SCAFFOLDING: CONTRIBUTING.md says when to delete this file.
 */

/** A repository whose build downloads packages. */
interface Sample {
  readonly runtime: lambda.Runtime;
  readonly handler: string;
  readonly files: { readonly [name: string]: string };
  /** Writes the lock file before the measurement. */
  readonly lock?: string;
}

const NODE = {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  files: {
    'index.js': '',
    'package.json':
      '{ "name": "sample", "version": "1.0.0", "private": true, "dependencies": { "lodash": "4.17.21", "uuid": "9.0.1" } }',
  },
};

const SAMPLES: { readonly [tool: string]: Sample } = {
  pip: {
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'app.handler',
    files: { 'app.py': 'import requests\n', 'requirements.txt': 'requests==2.32.3\n' },
  },
  npm: { ...NODE, lock: 'npm install --package-lock-only' },
  pnpm: { ...NODE, lock: 'npx --yes pnpm@10 install --lockfile-only' },
  'Yarn 1': { ...NODE, lock: 'npx --yes yarn@1 install && rm -rf node_modules' },
  'Yarn 4': { ...NODE, lock: 'touch yarn.lock && npx --yes @yarnpkg/cli-dist@4 install --mode=update-lockfile' },
  Maven: {
    runtime: lambda.Runtime.JAVA_17,
    handler: 'example.Orders::handle',
    files: {
      'pom.xml':
        '<project><modelVersion>4.0.0</modelVersion><groupId>example</groupId><artifactId>orders</artifactId><version>1</version>' +
        '<properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target></properties></project>',
      'src/main/java/example/Orders.java':
        'package example; public class Orders { public String handle(String event) { return event; } }',
    },
  },
  Gradle: {
    runtime: lambda.Runtime.JAVA_17,
    handler: 'example.Orders::handle',
    files: {
      'build.gradle':
        "apply plugin: 'java'\nrepositories { mavenCentral() }\ndependencies { implementation 'commons-lang:commons-lang:2.6' }\n",
      'src/main/java/example/Orders.java':
        'package example; public class Orders { public String handle(String event) { return event; } }',
    },
  },
  Go: {
    runtime: lambda.Runtime.PROVIDED_AL2023,
    handler: 'bootstrap',
    files: {
      'go.mod': 'module example.com/orders\n\ngo 1.24\n\nrequire github.com/aws/aws-lambda-go v1.47.0\n',
      'main.go':
        'package main\n\nimport "github.com/aws/aws-lambda-go/lambda"\n\nfunc main() { lambda.Start(func() (string, error) { return "hello", nil }) }\n',
    },
    lock: 'go mod tidy',
  },
};

const root = mkdtempSync(path.join(tmpdir(), 'benchmark-cache-'));

/**
 * Counts the bytes that pass through it. Every package manager accepts a proxy, so none needs the address of a
 * registry. pip uses an index here instead: it caches only what the headers allow, and a mirror may omit the headers of
 * PyPI.
 */
class Counter {
  bytes = 0;
  private readonly registry = new Registry();
  private readonly server = createServer((request, response) => void this.index(request.url!, response)).on(
    'connect',
    ({ url }, client, head) => {
      const { hostname, port } = new URL(`http://${url}`);
      const origin = connect(Number(port), hostname, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        origin.write(head);
        client.pipe(origin);
        origin
          .on('data', (data) => {
            this.bytes += data.length;
          })
          .pipe(client);
      });
      origin.on('error', () => client.destroy());
      client.on('error', () => origin.destroy());
    },
  );

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async index(url: string, response?: ServerResponse): Promise<void> {
    const { status, headers, body } = await this.registry.get('pypi', url.slice(1), { endpoint: '', isPublic: true });
    if (!response) {
      return;
    }
    const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
    if (response.req.headers['if-none-match'] === etag) {
      return void response.writeHead(304, { etag }).end();
    }
    this.bytes += body.length;
    response
      .writeHead(status, {
        ...headers,
        etag,
        'cache-control': url.endsWith('/') ? 'max-age=600, public' : 'max-age=365000000, immutable, public',
      })
      .end(body);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

function buildSpecOf(tool: string, { runtime, handler }: Sample): string {
  const app = new App({ outdir: path.join(root, tool, 'cdk.out'), analyticsReporting: false });
  new LambdaCiCdPipeline(new Stack(app, 'Sample'), 'Pipeline', {
    projectName: 'sample',
    source: Source.connection('acme/sample'),
    targetFunction: TargetFunction.create({ runtime, handler }),
    buildProject: { cache: codebuild.Cache.local(codebuild.LocalCacheMode.CUSTOM) },
  });
  const resources: any[] = Object.values(app.synth().stacks[0].template.Resources);
  return resources.find(({ Type }) => Type === 'AWS::CodeBuild::Project').Properties.Source.BuildSpec;
}

function repository(tool: string, { files, lock }: Sample): string {
  const folder = path.join(root, tool, 'source');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  if (lock && spawnSync('sh', ['-c', lock], { cwd: folder }).status !== 0) {
    throw new Error(`${tool}: ${lock} failed`);
  }
  return folder;
}

/** Builds the same commit twice with one cache. Returns the bytes that each build downloads, and its seconds. */
async function measure(tool: string, sourceFolder: string, counter: Counter): Promise<Figure[]> {
  const buildSpec = buildSpecOf(tool, SAMPLES[tool]);
  let kept: Buffer | undefined;
  const cache = {
    read: async () => kept,
    write: async (archive: Buffer) => {
      kept = archive;
    },
  };
  const builds: { bytes: number; seconds: number }[] = [];
  for (const build of ['first', 'second']) {
    const before = counter.bytes;
    const result = await runBuild({
      buildSpec,
      sourceFolder,
      cache,
      workFolder: path.join(root, tool, build),
      environment: { ProjectName: 'sample', YARN_HTTPS_PROXY: process.env.HTTPS_PROXY! },
      timeoutSeconds: 900,
      readStored: ({ value }) => value,
      onLine: () => undefined,
    });
    if (!result.succeeded) {
      throw new Error(`${tool}: ${result.failure}`);
    }
    builds.push({ bytes: counter.bytes - before, seconds: secondsOf(result) });
    console.log(
      `       ${tool}, ${build} build: ${result.notes.filter((note) => note.startsWith('cache')).join('; ')}`,
    );
  }
  const [first, second] = builds;
  return [
    {
      name: `${tool}, fetched by the second build against the first`,
      measured: percent(second.bytes, first.bytes),
      limit: 10,
      unit: '%',
      from: `${kilobytes(second.bytes)} and ${kilobytes(first.bytes)}`,
    },
    {
      name: `${tool}, the phases of the second build against the first`,
      measured: percent(second.seconds, first.seconds),
      unit: '%',
      from: `${second.seconds.toFixed(1)} s and ${first.seconds.toFixed(1)} s`,
    },
  ];
}

function secondsOf({ phases }: BuildResult): number {
  return phases.reduce((sum, { seconds }) => sum + seconds, 0);
}

function percent(part: number, whole: number): number {
  return Math.round((1000 * part) / whole) / 10;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`;
}

async function main(tools: string[]): Promise<void> {
  const folders = tools.map((tool) => repository(tool, SAMPLES[tool]));
  const counter = new Counter();
  const port = await counter.start();
  const proxy = `http://127.0.0.1:${port}`;
  await counter.index('/simple/pip/'); // before pip uses this index
  delete process.env.PIP_FIND_LINKS;
  Object.assign(process.env, { PIP_INDEX_URL: `${proxy}/simple`, PIP_TRUSTED_HOST: '127.0.0.1' });
  const java = `-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=${port}`;
  Object.assign(process.env, { HTTPS_PROXY: proxy, https_proxy: proxy, MAVEN_OPTS: java, GRADLE_OPTS: java });
  const figures: Figure[] = [];
  try {
    for (const [index, tool] of tools.entries()) {
      figures.push(...(await measure(tool, folders[index], counter)));
    }
  } finally {
    counter.stop();
    rmSync(root, { recursive: true, force: true });
  }
  figures.forEach((figure) => console.log(renderFigure(figure)));
  process.exitCode = figures.some(isBroken) ? 1 : 0;
}

void main(process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SAMPLES));
