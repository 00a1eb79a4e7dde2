import { CreateFunctionCommand, FunctionCode, Runtime } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { FunctionConfiguration, PROJECT_TAG } from '../contract';
import { withoutUnset } from './configuration';
import { retryWhileRoleIsNew } from './role-readiness';
import { isNamed } from '../base/failure';
import { Settings } from '../base/settings';

/** Creates the function, with the tag of the project. Returns false if it already exists. */
export async function createIfMissing(
  { functionName, projectName }: Pick<Settings, 'functionName' | 'projectName'>,
  wanted: FunctionConfiguration,
  code: FunctionCode,
): Promise<boolean> {
  // Lambda would take a snapshot of the placeholder code. The first release applies SnapStart.
  const { SnapStart, ...fields } = wanted;
  try {
    await retryWhileRoleIsNew(() =>
      lambda.send(
        new CreateFunctionCommand({
          ...withoutUnset(fields),
          Runtime: wanted.Runtime as Runtime,
          FunctionName: functionName,
          PackageType: packageTypeOf(wanted),
          Tags: { ...wanted.Tags, [PROJECT_TAG]: projectName },
          Publish: false,
          Code: code,
        }),
      ),
    );
    return true;
  } catch (error) {
    if (isNamed(error, 'ResourceConflictException')) {
      return false;
    }
    throw error;
  }
}

/** Whether the function runs a package (`Zip`) or a container image (`Image`). */
export function packageTypeOf({ PackageType }: { readonly PackageType?: string }): 'Zip' | 'Image' {
  return PackageType === 'Image' ? 'Image' : 'Zip';
}
