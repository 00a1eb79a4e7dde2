import type { Account } from './account';
import { list } from '../base/list';

interface Rule {
  readonly name: string;
  readonly pattern: Pattern;
  readonly targets: readonly string[];
}

/** A pattern: the fields of an event, each with fields of its own or a list of allowed values. */
type Pattern = unknown[] | { readonly [field: string]: Pattern };

/** The properties of AWS::Events::Rule that the rehearsal reads. */
export interface RuleProperties {
  readonly EventPattern?: { readonly [field: string]: Pattern };
  readonly State?: string;
  readonly Targets?: { readonly Arn: string }[];
}

/** A change that AWS announces by an event. */
export interface StateChange {
  readonly source: string;
  readonly detailType: string;
  readonly resource: string;
  readonly detail: Record<string, unknown>;
}

/** The services whose events the rehearsal emits. */
const SOURCES = ['aws.codepipeline', 'aws.ssm'];

/** The EventBridge rules for changes in CodePipeline and Systems Manager. */
export class Events {
  private readonly rules: Rule[] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly account: Account) {}

  /** Adds a rule. Ignores rules for events that the rehearsal never emits. */
  addRule(name: string, { EventPattern, Targets, State }: RuleProperties): void {
    if (
      !EventPattern ||
      State === 'DISABLED' ||
      ![EventPattern.source].flat().some((source) => SOURCES.includes(String(source)))
    ) {
      return;
    }
    this.rules.push({ name, pattern: EventPattern, targets: list(Targets).map(({ Arn }) => Arn) });
  }

  /**
   * Emits an event, for example of CodePipeline:
   * https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
   */
  emit({ source, detailType, resource, detail }: StateChange): void {
    const event = {
      version: '0',
      id: this.account.nextUuid('event'),
      'detail-type': detailType,
      source,
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

  /** Called by an actor: waits until all targets are done. */
  async settle(): Promise<void> {
    await this.account.clock.idle(Promise.all(this.running));
  }

  private invoke(rule: string, target: string, event: object): void {
    if (target.split(':')[2] !== 'lambda') {
      throw this.account.refuse(`the target ${target} of the rule ${rule}. Rehearsed are functions`);
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

  private matches(pattern: Pattern, event: unknown): boolean {
    if (!Array.isArray(pattern)) {
      const fields = (event ?? {}) as Record<string, unknown>;
      return Object.entries(pattern).every(
        ([field, part]) => fields[field] !== undefined && this.matches(part, fields[field]),
      );
    }
    const other = pattern.find((value) => typeof value === 'object' && value !== null);
    if (other) {
      throw this.account.refuse(`the event pattern ${JSON.stringify(other)}. Rehearsed are plain values`);
    }
    return pattern.includes(event);
  }
}
