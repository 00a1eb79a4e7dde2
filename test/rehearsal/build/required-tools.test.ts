import { parseBuildSpec } from '../../../rehearsal/build/buildspec';
import { checkTools } from '../../../rehearsal/build/required-tools';

interface Build {
  readonly languages?: string;
  readonly commands?: string;
  readonly variables?: string;
  readonly files?: string[];
}

/** Checks a build on a machine without any tool. */
const check = ({ languages = '{}', commands = 'true', variables = '{}', files = [] }: Build) =>
  checkTools(
    parseBuildSpec(
      `version: 0.2\nenv:\n  variables: ${variables}\nphases:\n` +
        `  install:\n    runtime-versions: ${languages}\n    commands: ['${commands}']\n`,
    ),
    { searched: '/nowhere', exists: (file) => files.includes(file) },
  );

const recipe = (name: string) => `python3 "$RECIPE/${name}.py" install`;

test.each<[string, Build, string]>([
  [
    'a language',
    { languages: '{ dotnet: 8.0 }' },
    'a build with dotnet 8.0, which this machine does not have: install the .NET SDK 8.0',
  ],
  ['Maven', { commands: recipe('java'), files: ['pom.xml'] }, 'a build with Maven, which this machine does not have'],
  ['Gradle', { commands: recipe('java'), files: ['build.gradle.kts'] }, 'so that "gradle --version" succeeds'],
  [
    'the tool of the nearest build file',
    { commands: recipe('java'), variables: '{ RECIPE_SOURCE: a/b }', files: ['pom.xml', 'a/build.gradle'] },
    'a build with Gradle',
  ],
  [
    'the tool of the dependency file',
    { commands: recipe('java'), variables: '{ RECIPE_DEPENDENCIES: a/pom.xml }', files: ['build.gradle'] },
    'a build with Maven',
  ],
  ['Go', { commands: recipe('provided'), files: ['go.mod'] }, 'a build with Go'],
  ['Rust', { commands: recipe('provided'), files: ['Cargo.toml'] }, 'so that "cargo --version" succeeds'],
  ['Bundler', { commands: recipe('ruby'), files: ['Gemfile'] }, 'a build with Bundler'],
  ['a registry of images', { commands: 'docker push "$IMAGE"' }, 'the build of a container image'],
  ['the engine of Docker', { commands: 'docker build .' }, 'a build with Docker, which this machine does not have'],
])('a build without %s is not rehearsed', (_, build, message) => {
  expect(() => check(build)).toThrow(message);
});

test.each<[string, Build]>([
  ['of Rust does not need Go', { commands: recipe('provided'), languages: '{ golang: 1.24 }' }],
  ['with a wrapper does not need Gradle', { commands: recipe('java'), files: ['build.gradle', 'gradlew'] }],
  ['with an unknown language is tried', { languages: '{ cobol: 1 }' }],
  ['of a recipe without a build file is tried, and names the file', { commands: recipe('java') }],
])('a build %s', (_, build) => {
  expect(() => check(build)).not.toThrow();
});
