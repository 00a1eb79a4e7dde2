/**
 * Runs a Node.js handler over the Runtime API, as Lambda's Node.js runtime does. With REHEARSAL_NOW in the environment,
 * dates and sleeps follow the virtual clock of the rehearsal.
 */
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const { Socket } = require('node:net');
const { syncBuiltinESMExports } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true });
const MAJOR = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV)[1]);
const EXTENSIONS = ['', '.js', '.mjs', '.cjs'];
let virtualNow;

function call(method, target, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    const request = http.request({ hostname, port, method, path: target, agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

const api = (method, target, body) => call(method, `/2018-06-01/runtime/${target}`, body);

/** Nothing leaves this machine, whatever an SDK makes of the endpoint variable. */
function guardNetwork() {
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function (...given) {
    const [first, second] = Array.isArray(given[0]) ? given[0] : given;
    const host = (typeof first === 'object' ? first.host : typeof second === 'string' && second) || 'localhost';
    const isPath = typeof first === 'string' || (typeof first === 'object' && first.path);
    if (isPath || /^(localhost|127\.[\d.]+|::1)$/.test(host)) {
      return connect.apply(this, given);
    }
    const error = new Error(`connect ENETUNREACH: the rehearsal lets nothing leave this machine: ${host}`);
    call('POST', '/rehearsal/blocked', JSON.stringify({ host })).finally(() => {
      this.destroy(Object.assign(error, { code: 'ENETUNREACH', syscall: 'connect' }));
    });
    return this;
  };
}

function setClock(headers) {
  virtualNow = Number(headers['rehearsal-now']);
}

function followClock() {
  const RealDate = Date;
  globalThis.Date = class Date extends RealDate {
    constructor(...values) {
      if (values.length) {
        super(...values);
      } else {
        super(virtualNow);
      }
    }
    static now() {
      return virtualNow;
    }
  };
  let sleeping = false;
  require('node:timers/promises').setTimeout = async (ms, value) => {
    if (sleeping) {
      throw new Error('two sleeps at the same time in one invocation are not rehearsed');
    }
    sleeping = true;
    const response = await call('POST', '/rehearsal/sleep', JSON.stringify({ ms: Number(ms) || 0 }));
    sleeping = false;
    if (response.status !== 200) {
      throw new Error(response.body);
    }
    setClock(response.headers);
    return value;
  };
  syncBuiltinESMExports();
}

function failure(type, message, trace = []) {
  return Object.assign(new Error(message), { lambdaType: type, trace });
}

function stackOf(error) {
  return String(error.stack).split('\n');
}

function describe(error) {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  const trace = error.trace ?? stackOf(error);
  return { errorType: error.lambdaType ?? error.name, errorMessage: error.message, trace };
}

function report(target, error) {
  const body = describe(error);
  console.error(body.trace.length ? body.trace.join('\n') : `${body.errorType}: ${body.errorMessage}`);
  return api('POST', target, JSON.stringify(body));
}

function findFile(base) {
  for (const extension of EXTENSIONS) {
    if (fs.statSync(base + extension, { throwIfNoEntry: false })?.isFile()) {
      return base + extension;
    }
  }
  throw failure('Runtime.ImportModuleError', `Error: Cannot find module '${path.basename(base)}'`);
}

function isModule(file) {
  if (!file.endsWith('.js')) {
    return file.endsWith('.mjs');
  }
  let folder = path.dirname(file);
  while (folder.startsWith(process.env.LAMBDA_TASK_ROOT)) {
    const manifest = path.join(folder, 'package.json');
    if (fs.existsSync(manifest)) {
      return JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module';
    }
    folder = path.dirname(folder);
  }
  return false;
}

async function importFile(file) {
  try {
    return isModule(file) ? await import(pathToFileURL(file)) : require(file);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw failure('Runtime.UserCodeSyntaxError', String(error), stackOf(error));
    }
    if (error?.code !== 'MODULE_NOT_FOUND' && error?.code !== 'ERR_MODULE_NOT_FOUND') {
      throw error;
    }
    throw failure('Runtime.ImportModuleError', `Error: ${error.message}`, stackOf(error));
  }
}

async function load(handler) {
  const match = /^([^.]*)\.(.+)$/.exec(path.basename(handler));
  if (!match) {
    throw failure('Runtime.MalformedHandlerName', 'Bad handler');
  }
  const [, file, property] = match;
  const loaded = await importFile(findFile(path.resolve(process.env.LAMBDA_TASK_ROOT, path.dirname(handler), file)));
  const find = (from) => property.split('.').reduce((value, name) => value?.[name], from);
  const found = find(loaded) ?? find(loaded.default);
  if (typeof found !== 'function') {
    throw failure('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  if (found.length >= 3 && MAJOR >= 24) {
    const message = 'Lambda does not support callback-based handlers from Node.js 24: make the handler async';
    throw failure('Runtime.CallbackHandlerDeprecated', message);
  }
  return found;
}

function contextOf(headers, callback) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: callback,
    fail: callback,
    succeed: (result) => callback(null, result),
  };
}

function run(handler, event, headers) {
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error ? reject(error) : resolve(result));
    const result = handler(event, contextOf(headers, callback), callback);
    if (typeof result?.then === 'function') {
      result.then(resolve, reject);
    } else {
      process.once('beforeExit', () => resolve(null)); // the event loop is empty, and nobody called back
    }
  });
}

async function serve(handler) {
  for (;;) {
    const { headers, body } = await api('GET', 'invocation/next');
    if (headers['rehearsal-now']) {
      setClock(headers);
    }
    const invocation = `invocation/${headers['lambda-runtime-aws-request-id']}`;
    try {
      const result = await run(handler, JSON.parse(body), headers);
      await api('POST', `${invocation}/response`, JSON.stringify(result) ?? 'null');
    } catch (error) {
      await report(`${invocation}/error`, error);
    }
  }
}

async function main() {
  if (process.env.REHEARSAL_NOW) {
    virtualNow = Number(process.env.REHEARSAL_NOW);
    delete process.env.REHEARSAL_NOW;
    followClock();
  }
  guardNetwork();
  let handler;
  try {
    handler = await load(process.env._HANDLER);
  } catch (error) {
    await report('init/error', error);
    process.exit(1);
  }
  await serve(handler);
}

process.on('unhandledRejection', (reason) => {
  console.error(reason);
  process.exit(128);
});
main().catch(() => process.exit(1)); // the rehearsal has ended
