/** Directories and files of a build, relative to the root of the repository, and its reports. */
export interface RecipeDirectories {
  readonly sourceDirectory?: string;
  readonly testDirectory?: string;
  readonly dependencyFile?: string;
  /** Reports the code coverage of the tests. */
  readonly coverage?: boolean;
}

/** Files of a report, and CodeBuild's name for their format. */
export interface Report {
  readonly files: string[];
  readonly format: string;
}

/** Commands that build a function, by the phases of a build specification. */
export interface Recipe {
  /** Variables that the programs of the recipe read. */
  readonly variables: { [name: string]: string };
  readonly runtimeVersions: { [name: string]: string };
  /** Commands that run first if at least one phase of the recipe runs. */
  readonly setUp: string[];
  readonly install: string[];
  readonly preBuild: string[];
  readonly build: string[];
  readonly reports: Report;
  /** @default - Cobertura's format in `coverage-report` */
  readonly coverageReport?: Report;
  /** Downloads of the package manager, for a project with a cache. */
  readonly cachePaths: string[];
  /** File in the artifact. */
  readonly artifact: string;
}

/** Folder for test reports, relative to the root of the repository. */
export const REPORT_DIRECTORY = 'reports';

/** JUnit's format, which most test runners write. */
export const JUNIT_REPORTS: Report = { files: [`${REPORT_DIRECTORY}/**/*.xml`], format: 'JUNITXML' };

/** Folder for the coverage. CodeBuild reads every file in the folder of the test reports as a test report. */
export const COVERAGE_DIRECTORY = 'coverage-report';

/** Cobertura's format, which most tools write. */
export const COVERAGE_REPORT: Report = { files: [`${COVERAGE_DIRECTORY}/*.xml`], format: 'COBERTURAXML' };

/** The package. The design document defines its name. */
export const PACKAGE_FILE = '${ProjectName}.zip';
