import { rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { cdkOf, type Context, type Registry, templateIn } from './registry';

const APP = (module: string, name: string) => `
package main

import (
	"${module}"
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String("cdk.out")})
	${name}.NewLambdaCiCdPipeline(awscdk.NewStack(app, jsii.String("Consumer"), nil), jsii.String("Pipeline"), &${name}.LambdaCiCdPipelineProps{
		ProjectName: jsii.String("consumer"),
		Source:      ${name}.Source_Connection(jsii.String("acme/consumer"), nil),
		TargetFunction: ${name}.TargetFunction_Create(&${name}.CreateFunctionOptions{
			Runtime: awslambda.Runtime_PYTHON_3_13(),
			Handler: jsii.String("app.handler"),
		}),
	})
	app.Synth(nil)
}
`;

export class GoRegistry implements Registry {
  readonly name = 'Go';
  readonly tools = ['go', 'git'];
  readonly task = 'package:go';
  readonly repeated = /No changes\. Skipping release/;
  private readonly repository: string;

  constructor(private readonly context: Context) {
    this.repository = context.manifest.jsii.targets.go.moduleName;
  }

  /**
   * Creates an empty repository. git redirects the addresses on GitHub to it, with the publisher's token or without.
   */
  async start(): Promise<void> {
    const { workspace } = this.context;
    const folder = workspace.folder('go-registry.git');
    workspace.run('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', folder]);
    for (const url of [
      `https://${this.repository}`,
      `https://${this.repository}.git`,
      `https://rehearsal@${this.repository}.git`,
    ]) {
      workspace.run('git', ['config', '--global', '--add', `url.file://${folder}.insteadOf`, url]);
    }
  }

  publish(dist: string): string {
    const { workspace, publishers } = this.context;
    return workspace.run(path.join(publishers, 'publib-golang'), [path.join(dist, 'go')], {
      env: { GIT_USER_NAME: 'Rehearsal', GIT_USER_EMAIL: 'rehearsal@example.com', GITHUB_TOKEN: 'rehearsal' },
    });
  }

  consume(version: string): string {
    const { workspace, manifest } = this.context;
    const name = manifest.name.replace(/-/g, '');
    const module = `${this.repository}/${name}`;
    const cwd = workspace.folder('consumer-go');
    rmSync(path.join(cwd, 'cdk.out'), { recursive: true, force: true });
    writeFileSync(path.join(cwd, 'main.go'), APP(module, name));
    writeFileSync(path.join(cwd, 'go.mod'), 'module example.com/consumer\n\ngo 1.25\n');
    workspace.run(
      'go',
      ['get', `${module}@v${version}`, `github.com/aws/aws-cdk-go/awscdk/v2@v${cdkOf(manifest).cdk}`],
      { cwd },
    );
    workspace.run('go', ['mod', 'tidy'], { cwd });
    const listed = workspace.run('go', ['list', '-m', module], { cwd });
    if (!listed.includes(`${module} v${version}`)) {
      throw new Error(`go took ${listed} instead of v${version}`);
    }
    workspace.run('go', ['run', '.'], { cwd });
    return templateIn(cwd);
  }
}
