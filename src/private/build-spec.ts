import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { COVERAGE_REPORT, JUNIT_REPORTS, PACKAGE_FILE, Recipe, Report } from './runtime/recipe';
import { REPORT_GROUPS } from '../handlers/release/contract';

/** The parts of a build specification. */
export interface BuildSpecOptions {
  readonly recipe?: Recipe;
  /** Commands that run first, even when the user replaces the others. */
  readonly loginCommands: string[];
  readonly installCommands?: string[];
  readonly preBuildCommands?: string[];
  readonly buildCommands?: string[];
  readonly postBuildCommands?: string[];
  readonly coverageReport?: boolean;
  /** Paths that the cache of the project keeps. */
  readonly cachePaths: string[];
}

/** Returns the build specification: each phase with the commands of the user, or with those of the recipe. */
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
      ...renderCommands([...loginCommands, ...(own.installCommands ?? recipe?.install ?? [])]),
    },
    pre_build: renderCommands(own.preBuildCommands ?? recipe?.preBuild ?? []),
    build: renderCommands(own.buildCommands ?? recipe?.build ?? []),
    post_build: renderCommands(own.postBuildCommands ?? []),
  };
  const coverage = renderReport(recipe?.coverageReport ?? COVERAGE_REPORT);
  return codebuild.BuildSpec.fromObject({
    version: '0.2',
    phases: Object.fromEntries(Object.entries(phases).filter(([, phase]) => Object.keys(phase).length > 0)),
    reports: {
      [REPORT_GROUPS.unitTests]: renderReport(recipe?.reports ?? JUNIT_REPORTS),
      ...(coverageReport ? { [REPORT_GROUPS.coverage]: coverage } : {}),
    },
    artifacts: { files: [recipe?.artifact ?? PACKAGE_FILE] },
    ...(cachePaths.length > 0 ? { cache: { paths: cachePaths } } : {}),
  });
}

function renderCommands(commands: string[]): { commands?: string[] } {
  return commands.length > 0 ? { commands } : {};
}

function renderReport({ files, format }: Report): object {
  return { files, 'file-format': format };
}
