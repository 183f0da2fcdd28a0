import type { ClientEndpoint } from '../../../stack/endpoint/client.ts';
import type { ResponderEndpoint } from '../../../stack/endpoint/responder.ts';
import { alive } from '../../peers/ts/alive.ts';
import type { EndpointHost } from '../../peers/ts/embedded/endpoint-host.ts';

type Host = EndpointHost<ClientEndpoint> | EndpointHost<ResponderEndpoint>;

/** What an end still has, in words: of its endpoint, and of its node. */
export function heldBy({ endpoint, isUp }: Host): readonly string[] {
  return [...alive(endpoint.summary()), ...(isUp ? ['the tunnel interface'] : [])];
}
