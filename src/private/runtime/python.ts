import * as lambda from 'aws-cdk-lib/aws-lambda';
import { requirePattern } from '../validation';
import { PACK_PYTHON } from './pack';
import { COVERAGE_DIRECTORY, JUNIT_REPORTS, PACKAGE_FILE, Recipe, RecipeDirectories, REPORT_DIRECTORY } from './recipe';
import { copy, NEW_PACKAGE_DIRECTORY, quote, whenThere } from './shell';

/** Python: pip, pytest, and the dependencies beside the source at the root of the package. */
export function python(runtime: lambda.Runtime, directories: RecipeDirectories): Recipe {
  const { sourceDirectory, testDirectory, testDirectoryRequired, dependencyFile, coverage } = directories;
  requirePattern(dependencyFile, /^(?!.*(\.toml|\.lock|Pipfile)$)/, {
    prop: 'buildProject.dependencyFile',
    allowed: 'a file that pip installs from',
    remedy:
      'write requirements.txt in installCommands, for example with "uv export --no-dev --no-emit-project -o requirements.txt"',
  });
  const requirements = quote(dependencyFile ?? 'requirements.txt');
  const measured = coverage
    ? `-m coverage run --source=${quote(sourceDirectory)} --omit=${quote(`${testDirectory}/*`)} `
    : '';
  const written = coverage
    ? ` && mkdir -p ${COVERAGE_DIRECTORY} && python3 -m coverage xml -o ${COVERAGE_DIRECTORY}/coverage.xml`
    : '';
  const install = (options: string) =>
    `python3 -m pip install --quiet --disable-pip-version-check ${options}-r ${requirements}`;
  return {
    tool: 'pip',
    runtimeVersions: { python: runtime.name.replace('python', '') },
    install: [
      'python3 -m pip install --quiet --disable-pip-version-check pytest' + (coverage ? ' coverage' : ''),
      whenThere(
        '-f',
        requirements,
        dependencyFile !== undefined,
        install(''),
        `no ${requirements}: no dependencies to install (pyproject.toml, Pipfile and lock files are not read)`,
      ),
    ],
    preBuild: [
      whenThere(
        '-d',
        quote(testDirectory),
        testDirectoryRequired,
        `PYTHONPATH=${quote(sourceDirectory)} python3 ${measured}-m pytest ${quote(testDirectory)} --junitxml=${REPORT_DIRECTORY}/unit-tests.xml${written}`,
        `no directory ${quote(testDirectory)}: no unit tests to run`,
      ),
    ],
    build: [
      NEW_PACKAGE_DIRECTORY,
      `if [ -f ${requirements} ]; then ${install('--no-compile --target "$PACKAGE_DIRECTORY" ')}; fi`,
      copy(sourceDirectory, testDirectory, ['.venv', 'venv', '.pytest_cache', '.coverage']),
      PACK_PYTHON,
    ],
    reports: JUNIT_REPORTS,
    cachePaths: ['/root/.cache/pip/**/*'],
    artifact: PACKAGE_FILE,
  };
}
