import * as clients from '../../../../src/handlers/release/aws/clients';

interface Client {
  readonly config: { readonly requestHandler: { handle: Function; httpHandlerConfigs(): Record<string, unknown> } };
}

test.each(Object.entries(clients) as unknown as [string, Client][])(
  'a connection of the client %s that breaks silently ends the request with an error',
  async (_, { config: { requestHandler } }) => {
    await requestHandler.handle({ protocol: 'http:', hostname: '', headers: {} }).catch(() => undefined);
    expect(requestHandler.httpHandlerConfigs()).toMatchObject({
      connectionTimeout: 3_000,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
    });
  },
);
