import * as lambda from 'aws-cdk-lib/aws-lambda';
import { dotnet } from './dotnet';
import { go } from './go';
import { image } from './image';
import { java } from './java';
import { node } from './node';
import { python } from './python';
import { Recipe, RecipeDirectories } from './recipe';

/** The recipe of the runtime's family; nothing when it has none. */
export function recipe(
  runtime: lambda.Runtime,
  architecture: lambda.Architecture,
  directories: RecipeDirectories,
): Recipe | undefined {
  if (runtime.name === lambda.Runtime.FROM_IMAGE.name) {
    return image(architecture.name, directories);
  }
  switch (runtime.family) {
    case lambda.RuntimeFamily.PYTHON:
      return python(runtime, directories);
    case lambda.RuntimeFamily.NODEJS:
      return node(runtime, directories);
    case lambda.RuntimeFamily.JAVA:
      return java(runtime, directories);
    case lambda.RuntimeFamily.DOTNET_CORE:
      return dotnet(runtime, architecture.name, directories);
    case lambda.RuntimeFamily.OTHER:
      return runtime.name.startsWith('provided') ? go(architecture.name, directories) : undefined;
    default:
      return undefined;
  }
}
