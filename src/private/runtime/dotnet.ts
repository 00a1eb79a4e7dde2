import { Family } from './family-row';
import { REPORT_DIRECTORY } from './recipe';

/** .NET: `dotnet test` and `dotnet publish`. */
export const DOTNET: Family = {
  current: 'lambda.Runtime.DOTNET_8',
  olderRuntimes: ['dotnet6'],
  handler: {
    pattern: /^[\w.-]+(::[\w.+`]+::\w+)?$/,
    form: '<assembly>::<namespace>.<class>::<method>',
    example: 'Acme::Acme.Function::Handler',
  },
  codeArtifact: { tool: 'dotnet', format: 'nuget' },
  recipe: {
    program: 'dotnet',
    runtimeVersions: (runtime) => ({ dotnet: `${runtime.replace('dotnet', '')}.0` }),
    reports: { files: [`${REPORT_DIRECTORY}/*.trx`], format: 'VISUALSTUDIOTRX' },
    coverageReport: { files: [`${REPORT_DIRECTORY}/**/coverage.cobertura.xml`], format: 'COBERTURAXML' },
    cachePaths: ['/root/.nuget/packages/**/*'],
  },
  plainLayout: { sourceDirectory: 'Backend/src', testDirectory: 'Backend/tests/UT_src' },
};
