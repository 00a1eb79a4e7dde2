import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CreateFunctionOptions, TargetFunction } from '../../../src';
import { describeWith } from '../../support/tools';
import { actionsOf, pipelineApp, Rehearsed, summaryOf } from '../support/run';

jest.setTimeout(300_000);

const built = (runtime: lambda.Runtime, handler: string, options: Partial<CreateFunctionOptions> = {}) => pipelineApp({
  targetFunction: TargetFunction.create({ runtime, handler, ...options }), buildProject: {},
});

const HASH = 'sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==';
const LOCK_FILES: Record<string, string> = {
  'package-lock.json': JSON.stringify({
    name: 'orders',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': { name: 'orders', version: '1.0.0', dependencies: { ms: '2.1.3' } }, 'node_modules/ms': { version: '2.1.3', integrity: HASH } },
  }),
  'yarn.lock': `# yarn lockfile v1\n\n\nms@2.1.3:\n  version "2.1.3"\n  resolved "https://registry.yarnpkg.com/ms/-/ms-2.1.3.tgz"\n  integrity ${HASH}\n`,
  'pnpm-lock.yaml': [
    'lockfileVersion: \'9.0\'', 'settings:', '  autoInstallPeers: true', '  excludeLinksFromLockfile: false',
    'importers:', '  .:', '    dependencies:', '      ms:', '        specifier: 2.1.3', '        version: 2.1.3',
    'packages:', '  ms@2.1.3:', `    resolution: {integrity: ${HASH}}`, 'snapshots:', '  ms@2.1.3: {}', '',
  ].join('\n'),
};

const NODE = {
  'package.json': '{ "name": "orders", "version": "1.0.0", "private": true, "scripts": { "test": "node --test" }, "dependencies": { "ms": "2.1.3" } }',
  'index.js': 'const ms = require("ms");\nexports.handler = async () => ms("2 days");\n',
  'tests/index.test.js': 'require("node:test")("answers", async () => require("node:assert").equal(await require("..").handler(), 172800000));\n',
};

describe('Node.js', () => {
  test.each(Object.keys(LOCK_FILES))('is built by %s and invoked', async (lockFile) => {
    const run = await new Rehearsed().push(built(lambda.Runtime.NODEJS_24_X, 'index.handler'), { ...NODE, [lockFile]: LOCK_FILES[lockFile] });

    expect(run.cause).toBeUndefined();
    expect(summaryOf(run, 'BuildAction')).toContain('1 tests passed');
    expect(run.invocations.count).toBeGreaterThan(0);
    expect(run.invocations.errors).toBe(0);
  });

  test('is not built from a lock file that does not fit', async () => {
    const other = LOCK_FILES['package-lock.json'].replace(/2\.1\.3/g, '2.1.2');
    const run = await new Rehearsed().push(built(lambda.Runtime.NODEJS_24_X, 'index.handler'), { ...NODE, 'package-lock.json': other });
    expect(run.cause).toContain('INSTALL');
  });
});

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId><artifactId>orders</artifactId><version>1</version>
  <properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
  <dependencies>
    <dependency><groupId>commons-lang</groupId><artifactId>commons-lang</artifactId><version>2.6</version></dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13.2</version><scope>test</scope></dependency>
  </dependencies>
</project>`;

const JAVA = (separator: string) => ({
  'pom.xml': POM,
  'src/main/java/example/Orders.java': `package example;
    import java.util.Map;
    public class Orders {
      public String handle(Map<String, Object> event) { return org.apache.commons.lang.StringUtils.join(new String[] {"a", "b"}, "${separator}"); }
    }`,
  'src/test/java/example/OrdersTest.java': `package example;
    public class OrdersTest {
      @org.junit.Test public void joins() { org.junit.Assert.assertEquals("a-b", new Orders().handle(Map.of())); }
    }`.replace('Map.of()', 'java.util.Map.of()'),
});

describeWith('mvn', 'java')('Java', () => {
  test('is built by Maven and invoked, and stopped by a test that fails', async () => {
    const account = new Rehearsed();
    const run = await account.push(built(lambda.Runtime.JAVA_17, 'example.Orders::handle'), JAVA('-'));
    const failed = await account.push(built(lambda.Runtime.JAVA_17, 'example.Orders::handle'), JAVA('+'));

    expect(run.cause).toBeUndefined();
    expect(run.invocations.count).toBeGreaterThan(0);
    expect(run.invocations.errors).toBe(0);
    expect(failed.cause).toContain('1 of 1 tests failed');
    expect(failed.alias).toMatchObject({ version: '2' });
  });
});

const GO = {
  'go.mod': 'module example.com/orders\n\ngo 1.21\n',
  'main.go': `package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
)

func answer(event []byte) []byte { return append([]byte{'"'}, append(bytes.ToUpper(event[:1]), '"')...) }

func main() {
	runtime := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		next, err := http.Get(runtime + "next")
		if err != nil {
			return
		}
		event, _ := io.ReadAll(next.Body)
		http.Post(runtime+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/response", "application/json", bytes.NewReader(answer(event)))
	}
}
`,
  'main_test.go': `package main

import "testing"

func TestAnswer(t *testing.T) {
	if string(answer([]byte("a"))) != "\\"A\\"" {
		t.Fatal("not in capitals")
	}
}
`,
};

describeWith('go')('Go', () => {
  test('is built and invoked', async () => {
    const run = await new Rehearsed().push(built(lambda.Runtime.PROVIDED_AL2023, 'bootstrap'), GO);

    expect(run.cause).toBeUndefined();
    expect(summaryOf(run, 'BuildAction')).toContain('1 tests passed');
    expect(run.invocations.count).toBeGreaterThan(0);
    expect(run.invocations.errors).toBe(0);
  });

  test('for the other architecture is built and shifted, and the output says that it was not run', async () => {
    const architecture = process.arch === 'arm64' ? lambda.Architecture.X86_64 : lambda.Architecture.ARM_64;
    const run = await new Rehearsed().push(built(lambda.Runtime.PROVIDED_AL2023, 'bootstrap', { architecture }), GO);

    expect(run.cause).toBeUndefined();
    expect(actionsOf(run)).toContain('Deploy/DeployAction Succeeded');
    expect(run.notRehearsed).toContainEqual(expect.stringContaining(`the invocation of orders, a program for ${architecture.name}`));
  });

  test('is not built without a module', async () => {
    const run = await new Rehearsed().push(built(lambda.Runtime.PROVIDED_AL2023, 'bootstrap'), { 'main.go': GO['main.go'] });
    expect(run.cause).toContain('no go.mod');
  });
});

describe('.NET', () => {
  test('is built with what this machine has, and fails as it fails', async () => {
    const run = await new Rehearsed().push(built(lambda.Runtime.DOTNET_8, 'Orders::Orders.Function::Handle'), { 'Orders.csproj': 'no project' });
    expect(run.cause).toContain('INSTALL: Error while executing command: dotnet restore');
  });
});
