import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Clock } from '../../../rehearsal/base/clock';
import { FunctionOptions, InvokeResult } from '../../../rehearsal/function/function';
import { FunctionProcess } from '../../../rehearsal/function/function-process';
import { describeWith } from '../../support/tools';

jest.setTimeout(60_000); // a Java process starts slowly on a busy machine

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:shop:live';
const processes: FunctionProcess[] = [];

afterEach(async () => {
  await Promise.all(processes.splice(0).map((started) => started.stop()));
});

function packageOf(files: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'package-'));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text, { mode: 0o755 });
  }
  return folder;
}

function start(files: Record<string, string>, options: Partial<FunctionOptions>): FunctionProcess {
  const started = new FunctionProcess({
    packageFolder: packageOf(files),
    runtime: 'python3.13',
    handler: 'app.handler',
    functionName: 'shop',
    version: '7',
    memorySize: 256,
    timeoutSeconds: 20,
    environment: {},
    ...options,
  });
  processes.push(started);
  return started;
}

const python = (text: string, options: Partial<FunctionOptions> = {}) => start({ 'app.py': text }, options);
const node = (text: string, options: Partial<FunctionOptions> = {}) =>
  start({ 'index.js': text }, { runtime: 'nodejs22.x', handler: 'index.handler', ...options });

describe('a Python function', () => {
  test('returns its result, runs in its own folder, and gets the context of Lambda', async () => {
    const shop = python(
      `
import os
def handler(event, context):
    return {'sum': event['a'] + 1, 'cwd': os.getcwd(), 'root': os.environ['LAMBDA_TASK_ROOT'], 'own': os.environ['OWN'], 'region': os.environ['AWS_REGION'],
            'arn': context.invoked_function_arn, 'version': context.function_version, 'time': 15000 < context.get_remaining_time_in_millis() <= 20000}
`,
      { environment: { OWN: 'yes' } },
    );
    const { payload } = await shop.invoke({ a: 1 }, ARN);
    const { cwd, root, ...rest } = payload as Record<string, unknown>;
    expect(cwd).toBe(fs.realpathSync(root as string));
    expect(rest).toEqual({ sum: 2, own: 'yes', region: 'eu-west-1', arn: ARN, version: '7', time: true });
  });

  test('keeps its state between invocations, even after an error', async () => {
    const shop = python(
      'count = 0\ndef handler(event, context):\n    global count\n    count += 1\n    if count == 2: raise ValueError("no stock")\n    return count',
    );
    expect((await shop.invoke({}, ARN)).payload).toBe(1);
    const failed = (await shop.invoke({}, ARN)).error;
    expect(failed).toMatchObject({ type: 'ValueError', message: 'no stock' });
    expect(failed?.stack?.join('')).toContain('app.py", line 5');
    expect((await shop.invoke({}, ARN)).payload).toBe(3);
  });

  test('reports each line that it prints', async () => {
    const lines: string[] = [];
    await python('import sys\ndef handler(event, context):\n    print("out")\n    print("err", file=sys.stderr)', {
      onLine: (line) => lines.push(line),
    }).invoke({}, ARN);
    expect(lines.sort()).toEqual(['err', 'out']);
  });

  test('sees neither the packages nor the credentials of this machine', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    const shop = python('import os\ndef handler(event, context):\n    import pip');
    expect((await shop.invoke({}, ARN)).error).toMatchObject({
      type: 'ModuleNotFoundError',
      message: "No module named 'pip'",
    });
    const variables = (
      await python('import os\ndef handler(event, context):\n    return dict(os.environ)').invoke({}, ARN)
    ).payload;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    expect(variables).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
  });

  test.each<[string, string, string, string, string]>([
    [
      'a package that lacks a module',
      'import nowhere',
      'app.handler',
      'Runtime.ImportModuleError',
      "Unable to import module 'app': No module named 'nowhere'",
    ],
    [
      'a package that lacks the handler file',
      '',
      'other.handler',
      'Runtime.ImportModuleError',
      "Unable to import module 'other': No module named 'other'",
    ],
    [
      'a module that lacks the handler',
      '',
      'app.missing',
      'Runtime.HandlerNotFound',
      "Handler 'missing' missing on module 'app'",
    ],
    [
      'a handler without a module',
      '',
      'handler',
      'Runtime.MalformedHandlerName',
      "Bad handler 'handler': not enough values to unpack (expected 2, got 1)",
    ],
    [
      'a result that JSON cannot hold',
      'def handler(e, c): return {1, 2}',
      'app.handler',
      'Runtime.MarshalError',
      'Unable to marshal response: Object of type set is not JSON serializable',
    ],
    [
      'an exit',
      'import os\ndef handler(e, c): os._exit(3)',
      'app.handler',
      'Runtime.ExitError',
      'Runtime exited with error: exit status 3',
    ],
  ])('fails as in Lambda for %s', async (_, text, handler, type, message) => {
    const shop = python(text, { handler });
    expect((await shop.invoke({}, ARN)).error).toMatchObject({ type, message });
    expect((await shop.invoke({}, ARN)).error).toMatchObject({ type, message });
  });

  test('fails for a syntax error', async () => {
    const { error } = await python('def handler(:').invoke({}, ARN);
    expect(error?.type).toBe('Runtime.UserCodeSyntaxError');
    expect(error?.message).toContain("Syntax error in module 'app'");
  });

  test('supports a handler in a Python package', async () => {
    const shop = start(
      { 'functions/__init__.py': '', 'functions/allocate.py': 'def run(e, c): return "ok"' },
      { handler: 'functions/allocate.run' },
    );
    expect((await shop.invoke({}, ARN)).payload).toBe('ok');
  });

  test('times out, and starts again', async () => {
    const shop = python(
      'import time\ncount = 0\ndef handler(e, c):\n    global count\n    count += 1\n    if e["slow"]: time.sleep(60)\n    return count',
      { timeoutSeconds: 1 },
    );
    expect((await shop.invoke({ slow: true }, ARN)).error).toEqual({
      type: 'Sandbox.Timedout',
      message: 'Task timed out after 1.00 seconds',
    });
    expect((await shop.invoke({ slow: false }, ARN)).payload).toBe(1);
  });

  test('ends its invocation when it is stopped', async () => {
    let started!: () => void;
    const working = new Promise<void>((resolve) => {
      started = resolve;
    });
    const shop = python('import time\ndef handler(e, c):\n    print("working")\n    time.sleep(60)', {
      onLine: () => started(),
    });
    const invocation = shop.invoke({}, ARN);
    await working;
    await shop.stop();
    expect((await invocation).error).toEqual({ type: 'Runtime.ExitError', message: 'the function was stopped' });
  });

  test('serves two concurrent invocations with two processes', async () => {
    const shop = python('import os, time\ndef handler(e, c):\n    time.sleep(0.5)\n    return os.getpid()');
    const [first, second] = await Promise.all([shop.invoke({}, ARN), shop.invoke({}, ARN)]);
    expect(first.payload).not.toBe(second.payload);
  });
});

