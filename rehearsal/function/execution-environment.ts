import { ChildProcess, spawn } from 'node:child_process';
import * as os from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import type { FunctionOptions, InvokeResult } from './function';
import { Invocation } from './invocation';
import { Runtime } from './runtime';
import { NextInvocation, RuntimeApi, RuntimeCalls } from './runtime-api';
import type { Clock } from '../base/clock';

/** A process of a function with a Runtime API. The first invocation starts it, and the next one after a crash. */
export class ExecutionEnvironment implements RuntimeCalls {
  private process?: RunningProcess;
  private invocation?: Invocation;
  /** Delivers the next invocation to the waiting runtime. */
  private ready?: (next: NextInvocation) => void;

  constructor(
    private readonly options: FunctionOptions,
    private readonly runtime: Runtime,
  ) {}

  async invoke(event: unknown, arn: string): Promise<InvokeResult> {
    const result = new Promise<InvokeResult>((resolve) => {
      const invocation: Invocation = new Invocation({
        timeoutSeconds: this.options.timeoutSeconds,
        event: JSON.stringify(event ?? null),
        arn,
        clock: this.clock,
        resolve,
        timeOut: () => this.timeOut(invocation),
      });
      this.invocation = invocation;
    });
    if (!this.process) {
      await this.start(arn);
    }
    this.deliver();
    const ended = await result;
    await new Promise(setImmediate); // lets the readers finish the lines that the function printed before it responded
    return ended;
  }

  async stop(): Promise<void> {
    this.end({ error: { type: 'Runtime.ExitError', message: 'the function was stopped' } });
    await this.discard();
  }

  next(): Promise<NextInvocation> {
    if (this.process) {
      this.process.initialized = true;
    }
    return new Promise((ready) => {
      this.ready = ready;
      this.deliver();
    });
  }

  response(_: string, body: string): void {
    this.end({ payload: parse(body) });
  }

  error(_: string, body: string): void {
    this.end({ error: readError(body) });
  }

  initError(body: string): void {
    const failed = this.process;
    this.process = undefined;
    void failed?.ended.then(() => failed.stop()); // the process exits by itself after its last lines
    this.end({ error: readError(body) });
  }

  blocked(host: string): void {
    this.options.onBlocked?.(host);
  }

  async sleep(ms: number): Promise<number> {
    if (!this.invocation) {
      throw new Error('a function can sleep only during an invocation');
    }
    return this.invocation.sleep(ms);
  }

  private get clock(): Clock | undefined {
    return this.runtime.followsClock ? this.options.clock : undefined;
  }

  private deliver(): void {
    const { ready, invocation } = this;
    if (!ready || !invocation || invocation.delivered) {
      return;
    }
    this.ready = undefined;
    ready(invocation.deliver());
  }

  private end(result: Omit<InvokeResult, 'durationMs'>): void {
    const invocation = this.invocation;
    this.invocation = undefined;
    void invocation?.end(result);
  }

  private async discard(): Promise<void> {
    const running = this.process;
    this.process = undefined;
    this.ready = undefined;
    await running?.stop();
  }

  private timeOut(invocation: Invocation): void {
    if (this.invocation !== invocation) {
      return;
    }
    void this.discard();
    this.end({
      error: {
        type: 'Sandbox.Timedout',
        message: `Task timed out after ${this.options.timeoutSeconds.toFixed(2)} seconds`,
      },
    });
  }

  private async start(arn: string): Promise<void> {
    const running = new RunningProcess(new RuntimeApi(this));
    this.process = running;
    void running.ended.then((how) => {
      if (this.process === running) {
        void this.exited(running, how, arn);
      }
    });
    await running.start(this.options, this.runtime, {
      ...this.variables(arn),
      ...this.runtime.provideSdk?.(this.options),
    });
  }

  private async exited(running: RunningProcess, how: string, arn: string): Promise<void> {
    void this.discard();
    if (running.initialized && this.invocation?.delivered === false) {
      // The process exited between two invocations
      await this.start(arn);
    } else {
      this.end({ error: { type: 'Runtime.ExitError', message: `Runtime exited with error: ${how}` } });
    }
  }

  private variables(arn: string): Record<string, string> {
    const { functionName, version, memorySize, handler, runtime, packageFolder } = this.options;
    const region = arn.split(':')[3];
    return {
      PATH: process.env.PATH ?? '',
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      TMPDIR: os.tmpdir(),
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      ...this.options.environment,
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: functionName,
      AWS_LAMBDA_FUNCTION_VERSION: version,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
      AWS_LAMBDA_LOG_STREAM_NAME: `rehearsal/[${version}]`,
      LAMBDA_TASK_ROOT: path.resolve(packageFolder),
      _HANDLER: handler,
      ...(this.clock ? { REHEARSAL_NOW: String(this.clock.now()) } : {}),
    };
  }
}

/** A running process, with the Runtime API that it calls. */
class RunningProcess {
  /** How the process ended: `exit status 1`, `signal: killed`. */
  readonly ended: Promise<string>;
  /** Whether the process has asked for an invocation. */
  initialized = false;
  private child?: ChildProcess;
  private setEnded!: (how: string) => void;

  constructor(private readonly api: RuntimeApi) {
    this.ended = new Promise((resolve) => {
      this.setEnded = resolve;
    });
  }

  async start(options: FunctionOptions, runtime: Runtime, variables: Record<string, string>): Promise<void> {
    const api = await this.api.start();
    const [command, ...values] = runtime.command(path.resolve(options.packageFolder), api);
    const env = { ...variables, ...proxyOf(api), AWS_LAMBDA_RUNTIME_API: api };
    const child = spawn(command, values, { cwd: options.packageFolder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => options.onLine?.(line));
    }
    child.on('error', (error) => this.setEnded(error.message));
    child.on('close', (code, signal) => this.setEnded(code === null ? `signal: ${signal}` : `exit status ${code}`));
    this.child = child;
  }

  async stop(): Promise<void> {
    this.child?.kill('SIGKILL');
    this.api.stop();
    await this.ended;
  }
}

/** A proxy that reaches nothing but this machine, for SDKs that ignore the endpoint variable. */
function proxyOf(api: string): Record<string, string> {
  const variables = { http_proxy: `http://${api}`, https_proxy: `http://${api}`, no_proxy: '127.0.0.1,localhost' };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => [
      [name, value],
      [name.toUpperCase(), value],
    ]),
  );
}

/** An error as the runtimes report it: the stack is `trace` in Node.js, `stackTrace` elsewhere. */
interface RuntimeError {
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly stackTrace?: unknown[];
  readonly trace?: unknown[];
}

function readError(body: string): NonNullable<InvokeResult['error']> {
  const { errorType, errorMessage, stackTrace, trace } = parse(body) as RuntimeError;
  const stack = (stackTrace ?? trace ?? []).map(frameText);
  return { type: errorType ?? 'Unknown', message: errorMessage ?? '', ...(stack.length ? { stack } : {}) };
}

/** A stack frame is text in most runtimes, and an object in Go. */
function frameText(frame: unknown): string {
  const { path: file, line, label } = frame as Record<string, unknown>;
  return typeof frame === 'string' ? frame : `${file}:${line} ${label}`;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
