import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BuildProjectOptions, TargetFunction } from '../../../src';
import { testWith } from '../../support/tools';
import { pipelineApp, Rehearsed, Run, summaryOf } from '../support/run';

jest.setTimeout(300_000);

const measured = (runtime: lambda.Runtime, handler: string, buildProject: BuildProjectOptions = {}) =>
  pipelineApp({
    targetFunction: TargetFunction.create({ runtime, handler }),
    buildProject: { coverageReport: true, ...buildProject },
  });

const putsCoverage = ({ calls }: Run) =>
  calls
    .filter(({ action }) => action === 'codebuild:BatchPutCodeCoverages')
    .map(({ resource, allowed }) => `${resource.split(':').at(-1)} ${allowed}`);
const notes = ({ lines }: Run) => lines.flatMap((line) => /note: (the report Coverage .*)/.exec(line)?.[1] ?? []);

/** The test covers a half. */
const PYTHON = {
  'app.py': 'def handler(event, context):\n    if event:\n        return 2\n    return 1\n',
  'tests/test_app.py': 'from app import handler\n\ndef test_handler():\n    assert handler({}, None) == 1\n',
};

test('the coverage of pytest excludes the tests', async () => {
  const run = await new Rehearsed().push(measured(lambda.Runtime.PYTHON_3_13, 'app.handler'), PYTHON);

  expect(run.cause).toBeUndefined();
  expect(summaryOf(run, 'BuildAction')).toBe('built, 1 tests passed, 75.0 % of 4 lines covered');
  expect(putsCoverage(run)).toEqual(['report-group/orders-build-Coverage true']);
});

test('the script test of Node.js has coverage', async () => {
  const run = await new Rehearsed().push(measured(lambda.Runtime.NODEJS_24_X, 'index.handler'), {
    'package.json': '{ "name": "orders", "version": "1.0.0", "private": true, "scripts": { "test": "node --test" } }',
    'index.js': 'exports.handler = async (event) => {\n  if (event.x) {\n    return 2;\n  }\n  return 1;\n};\n',
    'tests/index.test.js':
      'require("node:test")("answers", async () => require("node:assert").equal(await require("..").handler({}), 1));\n',
  });

  expect(run.cause).toBeUndefined();
  expect(summaryOf(run, 'BuildAction')).toBe('built, 1 tests passed, 66.7 % of 6 lines covered');
  expect(putsCoverage(run)).toEqual(['report-group/orders-build-Coverage true']);
});

const POM = (plugins: string) => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId><artifactId>orders</artifactId><version>1</version>
  <properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
  <dependencies><dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13.2</version><scope>test</scope></dependency></dependencies>
  <build><plugins>${plugins}</plugins></build>
</project>`;
const OWN_JACOCO = `<plugin><groupId>org.jacoco</groupId><artifactId>jacoco-maven-plugin</artifactId><version>0.8.14</version>
  <executions><execution><goals><goal>prepare-agent</goal></goals></execution></executions></plugin>`;

testWith('mvn', 'java').each([
  ['added', ''],
  ['of the project', OWN_JACOCO],
])('Maven is measured by a JaCoCo that is %s', async (_, plugins) => {
  const run = await new Rehearsed().push(measured(lambda.Runtime.JAVA_17, 'example.Orders::handle'), {
    'pom.xml': POM(plugins),
    'src/main/java/example/Orders.java': `package example;
      public class Orders {
        public int handle(java.util.Map<String, Object> event) {
          if (event.containsKey("x"))
            return 2;
          return 1;
        }
      }`,
    'src/test/java/example/OrdersTest.java': `package example;
      public class OrdersTest {
        @org.junit.Test public void answers() { org.junit.Assert.assertEquals(1, new Orders().handle(java.util.Map.of())); }
      }`,
  });

  expect(run.cause).toBeUndefined();
  expect(summaryOf(run, 'BuildAction')).toBe('built, 1 tests passed, 75.0 % of 4 lines covered');
});

testWith('go')('Go has coverage', async () => {
  const run = await new Rehearsed().push(measured(lambda.Runtime.PROVIDED_AL2023, 'bootstrap'), {
    'go.mod': 'module example.com/orders\n\ngo 1.21\n',
    'main.go':
      'package main\n\nfunc answer(x bool) int {\n\tif x {\n\t\treturn 2\n\t}\n\treturn 1\n}\n\nfunc main() {\n\tselect {}\n}\n',
    'main_test.go':
      'package main\n\nimport "testing"\n\nfunc TestAnswer(t *testing.T) {\n\tif answer(false) != 1 {\n\t\tt.Fatal("not one")\n\t}\n}\n',
  });

  expect(summaryOf(run, 'BuildAction')).toMatch(/^built, 1 tests passed, \d+\.\d % of \d+ lines covered$/);
  expect(putsCoverage(run)).toEqual(['report-group/orders-build-Coverage true']);
});

const PLAIN = { 'index.js': 'exports.handler = async () => 1;' };
const own = (...preBuildCommands: string[]) =>
  measured(lambda.Runtime.NODEJS_24_X, 'index.handler', { preBuildCommands });

test('commands of the user write the report at the place in the guide', async () => {
  const run = await new Rehearsed().push(
    own('mkdir coverage-report', 'echo \'<coverage lines-valid="8" lines-covered="2">\' > coverage-report/own.xml'),
    PLAIN,
  );
  expect(summaryOf(run, 'BuildAction')).toBe('built, no test reports, 25.0 % of 8 lines covered');
});

test('a missing report adds a note and does not fail the build', async () => {
  const run = await new Rehearsed().push(own('true'), PLAIN);
  expect(run.cause).toBeUndefined();
  expect(notes(run)).toEqual(['the report Coverage has no file coverage-report/*.xml']);
  expect(putsCoverage(run)).toEqual([]);
});

test('a report with another format adds a note and does not fail the build', async () => {
  const run = await new Rehearsed().push(
    own('mkdir coverage-report', 'echo "<testsuite/>" > coverage-report/own.xml'),
    PLAIN,
  );
  expect(run.cause).toBeUndefined();
  expect(notes(run)).toEqual(['the report Coverage was not read: coverage-report/own.xml is not COBERTURAXML']);
  expect(putsCoverage(run)).toEqual([]);
});
