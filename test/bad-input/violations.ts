import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';

/** Returns a stack whose app is validated with all rules of the CDK at synthesis. */
export function validatedStack(): Stack {
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  return new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
}

/** Synthesizes the app, and returns what the CDK's own validation of templates finds. */
export function violationsOf(stack: Stack): string[] {
  const { directory } = (stack.node.root as App).synth();
  const report = JSON.parse(readFileSync(path.join(directory, 'validation-report.json'), 'utf8'));
  return report.pluginReports.flatMap(({ violations }: { violations: object[] }) =>
    violations.map((violation) => JSON.stringify(violation)),
  );
}
