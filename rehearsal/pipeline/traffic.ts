import type { Account } from '../account/account';
import { Deployment, hasEnded } from '../account/codedeploy/state';
import { ARCHITECTURE_HERE, architectureOf, obstacleOf } from '../account/lambda/state';

const INTERVAL = 10_000;
const LONGEST = 200;
const STACK_LINES = 5;

/** Invokes the function through its alias during a deployment, so that the alarms have data. */
export class Traffic {
  /** The numbers of invocations and errors. */
  readonly count = { invocations: 0, errors: 0, unknown: 0 };
  /** The first payload of each version. */
  private readonly first = new Map<string, string>();
  /** The latest error of each version. */
  private readonly errors = new Map<string, string>();
  private readonly running = new Set<string>();

  constructor(
    private readonly account: Account,
    private readonly events: readonly unknown[],
  ) {}

  /** Starts the traffic for a deployment. It ends with the last deployment of the alias. */
  follow({ appSpec }: Deployment): void {
    const alias = `${appSpec.functionName}:${appSpec.aliasName}`;
    if (this.running.has(alias)) {
      return;
    }
    this.running.add(alias);
    void this.account.clock
      .run(async () => {
        while (this.deployments(alias).length > 0) {
          await this.account.clock.sleep(INTERVAL);
          // Before the first shift, the alias may point to the placeholder code
          if (this.deployments(alias).some(({ shifts }) => shifts.length > 0)) {
            await this.invoke(appSpec.functionName, appSpec.aliasName);
          }
        }
        this.running.delete(alias);
      })
      .catch((error) => this.account.refuse(`the traffic of ${alias}: ${error.message}`));
  }

  /** Returns what each version returned. */
  responses(): { version: string; first?: string; error?: string }[] {
    const versions = [...new Set([...this.first.keys(), ...this.errors.keys()])];
    return versions.map((version) => ({
      version,
      first: this.first.get(version),
      error: this.errors.get(version),
    }));
  }

  private async invoke(functionName: string, aliasName: string): Promise<void> {
    if (!this.canRun(functionName)) {
      return;
    }
    const event = this.events[this.count.invocations % this.events.length];
    this.count.invocations++;
    const result = await this.account.invocations.invokeNow({
      FunctionName: functionName,
      Qualifier: aliasName,
      Payload: JSON.stringify(event),
    });
    if (result.notRehearsed) {
      this.count.unknown++;
      return;
    }
    if (!result.error) {
      this.remember(result.version, result.payload);
      return;
    }
    const { type, message, stack = [] } = result.error;
    this.count.errors++;
    this.errors.set(result.version, [`${type}: ${message}`, ...stack.slice(0, STACK_LINES)].join('\n'));
  }

  private remember(version: string, payload: unknown): void {
    if (!this.first.has(version)) {
      const text = JSON.stringify(payload ?? null);
      this.first.set(version, text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
    }
  }

  /** Whether this machine can run the function. Otherwise it has no traffic, and its alarms are never red. */
  private canRun(functionName: string): boolean {
    const { latest } = this.account.lambda.get(functionName);
    const obstacle = obstacleOf(latest);
    if (obstacle) {
      this.account.notRehearsed.add(
        `the invocation of ${functionName}, ${obstacle}: versions and alias were rehearsed, without traffic`,
      );
    } else if (architectureOf(latest) !== ARCHITECTURE_HERE) {
      this.account.notRehearsed.add(
        `the architecture ${architectureOf(latest)} of ${functionName}: it was built and run as ${ARCHITECTURE_HERE}`,
      );
    }
    return obstacle === undefined;
  }

  private deployments(alias: string): Deployment[] {
    return Object.values(this.account.state.deployments).filter(
      (deployment) =>
        !hasEnded(deployment) && `${deployment.appSpec.functionName}:${deployment.appSpec.aliasName}` === alias,
    );
  }
}
