import { ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import type { FunctionOptions, InvokeResult } from './function-process';
import { Invocation } from './invocation';
import { Runtime } from './runtime';
import { NextInvocation, RuntimeApi, RuntimeCalls } from './runtime-api';
import type { Clock } from '../base/clock';

/** One process of a function, with its own Runtime API. It is started at the first invocation, and anew after a crash. */
export class ExecutionEnvironment implements RuntimeCalls {
  private process?: RunningProcess;
  private invocation?: Invocation;
  /** Gives the next invocation to the runtime that waits for it. */
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
    this.hand();
    const ended = await result;
    await new Promise(setImmediate); // what the function printed before it answered has arrived, but may not have been read
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
      this.hand();
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
    void failed?.ended.then(() => failed.stop()); // it ends by itself, after its last lines
    this.end({ error: readError(body) });
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

  private hand(): void {
    const { ready, invocation } = this;
    if (!ready || !invocation || invocation.handed) {
      return;
    }
    this.ready = undefined;
    ready(invocation.hand());
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
        void this.endedByItself(running, how, arn);
      }
    });
    await running.start(this.options, this.runtime, this.variables(arn));
  }

  private async endedByItself(running: RunningProcess, how: string, arn: string): Promise<void> {
    void this.discard();
    if (running.initialized && this.invocation?.handed === false) {
      // it ended after its last invocation
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

/** A process that runs, with the Runtime API that it talks to and a folder of its own. */
class RunningProcess {
  /** How the process ended: `exit status 1`, `signal: killed`. */
  readonly ended: Promise<string>;
  /** Whether it has asked for an invocation. */
  initialized = false;
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rehearsal-function-'));
  private child?: ChildProcess;
  private setEnded!: (how: string) => void;

  constructor(private readonly api: RuntimeApi) {
    this.ended = new Promise((resolve) => {
      this.setEnded = resolve;
    });
  }

  async start(options: FunctionOptions, runtime: Runtime, variables: Record<string, string>): Promise<void> {
    const [command, ...values] = runtime.command(this.folder, path.resolve(options.packageFolder));
    const env = { ...variables, AWS_LAMBDA_RUNTIME_API: await this.api.start() };
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
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

function readError(body: string): NonNullable<InvokeResult['error']> {
  const { errorType, errorMessage, stackTrace, trace } = parse(body) as Record<string, any>;
  const stack = (stackTrace ?? trace ?? []).map(frameText);
  return { type: errorType ?? 'Unknown', message: errorMessage ?? '', ...(stack.length ? { stack } : {}) };
}

/** A frame is text in most runtimes, and an object in Go. */
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
