import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PACK_PYTHON } from './pack';
import { JUNIT_REPORTS, PACKAGE_FILE, Recipe, RecipeDirectories, REPORT_DIRECTORY } from './recipe';
import { copy, NEW_PACKAGE_DIRECTORY, quote, whenThere } from './shell';

/** Python: pip, pytest, and the dependencies beside the source at the root of the package. */
export function python(runtime: lambda.Runtime, directories: RecipeDirectories): Recipe {
  const { sourceDirectory, testDirectory, testDirectoryRequired, dependencyFile } = directories;
  const requirements = quote(dependencyFile ?? 'requirements.txt');
  const install = (options: string) => `python3 -m pip install --quiet --disable-pip-version-check ${options}-r ${requirements}`;
  return {
    tool: 'pip',
    runtimeVersions: { python: runtime.name.replace('python', '') },
    install: [
      'python3 -m pip install --quiet --disable-pip-version-check pytest',
      whenThere('-f', requirements, dependencyFile !== undefined, install(''), `no ${requirements}: no dependencies to install`),
    ],
    preBuild: [
      whenThere('-d', quote(testDirectory), testDirectoryRequired,
        `PYTHONPATH=${quote(sourceDirectory)} python3 -m pytest ${quote(testDirectory)} --junitxml=${REPORT_DIRECTORY}/unit-tests.xml`,
        `no directory ${quote(testDirectory)}: no unit tests to run`),
    ],
    build: [
      NEW_PACKAGE_DIRECTORY,
      `if [ -f ${requirements} ]; then ${install('--no-compile --target "$PACKAGE_DIRECTORY" ')}; fi`,
      copy(sourceDirectory, testDirectory, ['.venv', 'venv', '.pytest_cache']),
      PACK_PYTHON,
    ],
    reports: JUNIT_REPORTS,
    cachePaths: ['/root/.cache/pip/**/*'],
    artifact: PACKAGE_FILE,
  };
}
