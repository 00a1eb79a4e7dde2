import * as fs from 'node:fs';
import * as path from 'node:path';
import { packageFolder } from './code';
import { inState } from './errors';
import { InvokeInput } from './input';
import { UPDATE_TIME } from './lambda';
import { qualifierOf } from './names';
import { AliasState, FunctionState, obstacleOf, VersionState } from './state';
import { AwsError } from '../../base/aws-error';
import { InvokeResult } from '../../function/function';
import { FunctionProcess } from '../../function/function-process';
import { type Account, credentialsOf } from '../account';
import { readEmbeddedMetrics } from '../cloudwatch/embedded-metrics';

const KMS_DENIED = 'KMSAccessDeniedException';
const RETRY_DELAYS = [60_000, 120_000];

/** The result of an invocation. */
export interface Invocation extends InvokeResult {
  readonly functionName: string;
  /** The version that ran. */
  readonly version: string;
  /** The calls that are not rehearsed: the result is unknown because of them. */
  readonly notRehearsed?: readonly string[];
}

/** Invokes functions in real processes, which it reuses as Lambda reuses its execution environments. */
export class Invocations {
  private readonly processes = new Map<string, FunctionProcess>();
  private readonly retries = new Map<string, number>();
  private readonly asynchronous = new Set<Promise<void>>();

  constructor(private readonly account: Account) {}

  /** Sets the number of retries of an asynchronous invocation. */
  setRetryAttempts(functionName: string, qualifier = '$LATEST', attempts: number): void {
    this.retries.set(`${functionName}:${qualifier}`, attempts);
  }

  /** Performs the operation Invoke. */
  async invoke(input: InvokeInput) {
    if (input.InvocationType === 'DryRun') {
      throw this.account.refuse('Invoke with DryRun');
    }
    this.checkActive(this.choose(input));
    if (input.InvocationType === 'Event') {
      this.invokeLater(input);
      return { StatusCode: 202 };
    }
    const result = await this.invokeNow(input);
    if (result.error?.type === KMS_DENIED) {
      throw new AwsError(502, KMS_DENIED, result.error.message);
    }
    return { StatusCode: 200, ExecutedVersion: result.version, ...describe(result) };
  }

  /** Invokes a function and waits for the result, which contains the error of the function. */
  async invokeNow(input: InvokeInput): Promise<Invocation> {
    const { fn, version, alias } = this.choose(input);
    const obstacle = obstacleOf(version);
    if (obstacle) {
      throw this.account.refuse(`the invocation of ${fn.name}, ${obstacle}`);
    }
    if (alias) {
      alias.invocations++;
    }
    const qualifier = qualifierOf(input);
    const arn = this.account.lambda.arn(input);
    const time = this.account.clock.now();
    const before = this.unknownCalls(fn).length;
    const result =
      this.denialOfKey(fn, version) ??
      (await this.process(fn, version).invoke(parse(input.Payload), qualifier ? `${arn}:${qualifier}` : arn));
    const notRehearsed = this.unknownCalls(fn).slice(before);
    if (notRehearsed.length > 0) {
      return { ...result, functionName: fn.name, version: version.version, notRehearsed };
    }
    this.account.state.samples.push({
      time,
      functionName: fn.name,
      resource: qualifier ? `${fn.name}:${qualifier}` : fn.name,
      version: version.version,
      isWeighted: Object.keys(alias?.weights ?? {}).length > 0,
      durationMs: result.durationMs,
      error: result.error !== undefined,
    });
    return { ...result, functionName: fn.name, version: version.version };
  }

  private unknownCalls({ name }: FunctionState): readonly string[] {
    return this.account.unknownCalls.get(name) ?? [];
  }

  /** Invokes a function asynchronously. Lambda retries after an error, by default twice. */
  private invokeLater(input: InvokeInput): void {
    const running = this.account.clock
      .run(async () => {
        const key = `${this.choose(input).fn.name}:${qualifierOf(input) ?? '$LATEST'}`;
        const attempts = this.retries.get(key) ?? RETRY_DELAYS.length;
        for (const delay of [...RETRY_DELAYS.slice(0, attempts), 0]) {
          const { error } = await this.invokeNow(input);
          if (!error || delay === 0) {
            return;
          }
          await this.account.clock.sleep(delay);
        }
      })
      .catch((error) => {
        this.account.refuse(`an invocation of ${input.FunctionName}: ${error.message}`);
      })
      .finally(() => this.asynchronous.delete(running));
    this.asynchronous.add(running);
  }

  /** Called by an actor: waits until all asynchronous invocations have ended. */
  async settle(): Promise<void> {
    await this.account.clock.idle(Promise.all(this.asynchronous));
  }

  /** Ends all processes. */
  async stop(): Promise<void> {
    await Promise.all([...this.processes.values()].map((process) => process.stop()));
    this.processes.clear();
  }

