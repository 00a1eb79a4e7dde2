import { App } from 'aws-cdk-lib';
import { SUITES } from './suites';
import { folderWith } from '../rehearsal/support/run';

/** A template without what changes with each build of the release function. */
function stable(template: object): unknown {
  return JSON.parse(JSON.stringify(template).replace(/\b[0-9a-f]{64}\b/g, '<hash>'));
}

test.each(SUITES.map((suite) => [suite.name, suite] as const))(
  'the app of the acceptance suite %s has the template of its snapshot',
  (_, suite) => {
    const app = new App({ outdir: folderWith(), analyticsReporting: false });
    suite.build(app, suite.first);
    expect(stable(app.synth().getStackByName(suite.stackName).template)).toMatchSnapshot();
  },
);
