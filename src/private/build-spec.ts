import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { COVERAGE_REPORT, JUNIT_REPORTS, PACKAGE_FILE, Recipe, Report } from './runtime/recipe';

/** What a build specification is rendered from. */
export interface BuildSpecOptions {
  readonly recipe?: Recipe;
  /** Commands that stay in front of everything. */
  readonly loginCommands: string[];
  readonly installCommands?: string[];
  readonly preBuildCommands?: string[];
  readonly buildCommands?: string[];
  readonly postBuildCommands?: string[];
  readonly coverageReport?: boolean;
  /** Directories that the project's cache keeps. */
  readonly cachePaths: string[];
}

/** The build specification: the recipe's phases, or the user's in their place. */
export function renderBuildSpec({
  recipe,
  loginCommands,
  cachePaths,
  coverageReport,
  ...own
}: BuildSpecOptions): codebuild.BuildSpec {
  const phases = {
    install: {
      ...(recipe && Object.keys(recipe.runtimeVersions).length > 0
        ? { 'runtime-versions': recipe.runtimeVersions }
        : {}),
      ...commands([...loginCommands, ...(own.installCommands ?? recipe?.install ?? [])]),
    },
    pre_build: commands(own.preBuildCommands ?? recipe?.preBuild ?? []),
    build: commands(own.buildCommands ?? recipe?.build ?? []),
    post_build: commands(own.postBuildCommands ?? []),
  };
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    phases: Object.fromEntries(Object.entries(phases).filter(([, phase]) => Object.keys(phase).length > 0)),
    reports: {
      UnitTests: report(recipe?.reports ?? JUNIT_REPORTS),
      ...(coverageReport ? { Coverage: report(recipe?.coverageReport ?? COVERAGE_REPORT) } : {}),
    },
    artifacts: { files: [recipe?.artifact ?? PACKAGE_FILE] },
    ...(cachePaths.length > 0 ? { cache: { paths: cachePaths } } : {}),
  });
}

function commands(list: string[]): { commands?: string[] } {
  return list.length > 0 ? { commands: list } : {};
}

function report({ files, format }: Report): object {
  return { files, 'file-format': format };
}