describe('a Node.js function', () => {
  test('returns its result and gets the context of Lambda', async () => {
    const shop = node(`exports.handler = async (event, context) => ({
      sum: event.a + 1, arn: context.invokedFunctionArn, version: context.functionVersion, time: context.getRemainingTimeInMillis() > 15000 });`);
    expect((await shop.invoke({ a: 1 }, ARN)).payload).toEqual({ sum: 2, arn: ARN, version: '7', time: true });
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'a callback',
      { 'index.js': 'exports.handler = (event, context, callback) => setTimeout(() => callback(null, "ok"), 1)' },
      'index.handler',
    ],
    ['a module by extension', { 'index.mjs': 'export const handler = async () => "ok"' }, 'index.handler'],
    [
      'a module by package.json',
      { 'index.js': 'export const handler = async () => "ok"', 'package.json': '{"type":"module"}' },
      'index.handler',
    ],
    ['a nested file and export', { 'src/app.cjs': 'exports.api = { get: async () => "ok" }' }, 'src/app.api.get'],
  ])('supports a handler with %s', async (_, files, handler) => {
    expect((await start(files, { runtime: 'nodejs22.x', handler }).invoke({}, ARN)).payload).toBe('ok');
  });

  test('cannot require an ES module before Node.js 24', async () => {
    const files = { 'index.js': 'require("./module.mjs");', 'module.mjs': 'export const a = 1;' };
    const shop = start(files, { runtime: 'nodejs22.x', handler: 'index.handler' });
    expect((await shop.invoke({}, ARN)).error?.message).toMatch(/require\(\) of ES Module|ERR_REQUIRE_ESM/);
  });

  test('returns null when its event loop is empty', async () => {
    const shop = node('exports.handler = () => {}');
    expect((await shop.invoke({}, ARN)).payload).toBeNull();
    expect((await shop.invoke({}, ARN)).payload).toBeNull();
  });

  test.each<[string, string, Partial<FunctionOptions>, string, RegExp]>([
    [
      'a rejected promise',
      'exports.handler = async () => { throw new TypeError("no stock") }',
      {},
      'TypeError',
      /^no stock$/,
    ],
    ['a missing module', 'require("nowhere")', {}, 'Runtime.ImportModuleError', /^Error: Cannot find module 'nowhere'/],
    ['a missing file', '', { handler: 'other.handler' }, 'Runtime.ImportModuleError', /Cannot find module 'other'/],
    ['a missing export', '', {}, 'Runtime.HandlerNotFound', /index.handler is undefined or not exported/],
    ['a syntax error', 'exports.handler = (', {}, 'Runtime.UserCodeSyntaxError', /SyntaxError/],
    ['an exit', 'exports.handler = async () => process.exit(3)', {}, 'Runtime.ExitError', /exit status 3/],
    [
      'a callback in Node.js 24',
      'exports.handler = (e, c, callback) => callback()',
      { runtime: 'nodejs24.x' },
      'Runtime.CallbackHandlerDeprecated',
      /make the handler async/,
    ],
  ])('fails as in Lambda for %s', async (_, text, options, type, message) => {
    const { error } = await node(text, options).invoke({}, ARN);
    expect(error).toEqual(expect.objectContaining({ type, message: expect.stringMatching(message) }));
  });
});

