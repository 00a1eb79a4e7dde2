import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { FunctionOptions } from '../../../rehearsal/function/function';
import { FunctionProcess } from '../../../rehearsal/function/function-process';

jest.setTimeout(240_000); // downloads the SDKs the first time

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:shop:live';
const processes: FunctionProcess[] = [];

afterEach(async () => {
  await Promise.all(processes.splice(0).map((started) => started.stop()));
});

function start(files: Record<string, string>, options: Partial<FunctionOptions>): FunctionProcess {
  const sdkFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'package-'));
  const packageFolder = path.join(sdkFolder, 'task');
  fs.mkdirSync(packageFolder);
  for (const [name, text] of Object.entries(files)) {
    fs.writeFileSync(path.join(packageFolder, name), text);
  }
  const started = new FunctionProcess({
    packageFolder,
    sdkFolder,
    runtime: 'python3.13',
    handler: 'index.handler',
    functionName: 'shop',
    version: '7',
    memorySize: 256,
    timeoutSeconds: 60,
    environment: {},
    ...options,
  });
  processes.push(started);
  return started;
}

const NODE = { runtime: 'nodejs22.x' };

describe('the AWS SDK of Lambda is found by', () => {
  test('a Python function without boto3 in its package', async () => {
    const shop = start({ 'index.py': 'import boto3\ndef handler(event, context): return boto3.__name__' }, {});
    expect((await shop.invoke({}, ARN)).payload).toBe('boto3');
  });

  test('a Node.js function that requires a client', async () => {
    const text = 'const { SSMClient } = require("@aws-sdk/client-ssm"); exports.handler = async () => SSMClient.name;';
    expect((await start({ 'index.js': text }, NODE).invoke({}, ARN)).payload).toBe('SSMClient');
  });

  test('a Node.js function that imports a client', async () => {
    const text = 'import { SSMClient } from "@aws-sdk/client-ssm"; export const handler = async () => SSMClient.name;';
    expect((await start({ 'index.mjs': text }, NODE).invoke({}, ARN)).payload).toBe('SSMClient');
  });
});

describe('a call to the internet', () => {
  const blockedBy = async (files: Record<string, string>, options: Partial<FunctionOptions>) => {
    const hosts: string[] = [];
    const result = await start(files, { ...options, onBlocked: (host) => hosts.push(host) }).invoke({}, ARN);
    return { hosts: [...new Set(hosts)], message: result.error?.message };
  };

  test('of a Python function fails, and its host is reported', async () => {
    const text =
      'import http.client\ndef handler(event, context): http.client.HTTPSConnection("example.com").connect()';
    expect(await blockedBy({ 'index.py': text }, {})).toEqual({
      hosts: ['example.com'],
      message: 'the rehearsal lets nothing leave this machine: example.com',
    });
  });

  test.each([
    ['of fetch', 'exports.handler = () => fetch("https://example.com");', 'fetch failed'],
    [
      'of node:https',
      `exports.handler = () => new Promise((_, reject) => {
        require("node:https").get("https://example.com").on("error", reject); });`,
      'connect ENETUNREACH: the rehearsal lets nothing leave this machine: example.com',
    ],
  ])('%s fails, and its host is reported', async (_, text, message) => {
    expect(await blockedBy({ 'index.js': text }, NODE)).toEqual({ hosts: ['example.com'], message });
  });

  test('by a proxy is reported', async () => {
    const text = `exports.handler = () => new Promise((resolve) => {
      const [host, port] = process.env.HTTPS_PROXY.replace('http://', '').split(':');
      require("node:http").request({ host, port, method: "CONNECT", path: "example.com:443" })
        .on("connect", ({ statusCode }) => resolve(statusCode)).end(); });`;
    expect((await blockedBy({ 'index.js': text }, NODE)).hosts).toEqual(['example.com']);
  });
});
