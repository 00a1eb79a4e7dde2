import { CodeArtifactTool } from './code-artifact-tool';

/** Where a build finds what it needs, relative to the repository's root. */
export interface RecipeDirectories {
  readonly sourceDirectory: string;
  readonly testDirectory: string;
  /** Whether the user named the test directory: then it has to be there. */
  readonly testDirectoryRequired: boolean;
  readonly dependencyFile?: string;
}

/** How a function of a runtime family is built, by the phases of a build specification. */
export interface Recipe {
  /** Package manager that CodeArtifact logs in; nothing when CodeArtifact has none for the family. */
  readonly tool?: CodeArtifactTool;
  readonly runtimeVersions: { [name: string]: string };
  readonly install: string[];
  readonly preBuild: string[];
  readonly build: string[];
  /** Where the test reports are, and their format in CodeBuild's words. */
  readonly reports: { readonly files: string[]; readonly format: string };
  /** Where the package manager keeps what it has fetched, for a project with a cache. */
  readonly cachePaths: string[];
  /** What goes into the artifact. */
  readonly artifact: string;
}

/** Folder for test reports, relative to the repository's root. */
export const REPORT_DIRECTORY = 'reports';

/** Reports in JUnit's format, which most runners write. */
export const JUNIT_REPORTS = { files: [`${REPORT_DIRECTORY}/**/*.xml`], format: 'JUNITXML' };

/** The package, as the document names it. */
export const PACKAGE_FILE = '${ProjectName}.zip';
