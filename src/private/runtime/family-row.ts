import { CodeArtifactTool } from './code-artifact-tool';
import { RecipeDirectories, Report } from './recipe';

/** Form of the handlers of a family. */
export interface HandlerForm {
  readonly pattern: RegExp;
  readonly form: string;
  readonly example: string;
}

/** Build of the functions of a family, with the programs in `recipes/`. */
export interface FamilyRecipe {
  /** Name of the program, without `.py`. It has the phases `install`, `test`, and `package`. */
  readonly program: string;
  /** Returns the languages that the build image selects for a runtime, for example for `python3.13`. */
  readonly runtimeVersions: (runtime: string) => { [name: string]: string };
  /** @default - JUnit's format in `reports` */
  readonly reports?: Report;
  /** @default - Cobertura's format in `coverage-report` */
  readonly coverageReport?: Report;
  readonly cachePaths: string[];
}

/** Facts that depend on the family of a runtime. The release function and the rehearsal have their own. */
export interface Family {
  /** Code for a runtime that new functions can use. */
  readonly current: string;
  /** Runtimes that only the older build image supports. */
  readonly olderRuntimes: string[];
  readonly handler: HandlerForm;
  readonly codeArtifact?: {
    readonly tool: CodeArtifactTool;
    /** A value of `PackageFormat`. */
    readonly format: string;
  };
  readonly recipe: FamilyRecipe;
  /** Directories and files that are parameters of the plain template, with the layout of the design document. */
  readonly plainLayout: RecipeDirectories;
}
