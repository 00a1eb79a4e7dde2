import { CreateFunctionCommand, FunctionCode, Runtime } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { FunctionConfiguration } from '../contract';
import { withoutUnset } from './configuration';
import { retryWhileRoleIsNew } from './role-readiness';
import { isNamed } from '../base/failure';

/** Creates the function. Returns false if it already exists. */
export async function createIfMissing(
  functionName: string,
  wanted: FunctionConfiguration,
  code: FunctionCode,
): Promise<boolean> {
  // Placeholder code can't be initialized, so its snapshot would fail: the first release applies SnapStart.
  // Permissions belong to the alias.
  const { SnapStart, Permissions, ...fields } = wanted;
  try {
    await retryWhileRoleIsNew(() =>
      lambda.send(
        new CreateFunctionCommand({
          ...withoutUnset(fields), // for example, Lambda rejects even an empty list of layers for an image
          Runtime: wanted.Runtime as Runtime,
          FunctionName: functionName,
          PackageType: packageTypeOf(wanted),
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