describeWith('javac')('a Java function', () => {
  const JAVA = `package shop;
import java.util.*;
public class Allocate {
  public record Line(String sku, int quantity) {}
  public static class Order {
    private String id;
    private List<Line> lines;
    public void setId(String id) { this.id = id; }
    public void setLines(List<Line> lines) { this.lines = lines; }
  }
  public static class Answer {
    public String getId() { return "a\\"b"; }
    public int[] getQuantities() { return new int[] {1, 2}; }
  }
  public record Sum(String id, long sum, List<Line> lines) {}
  public Sum sum(Order order) {
    if (order.lines.isEmpty()) throw new IllegalStateException("no lines");
    return new Sum(order.id, order.lines.stream().mapToInt(Line::quantity).sum(), order.lines);
  }
  public Map<String, Object> echo(Map<String, Object> event) { return event; }
  public Answer answer(Object event) { return new Answer(); }
}`;
  let packageFolder: string;

  beforeAll(() => {
    packageFolder = packageOf({ 'shop/Allocate.java': JAVA });
    execFileSync('javac', ['-d', packageFolder, path.join(packageFolder, 'shop/Allocate.java')]);
  });

  const java = (method: string) => start({}, { packageFolder, runtime: 'java21', handler: `shop.Allocate${method}` });

  test('receives and returns its own types, and fails with its exception', async () => {
    const shop = java('::sum');
    const lines = [
      { sku: 'tea', quantity: 2 },
      { sku: 'coffee', quantity: 3 },
    ];
    expect((await shop.invoke({ id: 'A', lines }, ARN)).payload).toEqual({ id: 'A', sum: 5, lines });
    expect((await shop.invoke({ lines: [] }, ARN)).error).toMatchObject({
      type: 'java.lang.IllegalStateException',
      message: 'no lines',
    });
  });

  test('receives any JSON as a map', async () => {
    const event = { text: 'ä "q" \n \\', list: [1, -2.5, 12345678901, true, null], deep: { a: {} } };
    expect((await java('::echo').invoke(event, ARN)).payload).toEqual(event);
  });

  test('returns beans', async () => {
    expect((await java('::answer').invoke({}, ARN)).payload).toEqual({ id: 'a"b', quantities: [1, 2] });
  });

  test('fails for a class that the package lacks', async () => {
    const { error } = await start({}, { packageFolder, runtime: 'java21', handler: 'shop.Other' }).invoke({}, ARN);
    expect(error).toMatchObject({ type: 'java.lang.ClassNotFoundException', message: 'Class not found: shop.Other' });
  });

  test('whose constructor fails reports its own error', async () => {
    const source = 'public class Broken { public Broken() { throw new IllegalStateException("no table"); } }';
    const folder = packageOf({ 'Broken.java': source });
    execFileSync('javac', ['-d', folder, path.join(folder, 'Broken.java')]);
    const broken = start({}, { packageFolder: folder, runtime: 'java21', handler: 'Broken' });
    expect((await broken.invoke({}, ARN)).error).toMatchObject({
      type: 'java.lang.IllegalStateException',
      message: 'no table',
    });
  });
});

