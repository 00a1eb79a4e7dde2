import type { Account } from './account';
import { HttpRequest, HttpResponse } from './http';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
export interface CustomResourceResponse {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Record<string, unknown>;
}

/** A request to a custom resource, without the fields that every request has. */
export interface CustomResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly StackId: string;
  readonly ResourceProperties: Record<string, unknown>;
  readonly OldResourceProperties?: Record<string, unknown>;
}

/** A custom resource that the account has. */
export interface CustomResourceState {
  readonly physicalId: string;
  readonly attributes: Record<string, unknown>;
  readonly properties: Record<string, unknown>;
}

const PATH = '/custom-resource-responses/';
const LARGEST_RESPONSE = 4096;
const DEFAULT_TIMEOUT = 3600;

/** Invokes the functions of custom resources, and receives their responses. */
export class CustomResources {
  private readonly waiting = new Map<string, (response: CustomResourceResponse) => void>();

  constructor(private readonly account: Account) {}

  /** Whether the request is a response, which the presigned URL replaces the signature of. */
  takes({ method, path }: HttpRequest): boolean {
    return method === 'PUT' && path.startsWith(PATH);
  }

  receive({ path, body }: HttpRequest): HttpResponse {
    const deliver = this.waiting.get(path.slice(PATH.length));
    if (!deliver) {
      return { status: 403, headers: {}, body: 'Request has expired' };
    }
    if (body.length > LARGEST_RESPONSE) {
      throw this.account.refuse(`the response of a custom resource with ${body.length} bytes`);
    }
    this.waiting.delete(path.slice(PATH.length));
    deliver(JSON.parse(body.toString()));
    return { status: 200, headers: {}, body: '' };
  }

  /** Called by an actor: invokes the function as CloudFormation does, asynchronously, and waits for the response. */
  async request(request: CustomResourceRequest): Promise<CustomResourceResponse> {
    const { account } = this;
    const RequestId = account.nextUuid('custom resource');
    const response = new Promise<CustomResourceResponse>((resolve) => this.waiting.set(RequestId, resolve));
    const { ServiceToken, ServiceTimeout = DEFAULT_TIMEOUT } = request.ResourceProperties;
    const event = { ...request, RequestId, ServiceToken, ResponseURL: `${account.endpoint}${PATH}${RequestId}` };
    await account.invocations.invoke({
      FunctionName: String(ServiceToken),
      InvocationType: 'Event',
      Payload: JSON.stringify(event),
    });
    const received = await account.clock.within(Number(ServiceTimeout) * 1000, response);
    this.waiting.delete(RequestId);
    if (!received) {
      throw new Error('CloudFormation did not receive a response from your Custom Resource.');
    }
    return checked(received, { ...request, RequestId });
  }
}

function checked(
  response: CustomResourceResponse,
  request: CustomResourceRequest & { readonly RequestId: string },
): CustomResourceResponse {
  const same = (['StackId', 'RequestId', 'LogicalResourceId'] as const).every((key) => response[key] === request[key]);
  if (!same || !response.PhysicalResourceId || (response.Status === 'FAILED' && !response.Reason)) {
    throw new Error(`Invalid response object from the custom resource: ${Object.keys(response).join(', ')}`);
  }
  return response;
}
