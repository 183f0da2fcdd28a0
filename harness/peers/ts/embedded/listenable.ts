import type { ClientEndpoint } from '../../../../stack/endpoint/client.ts';
import type { ResponderEndpoint } from '../../../../stack/endpoint/responder.ts';
import type { FactLog } from '../fact-log.ts';
import type { EndpointHost } from './endpoint-host.ts';

type Host = EndpointHost<ClientEndpoint> | EndpointHost<ResponderEndpoint>;

/** Facts as the agent in a container tells them. */
export function listenable(host: Host): ConstructorParameters<typeof FactLog>[0] {
  return {
    listen: (listener) =>
      host.listen(({ at, path, fact }) => listener({ event: 'fact', at, path, peer: undefined, fact })),
  };
}
