import type { awscdk } from 'projen';
import { taskNamed } from './find';

/** Adds the bundles: made at release, so that nothing is bundled on the user's machine. */
export function addBundles(project: awscdk.AwsCdkConstructLibrary): void {
  project.bundler.bundleTask.exec('tsx projenrc/bundle.ts');
  project.testTask.prependSpawn(project.bundler.bundleTask); // a fresh clone has no assets/ yet, and the tests read them
  project.gitignore.addPatterns('/assets/');
}

/** Adds the tasks that CONTRIBUTING.md lists, apart from those of the tests and of a release. */
export function addTasks(project: awscdk.AwsCdkConstructLibrary): void {
  const bundle = project.bundler.bundleTask;

  const rehearse = project.addTask('rehearse', {
    description: "Synthesizes the sample's pipeline and rehearses six pushes on it",
  });
  rehearse.spawn(bundle);
  rehearse.exec('node examples/inventory-allocation/rehearse.mjs');

  const benchmark = project.addTask('benchmark', { description: 'Measures the figures that the library promises' });
  benchmark.spawn(bundle);
  benchmark.spawn(project.compileTask);
  benchmark.exec('tsx benchmarks/run.ts');
  project.addTask('benchmark:languages', {
    exec: 'tsx benchmarks/languages.ts',
    receiveArgs: true,
    description: 'Measures package, install and first synth in each language against the CDK alone',
  });

  project.addTask('simulate', {
    exec: 'tsx benchmarks/version-alarms/run.ts',
    description: 'Simulates releases with version alarms, and writes the table of docs/version-alarms.md again',
  });

  // The picture in the README
  const diagram = project.addTask('diagram', {
    description: 'Draws docs/stages from a synthesized pipeline',
    env: { CDK_OUTDIR: 'cdk.out/stages' },
  });
  diagram.exec('tsx docs/stages/app.ts');
  diagram.exec('tsx rehearsal/command/cli.ts diagram "$CDK_OUTDIR" --format svg > docs/stages/stages.svg');
  diagram.exec('tsx rehearsal/command/cli.ts diagram "$CDK_OUTDIR" --format mermaid > docs/stages/stages.mmd');

  project.addTask('input-types', {
    exec: 'tsx projenrc/input-types.ts',
    description: 'Writes the table of the types of all props and options again, from their declarations',
  });
  project.addTask('languages', {
    exec: 'tsx languages/run.ts',
    receiveArgs: true,
    description: 'Packs the library for each language, and tries the examples with the packages',
  });
  // Each example of the README and of a docstring has to compile
  project.postCompileTask.spawn(project.addTask('rosetta:extract', { exec: 'jsii-rosetta extract --strict .jsii' }));
  taskNamed(project, 'package:js').exec('tsx projenrc/check-package.ts');

  // The English of documents, messages, comments and names
  const prose = project.addTask('lint:prose', {
    exec: 'tsx projenrc/prose/index.ts',
    receiveArgs: true,
    description: 'Checks the English of documents, messages, comments and names',
  });
  project.testTask.spawn(prose);
}
