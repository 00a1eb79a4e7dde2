import { ExecutionEnvironment } from './execution-environment';
import { findRuntime, Runtime } from './runtime';
import { Clock } from '../base/clock';

/** A version of a Lambda function, as it is loaded and invoked here. */
export interface FunctionOptions {
  /** The unzipped package. */
  readonly packageFolder: string;
  readonly runtime: string;
  readonly handler: string;
  readonly functionName: string;
  readonly version: string;
  readonly memorySize: number;
  readonly timeoutSeconds: number;
  readonly environment: Record<string, string>;
  /** The process's sleeps (`setTimeout` of node:timers/promises) and its Date follow this clock. */
  readonly clock?: Clock;
  readonly onLine?: (line: string) => void;
}

/** What the function answered: a payload, or an error as Lambda gives it. */
export interface InvokeResult {
  readonly payload?: unknown;
  readonly error?: { readonly type: string; readonly message: string; readonly stack?: string[] };
  /** Time that the handler worked on this machine, and the time of the clock that it slept. */
  readonly durationMs: number;
}

/**
 * Loads the real package of a function and invokes it. As in Lambda an execution environment is reused for later
 * invocations, serves one at a time, and another one is started when all are taken.
 */
export class FunctionProcess {
  private readonly runtime: Runtime;
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly all = new Set<ExecutionEnvironment>();

  constructor(private readonly options: FunctionOptions) {
    this.runtime = findRuntime(options.runtime);
  }

  /** Invokes the handler. With a clock, the caller is an actor of it: busy during the invocation except when the function sleeps. */
  async invoke(event: unknown, invokedFunctionArn: string): Promise<InvokeResult> {
    const environment = this.idle.pop() ?? new ExecutionEnvironment(this.options, this.runtime);
    this.all.add(environment);
    const result = await environment.invoke(event, invokedFunctionArn);
    this.idle.push(environment);
    return result;
  }

  /** Ends all processes of the function. */
  async stop(): Promise<void> {
    await Promise.all([...this.all].map((environment) => environment.stop()));
    this.all.clear();
    this.idle.length = 0;
  }
}
