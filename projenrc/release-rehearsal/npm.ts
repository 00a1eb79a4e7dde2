import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { cdkOf, type Context, type Registry, templateIn } from './registry';
import { freePort } from './workspace';

const APP = `
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { LambdaCiCdPipeline, Source, TargetFunction } from 'NAME';

const app = new App({ outdir: 'cdk.out' });
new LambdaCiCdPipeline(new Stack(app, 'Consumer'), 'Pipeline', {
  projectName: 'consumer',
  source: Source.connection('acme/consumer'),
  targetFunction: TargetFunction.create({ runtime: Runtime.PYTHON_3_13, handler: 'app.handler' }),
});
app.synth();
`;

/**
 * Anyone may publish the library, which never comes from another registry; all other packages come from the machine's
 * registry.
 */
const CONFIGURATION = (name: string, others: string) => `
storage: ./npm-registry
uplinks:
  others: { url: '${others}', timeout: 120s, fail_timeout: 1s, max_fails: 10 }
packages:
  '${name}': { access: $all, publish: $all }
  '**': { access: $all, proxy: others }
max_body_size: 10mb
log: { type: stdout, format: pretty, level: warn }
`;

export class NpmRegistry implements Registry {
  readonly name = 'npm';
  readonly tools = ['npm'];
  readonly task = 'package:js';
  readonly repeated = /SKIPPING: already published/;
  private host = '';

  constructor(private readonly context: Context) {}

  /** The registry's address, which the rehearsed release also asks for the previous version. */
  get url(): string {
    return `http://${this.host}/`;
  }

  async start(): Promise<void> {
    const { workspace, publishers, manifest } = this.context;
    const port = await freePort();
    this.host = `127.0.0.1:${port}`;
    writeFileSync(path.join(workspace.root, 'verdaccio.yaml'), CONFIGURATION(manifest.name, workspace.packagesFrom));
    await workspace.serve(
      path.join(publishers, 'verdaccio'),
      ['--config', 'verdaccio.yaml', '--listen', this.host],
      port,
    );
  }

  publish(dist: string): string {
    const { workspace, publishers } = this.context;
    return workspace.run(path.join(publishers, 'publib-npm'), [path.join(dist, 'js')], {
      env: {
        NPM_DIST_TAG: 'latest',
        NPM_REGISTRY: this.host,
        npm_config_registry: this.url,
        DISABLE_HTTPS: 'true',
        NPM_TOKEN: 'rehearsal',
      },
    });
  }

  consume(version: string): string {
    const { workspace, manifest } = this.context;
    const { name } = manifest;
    const { cdk, constructs } = cdkOf(manifest);
    const cwd = workspace.folder('consumer-npm');
    writeFileSync(path.join(cwd, 'package.json'), '{ "name": "consumer", "private": true }');
    writeFileSync(path.join(cwd, 'app.mjs'), APP.replace('NAME', name));
    const packages = [`${name}@${version}`, `aws-cdk-lib@${cdk}`, `constructs@${constructs}`];
    workspace.run('npm', ['install', '--no-audit', '--no-fund', ...packages], {
      cwd,
      env: { npm_config_registry: this.url },
    });
    const installed = JSON.parse(workspace.run('npm', ['ls', name, '--json'], { cwd })).dependencies[name].version;
    if (installed !== version) {
      throw new Error(`npm installed ${installed} instead of ${version}`);
    }
    workspace.run('node', ['app.mjs'], { cwd });
    workspace.run(path.join(cwd, 'node_modules/.bin', name), ['--help'], { cwd });
    return templateIn(cwd);
  }
}
