import { CodeArtifactTool } from './code-artifact-tool';

/** Where a build finds what it needs, relative to the repository's root, and what it is to report. */
export interface RecipeDirectories {
  readonly sourceDirectory: string;
  readonly testDirectory: string;
  /** Whether the user named the test directory: then it has to be there. */
  readonly testDirectoryRequired: boolean;
  readonly dependencyFile?: string;
  /** Whether the tests report how much of the code they reach. */
  readonly coverage?: boolean;
}

/** Files of a report, and their format in CodeBuild's words. */
export interface Report {
  readonly files: string[];
  readonly format: string;
}

/** How a function of a runtime family is built, by the phases of a build specification. */
export interface Recipe {
  /** Package manager that CodeArtifact logs in; nothing when CodeArtifact has none for the family. */
  readonly tool?: CodeArtifactTool;
  readonly runtimeVersions: { [name: string]: string };
  readonly install: string[];
  readonly preBuild: string[];
  readonly build: string[];
  readonly reports: Report;
  /** Cobertura's format in `coverage-report` otherwise. */
  readonly coverageReport?: Report;
  /** Where the package manager keeps what it has fetched, for a project with a cache. */
  readonly cachePaths: string[];
  /** What goes into the artifact. */
  readonly artifact: string;
}

/** Folder for test reports, relative to the repository's root. */
export const REPORT_DIRECTORY = 'reports';

/** Reports in JUnit's format, which most runners write. */
export const JUNIT_REPORTS: Report = { files: [`${REPORT_DIRECTORY}/**/*.xml`], format: 'JUNITXML' };

/** Folder for the coverage, apart from the test reports, because CodeBuild takes all files there for those. */
export const COVERAGE_DIRECTORY = 'coverage-report';

/** Reports in Cobertura's format, which most tools write. */
export const COVERAGE_REPORT: Report = { files: [`${COVERAGE_DIRECTORY}/*.xml`], format: 'COBERTURAXML' };

/** The package, as the document names it. */
export const PACKAGE_FILE = '${ProjectName}.zip';
