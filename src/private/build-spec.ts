import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { COVERAGE_REPORT, JUNIT_REPORTS, PACKAGE_FILE, Recipe, Report } from './runtime/recipe';
import { refuse } from './validation';
import { REPORT_GROUPS } from '../handlers/release/contract';

/** Commands of the user. Each list replaces a phase of the recipe. */
export interface OwnCommands {
  readonly installCommands?: string[];
  readonly preBuildCommands?: string[];
  readonly buildCommands?: string[];
  readonly postBuildCommands?: string[];
}

/** What a build specification is made from. */
export interface BuildSpecOptions extends OwnCommands {
  readonly recipe?: Recipe;
  /** Commands that stay in front of everything. */
  readonly loginCommands: string[];
  /** Whether the source is a Git clone, in which the build fetches the submodules and the files of Git LFS. */
  readonly isClone: boolean;
  readonly coverageReport?: boolean;
  /** Paths that the cache of the project keeps. */
  readonly cachePaths: string[];
}

/** The largest build specification that CodeBuild accepts in a project: https://github.com/aws/aws-cdk/pull/14974 */
const LONGEST = 25_600;

/** Fetches what a clone contains as references only. The image for builds on Amazon Linux may have no Git LFS. */
const FETCH = [
  'if [ -f .gitmodules ]; then git submodule update --init --recursive; fi',
  "if grep -qs 'filter=lfs' .gitattributes; then " +
    '(git lfs version || dnf install -y -q git-lfs) && git lfs install --local && git lfs pull; fi',
];

/** Returns the build specification: each phase with the commands of the user, or with those of the recipe. */
export function renderBuildSpec(options: BuildSpecOptions): codebuild.BuildSpec {
  const { recipe, cachePaths, coverageReport, isClone } = options;
  const env = {
    ...(recipe && usesRecipe(options) ? { variables: recipe.variables } : {}),
    ...(isClone ? { 'git-credential-helper': 'yes' } : {}), // Submodules and Git LFS need the credentials.
  };
  const spec = {
    version: '0.2',
    ...(Object.keys(env).length > 0 ? { env } : {}),
    phases: renderPhases(options),
    reports: {
      [REPORT_GROUPS.unitTests]: renderReport(recipe?.reports ?? JUNIT_REPORTS),
      ...(coverageReport ? { [REPORT_GROUPS.coverage]: renderReport(recipe?.coverageReport ?? COVERAGE_REPORT) } : {}),
    },
    artifacts: { files: [recipe?.artifact ?? PACKAGE_FILE] },
    ...(cachePaths.length > 0 ? { cache: { paths: cachePaths } } : {}),
  };
  requireSize(JSON.stringify(spec, undefined, 2).length);
  return codebuild.BuildSpec.fromObject(spec);
}

function renderPhases(options: BuildSpecOptions): object {
  const { recipe, loginCommands, installCommands, preBuildCommands, buildCommands, postBuildCommands } = options;
  const setUp = [...(options.isClone ? FETCH : []), ...(usesRecipe(options) ? (recipe?.setUp ?? []) : [])];
  const phases = {
    install: {
      ...(recipe && Object.keys(recipe.runtimeVersions).length > 0
        ? { 'runtime-versions': recipe.runtimeVersions }
        : {}),
      ...renderCommands([...setUp, ...loginCommands, ...(installCommands ?? recipe?.install ?? [])]),
    },
    pre_build: renderCommands(preBuildCommands ?? recipe?.preBuild ?? []),
    build: renderCommands(buildCommands ?? recipe?.build ?? []),
    post_build: renderCommands(postBuildCommands ?? []),
  };
  return Object.fromEntries(Object.entries(phases).filter(([, phase]) => Object.keys(phase).length > 0));
}

/** Returns true when a phase of the recipe remains. */
function usesRecipe({ installCommands, preBuildCommands, buildCommands }: OwnCommands): boolean {
  return !(installCommands && preBuildCommands && buildCommands);
}

function requireSize(characters: number): void {
  if (characters > LONGEST) {
    refuse({
      prop: 'buildProject',
      allowed: `a build specification of at most ${LONGEST} characters (CodeBuild's limit)`,
      given: `${characters} characters`,
      remedy: 'move your commands into a script in the repository',
    });
  }
}

function renderCommands(commands: string[]): { commands?: string[] } {
  return commands.length > 0 ? { commands } : {};
}

function renderReport({ files, format }: Report): object {
  return { files, 'file-format': format };
}
