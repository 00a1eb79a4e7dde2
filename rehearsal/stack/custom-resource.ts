import type { Deployed, ResourceContext } from './context';
import type { Account } from '../account/account';
import { CustomResourceRequest, CustomResourceResponse } from '../account/custom-resources';
import { canonical } from '../base/canonical';

/** The custom resource of the construct. Other custom resources are not rehearsed. */
export const FUNCTION_WITH_ALIAS = 'Custom::LambdaFunctionWithAlias';

type Properties = Record<string, unknown>;

/** Deploys the custom resource: a request only if it is new or its properties changed, as in CloudFormation. */
export async function deployCustomResource(context: ResourceContext<Properties>): Promise<Deployed> {
  const { account, stack, logicalId } = context;
  const key = `${stack.stackName}/${logicalId}`;
  const before = account.state.customResources[key];
  const properties = texts(context.properties) as Properties;
  if (before && canonical(before.properties) === canonical(properties)) {
    return { ref: before.physicalId, attributes: before.attributes };
  }
  const request: CustomResourceRequest = {
    RequestType: before ? 'Update' : 'Create',
    ResourceType: FUNCTION_WITH_ALIAS,
    LogicalResourceId: logicalId,
    StackId: account.arn('cloudformation', `stack/${stack.stackName}/${logicalId}`),
    ResourceProperties: properties,
    ...(before ? { PhysicalResourceId: before.physicalId, OldResourceProperties: before.properties } : {}),
  };
  const response = await account.customResources.request(request);
  const { PhysicalResourceId: physicalId, Data: attributes = {} } = response;
  if (response.Status === 'FAILED') {
    return fail(context, request, response);
  }
  account.state.customResources[key] = { physicalId, attributes, properties };
  if (before && before.physicalId !== physicalId) {
    await remove(context, request, before.physicalId);
  }
  return { ref: physicalId, attributes };
}

/** CloudFormation deletes a resource that it could not create. */
async function fail(
  context: ResourceContext<Properties>,
  request: CustomResourceRequest,
  { Reason, RequestId, PhysicalResourceId }: CustomResourceResponse,
): Promise<never> {
  if (request.RequestType === 'Create') {
    await remove(context, request, PhysicalResourceId);
  }
  throw new Error(
    `Received response status [FAILED] from custom resource. Message returned: ${Reason} (RequestId: ${RequestId})`,
  );
}

async function remove(
  { account }: ResourceContext<Properties>,
  { OldResourceProperties, ...request }: CustomResourceRequest,
  PhysicalResourceId: string,
): Promise<void> {
  await account.customResources.request({ ...request, RequestType: 'Delete', PhysicalResourceId });
}

/** Deletes the custom resources of a stack, except those that its template still has. */
export async function deleteCustomResources(
  account: Account,
  stackName: string,
  kept: readonly string[] = [],
): Promise<void> {
  for (const [key, { physicalId, properties }] of Object.entries(account.state.customResources)) {
    const logicalId = key.slice(stackName.length + 1);
    if (key !== `${stackName}/${logicalId}` || kept.includes(logicalId)) {
      continue;
    }
    await account.customResources.request({
      RequestType: 'Delete',
      ResourceType: FUNCTION_WITH_ALIAS,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      StackId: account.arn('cloudformation', `stack/${stackName}/${logicalId}`),
      ResourceProperties: properties,
    });
    delete account.state.customResources[key];
  }
}

/** CloudFormation turns every number and boolean of a custom resource into text. */
function texts(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(texts);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, texts(inner)]));
  }
  return String(value);
}
