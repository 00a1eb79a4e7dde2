import * as lambda from 'aws-cdk-lib/aws-lambda';
import { familyOf } from './family';
import { Family } from './family-row';
import { image } from './image';
import { pythonPlatform } from './platform';
import { unpackPrograms } from './programs';
import { JUNIT_REPORTS, PACKAGE_FILE, Recipe, RecipeDirectories } from './recipe';

/** Returns the recipe of the runtime's family, or undefined without a family. */
export function recipe(
  runtime: lambda.Runtime,
  architecture: lambda.Architecture,
  directories: RecipeDirectories,
): Recipe | undefined {
  if (runtime.name === lambda.Runtime.FROM_IMAGE.name) {
    return image(architecture.name, directories);
  }
  const family = familyOf(runtime);
  return family && familyRecipe(family, { runtime: runtime.name, architecture: architecture.name, directories });
}

interface Built {
  readonly runtime: string;
  readonly architecture: string;
  readonly directories: RecipeDirectories;
}

function familyRecipe({ recipe: made }: Family, { runtime, architecture, directories }: Built): Recipe {
  const phase = (name: string) => `python3 "$RECIPE/${made.program}.py" ${name}`;
  return {
    variables: variables({
      RECIPE_RUNTIME: runtime,
      RECIPE_ARCHITECTURE: architecture,
      RECIPE_PLATFORM: runtime.startsWith('python') ? pythonPlatform(runtime, architecture) : undefined,
      RECIPE_SOURCE: directories.sourceDirectory,
      RECIPE_TESTS: directories.testDirectory,
      RECIPE_DEPENDENCIES: directories.dependencyFile,
      RECIPE_COVERAGE: directories.coverage ? 'true' : undefined,
    }),
    runtimeVersions: made.runtimeVersions(runtime),
    setUp: unpackPrograms(made.program),
    // The commands of the user that may follow need the variables of the recipe.
    install: [`${phase('install')} && . "$RECIPE/environment"`],
    preBuild: [phase('test')],
    build: [phase('package')],
    reports: made.reports ?? JUNIT_REPORTS,
    coverageReport: made.coverageReport,
    cachePaths: made.cachePaths,
    artifact: PACKAGE_FILE,
  };
}

function variables(values: { [name: string]: string | undefined }): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
