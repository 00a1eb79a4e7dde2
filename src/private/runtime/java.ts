import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PACK_PYTHON } from './pack';
import { PACKAGE_FILE, Recipe, RecipeDirectories } from './recipe';
import { directoryOf, NEW_PACKAGE_DIRECTORY } from './shell';

/** Java: Maven or Gradle, whichever's file is there; the classes at the root of the package and the dependencies in `lib`. */
export function java(runtime: lambda.Runtime, { dependencyFile, coverage }: RecipeDirectories): Recipe {
  const project = directoryOf(dependencyFile ?? 'pom.xml');
  const either = (maven: string, gradle: string) =>
    `cd ${project} && if [ -f pom.xml ]; then ${maven}; elif [ -f build.gradle ] || [ -f build.gradle.kts ]; then ${GRADLE} && ${gradle}; else ${NEITHER}; fi && cd - > /dev/null`;
  return {
    tool: 'maven',
    runtimeVersions: { java: `corretto${runtime.name.replace(/^java(\d+).*$/, '$1')}` },
    install: [either('mvn --version', '$GRADLE --version')],
    preBuild: [either(coverage ? COVERED_TEST : 'mvn --batch-mode --quiet test', '$GRADLE --console=plain test')],
    build: [
      NEW_PACKAGE_DIRECTORY,
      GRADLE_PACKAGE,
      either(
        'mvn --batch-mode --quiet -DskipTests compile dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$PACKAGE_DIRECTORY/lib" && cp -R target/classes/. "$PACKAGE_DIRECTORY"',
        '$GRADLE --console=plain --init-script "$GRADLE_PACKAGE" -PpackageDirectory="$PACKAGE_DIRECTORY" lambdaPackage',
      ),
      PACK_PYTHON,
    ],
    reports: { files: ['**/target/surefire-reports/*.xml', '**/build/test-results/test/*.xml'], format: 'JUNITXML' },
    coverageReport: {
      files: ['**/target/site/jacoco/jacoco.xml', '**/build/reports/jacoco/test/*.xml'],
      format: 'JACOCOXML',
    },
    cachePaths: ['/root/.m2/repository/**/*', '/root/.gradle/caches/**/*', '/root/.gradle/wrapper/**/*'],
    artifact: PACKAGE_FILE,
  };
}

const JACOCO = 'org.jacoco:jacoco-maven-plugin';

/** With the project's own JaCoCo, or with one that is added from outside. */
const COVERED_TEST =
  `if grep -q jacoco-maven-plugin pom.xml; then mvn --batch-mode --quiet test ${JACOCO}:report; ` +
  `else mvn --batch-mode --quiet ${JACOCO}:0.8.14:prepare-agent test ${JACOCO}:0.8.14:report; fi`;

/** The repository's own Gradle, when it brings one. */
const GRADLE = 'GRADLE=gradle && if [ -f gradlew ]; then GRADLE="sh ./gradlew"; fi';

const NEITHER =
  '{ echo "neither pom.xml nor build.gradle here: set buildProject.dependencyFile to where it is" >&2; false; }';

/** Gradle has no command that copies the dependencies: a task is added from outside, so that the user's build stays as it is. */
const GRADLE_PACKAGE = `export GRADLE_PACKAGE=$(mktemp -d)/package.gradle && cat > "$GRADLE_PACKAGE" <<'END'
rootProject {
  afterEvaluate {
    tasks.create("lambdaPackage", Copy) {
      from(sourceSets.main.output)
      into(findProperty("packageDirectory"))
      into("lib") { from(configurations.runtimeClasspath) }
    }
  }
}
END`;
