import { rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { cdkOf, type Context, type Registry, templateIn } from './registry';
import { freePort } from './workspace';

const PYPISERVER = 'pypiserver==2.4.2';

const APP = `
from aws_cdk import App, Stack
from aws_cdk.aws_lambda import Runtime
from MODULE import LambdaCiCdPipeline, Source, TargetFunction

app = App(outdir="cdk.out")
LambdaCiCdPipeline(Stack(app, "Consumer"), "Pipeline",
    project_name="consumer",
    source=Source.connection("acme/consumer"),
    target_function=TargetFunction.create(runtime=Runtime.PYTHON_3_13, handler="app.handler"),
)
app.synth()
`;

export class PypiRegistry implements Registry {
  readonly name = 'PyPI';
  readonly tools = ['python3'];
  readonly task = 'package:python';
  readonly repeated = /Skipping .*because it appears/;
  private url = '';

  constructor(private readonly context: Context) {}

  async start(): Promise<void> {
    const { workspace } = this.context;
    const port = await freePort();
    const bin = path.join(workspace.folder('pypi-server'), 'bin');
    workspace.run('python3', ['-m', 'venv', 'pypi-server']);
    workspace.run(path.join(bin, 'pip'), ['install', '--quiet', PYPISERVER]);
    this.url = `http://127.0.0.1:${port}/`;
    const folder = workspace.folder('pypi-registry');
    await workspace.serve(
      path.join(bin, 'pypi-server'),
      ['run', '-i', '127.0.0.1', '-p', String(port), '-P', '.', '-a', '.', '--disable-fallback', folder],
      port,
    );
  }

  publish(dist: string): string {
    const { workspace, publishers } = this.context;
    return workspace.run(path.join(publishers, 'publib-pypi'), [path.join(dist, 'python')], {
      env: { TWINE_REPOSITORY_URL: this.url, TWINE_USERNAME: 'rehearsal', TWINE_PASSWORD: 'rehearsal' },
    });
  }

  consume(version: string): string {
    const { workspace, manifest } = this.context;
    const { distName, module } = manifest.jsii.targets.python;
    const { cdk, constructs } = cdkOf(manifest);
    const cwd = workspace.folder('consumer-pypi');
    const bin = path.join(cwd, '.venv/bin');
    rmSync(path.join(cwd, 'cdk.out'), { recursive: true, force: true });
    workspace.run('python3', ['-m', 'venv', '.venv'], { cwd });
    workspace.run(path.join(bin, 'pip'), ['install', '--quiet', `aws-cdk-lib==${cdk}`, `constructs==${constructs}`], {
      cwd,
    });
    workspace.run(
      path.join(bin, 'pip'),
      ['install', '--quiet', '--index-url', `${this.url}simple/`, `${distName}==${version}`],
      { cwd },
    );
    const shown = workspace.run(path.join(bin, 'pip'), ['show', distName], { cwd });
    if (!shown.includes(`Version: ${version}\n`)) {
      throw new Error(`pip did not install ${version}:\n${shown}`);
    }
    writeFileSync(path.join(cwd, 'app.py'), APP.replace('MODULE', module));
    workspace.run(path.join(bin, 'python'), ['app.py'], { cwd });
    return templateIn(cwd);
  }
}
