import { Account } from './account';
import { list } from './iam/condition';

interface Rule {
  readonly name: string;
  readonly pattern: unknown;
  readonly targets: readonly string[];
}

/** What happened, as it is told to the rules. */
export interface Happening {
  readonly detailType: string;
  readonly resource: string;
  readonly detail: Record<string, unknown>;
}

/** The rules of EventBridge that listen to what the pipeline does. */
export class Events {
  private readonly rules: Rule[] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly account: Account) {}

  /** Takes a rule with the properties of its resource; one for what the rehearsal never does is let be. */
  addRule(name: string, { EventPattern, Targets, State }: any): void {
    if (!EventPattern || State === 'DISABLED' || !list(EventPattern.source).includes('aws.codepipeline')) {
      return;
    }
    this.rules.push({ name, pattern: EventPattern, targets: list<any>(Targets).map(({ Arn }) => Arn) });
  }

  /** Tells an event of CodePipeline, https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html. */
  tell({ detailType, resource, detail }: Happening): void {
    const event = {
      version: '0',
      id: this.account.nextUuid('event'),
      'detail-type': detailType,
      source: 'aws.codepipeline',
      account: this.account.id,
      time: new Date(this.account.clock.now()).toISOString(),
      region: this.account.region,
      resources: [resource],
      detail,
    };
    for (const { name, targets } of this.rules.filter(({ pattern }) => this.matches(pattern, event))) {
      for (const target of targets) {
        this.invoke(name, target, event);
      }
    }
  }

  /** Called by an actor: waits until everybody who was told is done. */
  async settle(): Promise<void> {
    await this.account.clock.idle(Promise.all(this.running));
  }

  private invoke(rule: string, target: string, event: object): void {
    if (target.split(':')[2] !== 'lambda') {
      throw this.account.refuse(`the target ${target} of the rule ${rule}: functions are`);
    }
    const context = {
      'aws:SourceArn': this.account.arn('events', `rule/${rule}`),
      'aws:SourceAccount': this.account.id,
    };
    if (!this.account.iam.serviceMay('events.amazonaws.com', 'lambda:InvokeFunction', target, context)) {
      return this.fail(`${rule} may not invoke ${target}`);
    }
    const running = this.account.clock
      .run(async () => {
        const { error } = await this.account.invocations.invokeNow({
          FunctionName: target,
          Payload: JSON.stringify(event),
        });
        if (error) {
          this.fail(`${error.type}: ${error.message}`);
        }
      })
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  private fail(error: string): void {
    this.account.notices.push({ time: this.account.clock.now(), error });
  }

  /** A pattern has the event's fields: a list of allowed values, or fields again. */
  private matches(pattern: any, event: any): boolean {
    if (!Array.isArray(pattern)) {
      return Object.entries(pattern).every(
        ([field, part]) => event?.[field] !== undefined && this.matches(part, event[field]),
      );
    }
    const other = pattern.find((value) => typeof value === 'object' && value !== null);
    if (other) {
      throw this.account.refuse(`the event pattern ${JSON.stringify(other)}: plain values are`);
    }
    return pattern.includes(event);
  }
}
