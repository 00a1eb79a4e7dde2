import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PACK_PYTHON } from './pack';
import { PACKAGE_FILE, Recipe, RecipeDirectories, REPORT_DIRECTORY } from './recipe';
import { NEW_PACKAGE_DIRECTORY, quote, whenThere } from './shell';

/** .NET: `dotnet test` and `dotnet publish` for the architecture of the function. */
export function dotnet(runtime: lambda.Runtime, architecture: string, directories: RecipeDirectories): Recipe {
  const { sourceDirectory, testDirectory, testDirectoryRequired, coverage } = directories;
  const test = `dotnet test ${quote(testDirectory)} --logger trx --results-directory ${REPORT_DIRECTORY}${coverage ? ' --collect "XPlat Code Coverage"' : ''}`;
  return {
    tool: 'dotnet',
    runtimeVersions: { dotnet: `${runtime.name.replace('dotnet', '')}.0` },
    install: [`dotnet restore ${quote(sourceDirectory)}`],
    preBuild: [
      whenThere(
        '-d',
        quote(testDirectory),
        testDirectoryRequired,
        test,
        `no directory ${testDirectory}: no unit tests to run`,
      ),
    ],
    build: [
      NEW_PACKAGE_DIRECTORY,
      `dotnet publish ${quote(sourceDirectory)} --configuration Release --runtime linux-${architecture === 'arm64' ? 'arm64' : 'x64'} --self-contained false --output "$PACKAGE_DIRECTORY" -p:Deterministic=true -p:ContinuousIntegrationBuild=true`,
      PACK_PYTHON,
    ],
    reports: { files: [`${REPORT_DIRECTORY}/*.trx`], format: 'VISUALSTUDIOTRX' },
    coverageReport: { files: [`${REPORT_DIRECTORY}/**/coverage.cobertura.xml`], format: 'COBERTURAXML' },
    cachePaths: ['/root/.nuget/packages/**/*'],
    artifact: PACKAGE_FILE,
  };
}
