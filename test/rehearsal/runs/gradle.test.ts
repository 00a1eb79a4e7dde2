import * as lambda from 'aws-cdk-lib/aws-lambda';
import { TargetFunction } from '../../../src';
import { testWith } from '../../support/tools';
import { pipelineApp, Rehearsed, summaryOf } from '../support/run';

jest.setTimeout(300_000);

const app = pipelineApp({
  targetFunction: TargetFunction.create({ runtime: lambda.Runtime.JAVA_17, handler: 'example.Orders::handle' }),
  buildProject: { coverageReport: true },
});

/** A project for Gradle 4, which Debian has, and for newer versions. */
const JAVA = (separator: string) => ({
  'build.gradle': `
    apply plugin: 'java'
    apply plugin: 'jacoco'
    jacoco { toolVersion = '0.8.14' }
    jacocoTestReport {
      reports {
        if (GradleVersion.current() < GradleVersion.version('7.0')) xml.enabled = true else xml.required = true
      }
    }
    test.finalizedBy jacocoTestReport
    repositories { mavenCentral() }
    dependencies {
      implementation 'commons-lang:commons-lang:2.6'
      testImplementation 'junit:junit:4.13.2'
    }`,
  'src/main/java/example/Orders.java': `package example;
    public class Orders {
      public String handle(java.util.Map<String, Object> event) {
        return org.apache.commons.lang.StringUtils.join(new String[] {"a", "b"}, "${separator}");
      }
    }`,
  'src/test/java/example/OrdersTest.java': `package example;
    public class OrdersTest {
      @org.junit.Test public void joins() {
        org.junit.Assert.assertEquals("a-b", new Orders().handle(java.util.Map.of()));
      }
    }`,
});

testWith('gradle', 'java')(
  'Gradle builds a function in Java, which is invoked; a failed test stops the run',
  async () => {
    const account = new Rehearsed();
    const run = await account.push(app, JAVA('-'));
    const failed = await account.push(app, JAVA('+'));

    expect(run.cause).toBeUndefined();
    expect(summaryOf(run, 'BuildAction')).toBe('built, 1 tests passed, 100.0 % of 2 lines covered');
    expect(run.invocations.count).toBeGreaterThan(0);
    expect(run.invocations.errors).toBe(0);
    expect(failed.cause).toContain('1 of 1 tests failed');
    expect(failed.alias).toMatchObject({ version: '2' });
  },
);
