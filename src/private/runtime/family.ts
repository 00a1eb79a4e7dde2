import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DOTNET } from './dotnet';
import { Family } from './family-row';
import { JAVA } from './java';
import { NODE } from './node';
import { PROVIDED } from './provided';
import { PYTHON } from './python';
import { RUBY } from './ruby';
import { RuntimeFamily, runtimeFamily } from '../../handlers/release/contract';

const FAMILIES = {
  python: PYTHON,
  nodejs: NODE,
  java: JAVA,
  dotnet: DOTNET,
  ruby: RUBY,
  provided: PROVIDED,
} satisfies Record<RuntimeFamily, Family>;

/** Returns the family of a runtime: undefined for an image, and for a family that is newer than this library. */
export function familyOf(runtime: lambda.Runtime): Family | undefined {
  const name = runtimeFamily(runtime.name);
  return name && FAMILIES[name];
}