describe('the clock', () => {
  const START = Date.UTC(2030, 0, 1);
  const SLEEPER = `
    const { setTimeout: sleep } = require('node:timers/promises');
    exports.handler = async ({ ms }, context) => {
      const before = Date.now();
      await sleep(ms);
      return { before, after: new Date().getTime(), remaining: context.getRemainingTimeInMillis() };
    };`;

  function onClock(act: (clock: Clock) => Promise<InvokeResult>): Promise<InvokeResult> {
    const clock = new Clock(START);
    return clock.run(() => act(clock));
  }

  test('advances while a Node.js function sleeps, and sets its time', async () => {
    const result = await onClock((clock) => node(SLEEPER, { clock, timeoutSeconds: 900 }).invoke({ ms: 600_000 }, ARN));
    expect(result.payload).toEqual({ before: START, after: START + 600_000, remaining: 300_000 });
    expect(result.durationMs).toBeGreaterThanOrEqual(600_000);
  });

  test('advances for a module that imports the sleep', async () => {
    const text =
      'import { setTimeout as sleep } from "timers/promises"; export const handler = async () => { await sleep(60000); return Date.now(); }';
    const result = await onClock((clock) =>
      start(
        { 'index.mjs': text },
        { clock, runtime: 'nodejs22.x', handler: 'index.handler', timeoutSeconds: 900 },
      ).invoke({}, ARN),
    );
    expect(result.payload).toBe(START + 60_000);
  });

  test('ends a function that sleeps beyond its timeout', async () => {
    const clock = new Clock(START);
    const { error } = await clock.run(() => node(SLEEPER, { clock, timeoutSeconds: 10 }).invoke({ ms: 600_000 }, ARN));
    expect(error).toEqual({ type: 'Sandbox.Timedout', message: 'Task timed out after 10.00 seconds' });
    expect(clock.now()).toBe(START + 10_000);
  });

  test('runs other actors while the function sleeps', async () => {
    const clock = new Clock(START);
    const times: number[] = [];
    const shop = node(SLEEPER, { clock, timeoutSeconds: 900 });
    await Promise.all([
      clock.run(async () => {
        await clock.sleep(20_000);
        times.push(clock.now() - START);
      }),
      clock.run(async () => {
        await shop.invoke({ ms: 60_000 }, ARN);
        times.push(clock.now() - START);
      }),
    ]);
    expect(times).toEqual([20_000, 60_000]);
  });

  test('rejects two concurrent sleeps', async () => {
    const text =
      'const { setTimeout: sleep } = require("timers/promises"); exports.handler = () => Promise.all([sleep(9), sleep(9)])';
    const { error } = await onClock((clock) => node(text, { clock }).invoke({}, ARN));
    expect(error?.message).toBe('two sleeps at the same time in one invocation are not rehearsed');
  });
});

describe('a runtime', () => {
  test('of the family provided is an executable that calls the Runtime API', async () => {
    const bootstrap = `#!${process.execPath}
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
(async () => {
  for (;;) {
    const next = await fetch(base + 'next');
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const { a } = await next.json();
    await fetch(base + id + (a ? '/response' : '/error'), { method: 'POST', body: a ? '"ok"' : '{"errorType":"Own","errorMessage":"no a"}' });
  }
})();`;
    const shop = start({ bootstrap }, { runtime: 'provided.al2023' });
    expect((await shop.invoke({ a: 1 }, ARN)).payload).toBe('ok');
    expect((await shop.invoke({}, ARN)).error).toEqual({ type: 'Own', message: 'no a' });
  });

  test('starts again after it exited with an error, as Go does after a panic', async () => {
    const bootstrap = `#!${process.execPath}
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
(async () => {
  const next = await fetch(base + 'next');
  const frame = { path: 'main.go', line: 6, label: 'handle' };
  const body = JSON.stringify({ errorType: 'string', errorMessage: 'boom', stackTrace: [frame] });
  await fetch(base + next.headers.get('lambda-runtime-aws-request-id') + '/error', { method: 'POST', body });
  process.exit(1);
})();`;
    const shop = start({ bootstrap }, { runtime: 'provided.al2023' });
    const boom = { type: 'string', message: 'boom', stack: ['main.go:6 handle'] };
    expect((await shop.invoke({}, ARN)).error).toEqual(boom);
    expect((await shop.invoke({}, ARN)).error).toEqual(boom);
  });

  test('fails for a missing executable', async () => {
    const { error } = await start({}, { runtime: 'provided.al2023' }).invoke({}, ARN);
    expect(error?.type).toBe('Runtime.ExitError');
  });

  test('fails when it is not rehearsed, and lists the rehearsed ones', () => {
    expect(() => start({}, { runtime: 'ruby3.3' })).toThrow(
      'the runtime ruby3.3 is not rehearsed; rehearsed are nodejs, python, java and provided',
    );
  });
});
