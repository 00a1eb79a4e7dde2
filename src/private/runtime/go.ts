import { PACK_PYTHON } from './pack';
import { COVERAGE_DIRECTORY, JUNIT_REPORTS, PACKAGE_FILE, Recipe, RecipeDirectories, REPORT_DIRECTORY } from './recipe';
import { directoryOf, NEW_PACKAGE_DIRECTORY, quote, withoutDirectory } from './shell';
import { isKnown } from '../validation';

/** Go, for the runtimes `provided.*`: a static binary named `bootstrap`, built from the package in the source directory. */
export function go(architecture: string, { sourceDirectory, dependencyFile, coverage }: RecipeDirectories): Recipe {
  const module = directoryOf(dependencyFile ?? 'go.mod');
  const main = mainPackage(sourceDirectory, dependencyFile ?? 'go.mod');
  const goArchitecture = architecture === 'arm64' ? 'arm64' : 'amd64';
  return {
    runtimeVersions: { golang: '1.24' },
    install: [
      `if [ ! -f ${module}/go.mod ]; then echo "no go.mod: the recipe for a provided runtime builds Go; for another language set buildProject.buildCommands" >&2; false; fi`,
      `(cd ${module} && go mod download)`,
    ],
    preBuild: [
      `mkdir -p ${REPORT_DIRECTORY} && export REPORT="$PWD/${REPORT_DIRECTORY}/unit-tests.xml"`,
      ...(coverage ? [`mkdir -p ${COVERAGE_DIRECTORY} && export COVERAGE="$PWD/${COVERAGE_DIRECTORY}/coverage"`] : []),
      `(cd ${module} && go run gotest.tools/gotestsum@v1.12.3 --format standard-verbose --junitfile "$REPORT" ${coverage ? '-- -coverprofile="$COVERAGE.out" ' : ''}./...)`,
      ...(coverage
        ? [`(cd ${module} && go run github.com/boumenot/gocover-cobertura@v1.4.0 < "$COVERAGE.out" > "$COVERAGE.xml")`]
        : []),
    ],
    build: [
      NEW_PACKAGE_DIRECTORY,
      `(cd ${module} && CGO_ENABLED=0 GOOS=linux GOARCH=${goArchitecture} go build -trimpath -buildvcs=false -ldflags "-s -w -buildid=" -tags lambda.norpc -o "$PACKAGE_DIRECTORY/bootstrap" ./${main})`,
      PACK_PYTHON,
    ],
    reports: JUNIT_REPORTS,
    cachePaths: ['/root/.cache/go-build/**/*', '/go/pkg/mod/**/*'],
    artifact: PACKAGE_FILE,
  };
}

/** The source directory as the module sees it, quoted. */
function mainPackage(sourceDirectory: string, dependencyFile: string): string {
  if (!isKnown(sourceDirectory) || !isKnown(dependencyFile)) {
    return `"$(${withoutDirectory(sourceDirectory, directoryOf(dependencyFile))})"`;
  }
  const module = dependencyFile.slice(0, dependencyFile.lastIndexOf('/') + 1);
  return quote(sourceDirectory.startsWith(module) ? sourceDirectory.slice(module.length) : sourceDirectory);
}
