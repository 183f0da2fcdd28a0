import { ResponderEndpoint } from '../../../stack/endpoint/responder.ts';
import { seededRandom } from '../../../stack/host/random.ts';
import type { IkeConfig } from '../../../stack/ike/config.ts';
import type { EmbeddedNetwork } from '../../fabric/embedded/embedded-network.ts';
import { addressNumber } from '../../fabric/embedded/packet.ts';
import { loadNatKind, usualNatKind } from '../../nat-kinds.ts';
import type { CellSettings } from '../../peers/peer.ts';
import { EndpointHost, tunnelInterface } from '../../peers/ts/embedded/endpoint-host.ts';
import { RouterFirewall } from '../../peers/ts/embedded/router-firewall.ts';
import { responderPlace } from '../../peers/ts/responder-place.ts';
import type { ResponderSetUp } from '../../peers/ts/responder-set-up.ts';
import { addressOf, prefixOf } from '../../subnet.ts';
import type { Topology } from '../../topology.ts';

/** Puts the responder on its node, with the routes and the firewall that its script or profile sets up. */
export function placeResponder(
  network: EmbeddedNetwork,
  topology: Topology,
  settings: CellSettings,
  { endpoint, host }: ResponderSetUp,
  keyed: Pick<IkeConfig, 'diffieHellman'>,
): EndpointHost<ResponderEndpoint> {
  const place = responderPlace(topology);
  const node = network.node(place.name);
  for (const { to, via } of host.routes) {
    node.addRouteVia(addressNumber(addressOf(to)), prefixOf(to), addressNumber(via));
  }
  if (host.firewall) {
    const addressOn = (name: string) => addressNumber(addressOf(place.node.interfaces[name] ?? '0.0.0.0/0'));
    const randomPort = () => Math.floor(network.chance() * 65_536);
    const { firewall } = host;
    node.passage = new RouterFirewall(
      firewall,
      tunnelInterface,
      addressOn,
      loadNatKind(usualNatKind),
      network.time,
      randomPort,
    );
  }
  const config = { ...endpoint, ike: { ...endpoint.ike, ...keyed } };
  const begin = (life: number) =>
    new ResponderEndpoint(config, seededRandom(`${settings.seed}/responder${life || ''}`));
  return new EndpointHost(node, begin, network.time, []);
}