  private choose(input: InvokeInput): { fn: FunctionState; version: VersionState; alias?: AliasState } {
    const fn = this.account.lambda.get(input.FunctionName, qualifierOf(input) ?? '$LATEST');
    const qualifier = qualifierOf(input) ?? '$LATEST';
    const alias = fn.aliases[qualifier];
    return { fn, alias, version: this.account.lambda.version(fn, alias ? chooseVersion(alias) : qualifier) };
  }

  /** Lambda decrypts the environment with the role of the function, before it starts a process. */
  private denialOfKey(fn: FunctionState, { configuration }: VersionState): InvokeResult | undefined {
    const { KMSKeyArn, Environment, Role } = configuration;
    if (!KMSKeyArn || Object.keys(Environment?.Variables ?? {}).length === 0) {
      return undefined;
    }
    const arn = this.account.lambda.arn({ FunctionName: fn.name });
    try {
      const caller = this.account.iam.assume(Role!, 'lambda.amazonaws.com', arn, fn.name);
      this.account.calls.check(caller, 'kms:Decrypt', KMSKeyArn);
      return undefined;
    } catch (error) {
      const message =
        'Lambda was unable to decrypt the environment variables because KMS access was denied. ' +
        `Please check the function's KMS key settings. KMS Exception: ${(error as Error).message}`;
      return { error: { type: KMS_DENIED, message }, durationMs: 0 };
    }
  }

  private checkActive({ fn, version }: { readonly fn: FunctionState; readonly version: VersionState }): void {
    const { isNew, readyAt, trouble } = version;
    if (isNew && this.account.clock.now() < readyAt) {
      throw inState('Pending');
    }
    if (!trouble) {
      return;
    }
    if (trouble.code === 'Idle' && version === fn.latest) {
      fn.latest = { ...version, isNew: true, readyAt: this.account.clock.now() + UPDATE_TIME, trouble: undefined };
    }
    throw inState(trouble.state);
  }

  private process(fn: FunctionState, version: VersionState): FunctionProcess {
    const key = `${fn.name} ${version.version} ${version.revision}`;
    if (!this.processes.has(key)) {
      this.processes.set(key, this.start(fn, version));
    }
    return this.processes.get(key)!;
  }

  private start(fn: FunctionState, version: VersionState): FunctionProcess {
    const { Runtime = '', Handler = '', MemorySize = 128, Timeout = 3, Environment, Role } = version.configuration;
    const arn = this.account.lambda.arn({ FunctionName: fn.name });
    const caller = this.account.iam.assume(Role!, 'lambda.amazonaws.com', arn, fn.name);
    const log = path.join(this.account.folder, 'logs', `${fn.name}.log`);
    fs.mkdirSync(path.dirname(log), { recursive: true });
    return new FunctionProcess({
      packageFolder: packageFolder(this.account, version),
      runtime: Runtime,
      handler: Handler,
      functionName: fn.name,
      version: version.version,
      memorySize: MemorySize,
      timeoutSeconds: Timeout,
      clock: this.account.clock,
      sdkFolder: path.dirname(packageFolder(this.account, version)),
      onBlocked: (host) => this.account.noteUnknown(fn.name, `the host ${host}`),
      onLine: (line) => {
        const now = this.account.clock.now();
        append(log, `${new Date(now).toISOString()} ${version.version} ${line}\n`);
        this.account.state.metricValues.push(...readEmbeddedMetrics(line, now));
      },
      environment: { ...Environment?.Variables, ...credentialsOf(this.account, caller) },
    });
  }
}

/** A stopped process may still write when the rehearsal has already deleted its folder. */
function append(log: string, text: string): void {
  if (fs.existsSync(path.dirname(log))) {
    fs.appendFileSync(log, text);
  }
}

/** Distributes the invocations evenly over the versions by their weights, without chance. */
export function chooseVersion(alias: Pick<AliasState, 'version' | 'weights' | 'invocations'>): string {
  const [additional] = Object.entries(alias.weights);
  if (!additional) {
    return alias.version;
  }
  const [version, weight] = additional;
  const due = (invocations: number) => Math.floor(invocations * weight + 1e-9);
  return due(alias.invocations + 1) > due(alias.invocations) ? version : alias.version;
}

function parse(payload: Buffer | string | undefined): unknown {
  const text = payload?.toString() ?? '';
  if (text === '') {
    return {};
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError(400, 'InvalidRequestContentException', 'Could not parse request body into json');
  }
}

function describe({ payload, error }: InvokeResult) {
  if (!error) {
    return { Payload: JSON.stringify(payload ?? null) };
  }
  return {
    FunctionError: 'Unhandled',
    Payload: JSON.stringify({ errorType: error.type, errorMessage: error.message, stackTrace: error.stack }),
  };
}
