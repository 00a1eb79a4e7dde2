import { ExecutionEnvironment } from './execution-environment';
import type { FunctionOptions, InvokeResult } from './function';
import { findRuntime, Runtime } from './runtime';

/**
 * Loads the real package of a function and invokes it. As in Lambda, an execution environment serves one invocation at
 * a time and is reused for later ones; when all of them are busy, another one starts.
 */
export class FunctionProcess {
  private readonly runtime: Runtime;
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly all = new Set<ExecutionEnvironment>();

  constructor(private readonly options: FunctionOptions) {
    this.runtime = findRuntime(options.runtime);
  }

  /** Invokes the handler. With a clock, the caller is an actor, which is busy except while the function sleeps. */
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
