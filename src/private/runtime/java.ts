import { Family } from './family-row';

/** Java: Maven or Gradle. */
export const JAVA: Family = {
  current: 'lambda.Runtime.JAVA_21',
  olderRuntimes: [],
  handler: {
    pattern: /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*(::[A-Za-z_$][\w$]*)?$/,
    form: '<package>.<class>::<method>',
    example: 'com.acme.App::handleRequest',
  },
  codeArtifact: { tool: 'maven', format: 'maven' },
  recipe: {
    program: 'java',
    runtimeVersions: (runtime) => ({ java: `corretto${runtime.replace(/^java(\d+).*$/, '$1')}` }),
    reports: { files: ['**/target/surefire-reports/*.xml', '**/build/test-results/test/*.xml'], format: 'JUNITXML' },
    coverageReport: {
      files: ['**/target/site/jacoco/jacoco.xml', '**/build/reports/jacoco/test/*.xml'],
      format: 'JACOCOXML',
    },
    cachePaths: ['/root/.m2/repository/**/*', '/root/.gradle/caches/**/*', '/root/.gradle/wrapper/**/*'],
  },
  plainLayout: { dependencyFile: 'pom.xml' },
};
