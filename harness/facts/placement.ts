import type { Cell } from '../cell.ts';
import { clientHasOfficeSubnet } from '../client-lan.ts';
import { clientPlaces, outerAddress, ownAddress, pathFrom } from '../client-places.ts';
import type { NatKind } from '../nat-kind.ts';
import { type NatSetting, type NetworkSettings, networkSettings } from '../network-settings.ts';
import type { BrowsingFacts, HoldFacts, Placement } from '../oracle/facts.ts';
import { addressOf } from '../subnet.ts';
import type { Topology } from '../topology.ts';
import { type WebHost, webHostOf } from '../web-host.ts';

/**
 * Where a cell's client and responder stand: the NAT gateways on the client's path, seen from each end, as the
 * cell's axis `nat` sets them; what filters; what the other clients have in common with this one; and what happens to
 * a connection that stands.
 *
 * @param topology with the cell's clients and no other
 * @param number of the client, from 0, in the order in which they dial
 */
export function placementOf(cell: Cell, topology: Topology, number: number): Placement {
  const settings = networkSettings(topology, cell.nat);
  const place = clientPlaces(topology)[number] ?? '';
  const path = pathFrom(topology, place);
  const along = path.flatMap((name, at) => {
    const nat = settings.nats[name];
    return nat ? [{ at, nat }] : [];
  });
  // A gateway that hides behind a segment further along the path hides the client; the others the responder.
  const hidesClient = ({ at, nat }: { at: number; nat: NatSetting }) => path.indexOf(nat.outside) > at;
  const atClient = along.filter(hidesClient).map(({ nat }) => nat.kind);
  const atResponder = along.filter((one) => !hidesClient(one)).map(({ nat }) => nat);
  const forwarded = (port: number) =>
    atResponder.every(({ forwards }) =>
      forwards.some((forward) => forward.protocol === 'udp' && forward.port === port),
    );
  const permits = Object.values(settings.filters).flatMap((filter) => filter.permits);
  const hold = holdFacts(settings);
  const others = clientPlaces(topology).filter((other) => other !== place);
  const besideIt = others.filter((other) => outerAddress(topology, other) === outerAddress(topology, place));
  const numberedAlike = others.some((other) => ownAddress(topology, other) === ownAddress(topology, place));
  const web = webHostOf(topology);
  return {
    clientNats: atClient.length,
    ...clientNatFacts(atClient, besideIt.length > 0),
    ...(others.length > besideIt.length && { severalPlaces: true as const }),
    ...(numberedAlike && { sharesPrivateAddress: true as const }),
    ...(atResponder.length > 0 && {
      responderNat: { udp500: forwarded(500), udp4500: forwarded(4500), esp: atResponder.every(espComesIn) },
    }),
    ...(along.some(({ nat }) => nat.kind.fragments === 'dropped') && { dropsFragments: true as const }),
    ...wireFacts(path, settings),
    ...(Object.keys(settings.filters).length > 0 && {
      filter: { permits: permits.map(({ protocol, port }) => [protocol, port].join(' ').trim()) },
    }),
    ...(clientHasOfficeSubnet(topology, place) && { clientHasOfficeSubnet: true as const }),
    ...(settings.dial !== topology.dial && { dialledAddressIsOld: true as const }),
    ...(hold && { hold }),
    ...(cell.browse === 'internet' && web && { browsing: browsingFacts(topology, path, web, settings) }),
  };
}

type ClientNatFacts = Pick<
  Placement,
  'clientNatEsp' | 'clientNatEspOf' | 'clientNatKeepsPort500' | 'clientNatUdpSeconds'
>;

/** By what address the host on the Internet sees each end: its own, or that of the outermost gateway which hides it. */
function browsingFacts(
  { nodes }: Topology,
  path: readonly string[],
  web: WebHost,
  { nats }: NetworkSettings,
): BrowsingFacts {
  const seenAs = (outward: readonly string[]) => {
    const hiding = outward.filter((name, at) => {
      const nat = nats[name];
      return at === 0 || (nat !== undefined && nat.outside === outward[at + 1]);
    });
    const outermost = hiding.at(-1) ?? '';
    const outside = outward[outward.indexOf(outermost) + 1] ?? '';
    return addressOf(nodes[outermost]?.interfaces[outside] ?? '');
  };
  const webAt = path.indexOf(web.segment);
  const responderAt = path.findIndex((name) => nodes[name]?.kind === 'responder');
  return {
    clientAddress: seenAs(path.slice(0, webAt + 1)),
    officeAddress: seenAs(path.slice(webAt, responderAt + 1).toReversed()),
  };
}

/** Of several gateways in a row the strictest decides. */
function clientNatFacts(kinds: readonly NatKind[], areSeveral: boolean): ClientNatFacts {
  const clientNatEsp = kinds.some(({ esp }) => esp === 'dropped')
    ? 'dropped'
    : kinds.some(({ esp }) => esp === 'out-only')
      ? 'out-only'
      : 'mapped';
  const isMapped = kinds.length > 0 && clientNatEsp === 'mapped';
  const of = kinds.some(({ esp }) => esp === 'by-addresses') ? 'first' : 'last';
  return {
    clientNatEsp,
    ...(isMapped && areSeveral && { clientNatEspOf: of }),
    ...(kinds.length > 0 &&
      kinds.every(({ ike }) => ike === 'keeps-port-500') && { clientNatKeepsPort500: true }),
    ...(kinds.length > 0 && { clientNatUdpSeconds: Math.min(...kinds.map(({ udpSeconds }) => udpSeconds)) }),
  };
}

/** The wires between client and responder; of several that are narrow the narrowest decides. */
function wireFacts(
  path: readonly string[],
  { links }: NetworkSettings,
): Pick<Placement, 'narrowest' | 'wires'> {
  const between = path.flatMap((name) => links[name] ?? []);
  const narrow = between.flatMap(({ mtu, tooBig = 'told' }) => (mtu === undefined ? [] : [{ mtu, tooBig }]));
  const [narrowest] = narrow.toSorted((one, other) => one.mtu - other.mtu);
  const disorders = between.some(
    ({ jitterMs, duplication, reordering }) => (jitterMs ?? duplication ?? reordering) !== undefined,
  );
  const wires = between.some(({ loss }) => loss !== undefined)
    ? 'lose-some'
    : disorders
      ? 'disorder-some'
      : undefined;
  return { ...(narrowest && { narrowest }), ...(wires && { wires }) };
}

/** Nobody outside speaks ESP to a responder that has sent none: a forward alone lets it in. */
function espComesIn({ forwards }: NatSetting): boolean {
  return forwards.some(({ protocol }) => protocol === 'esp');
}

function holdFacts({ hold }: NetworkSettings): HoldFacts | undefined {
  if (!hold) return undefined;
  const { idleSeconds, rebind } = hold;
  return {
    ...(idleSeconds !== undefined && { idleSeconds }),
    ...(rebind && { rebinding: rebind.address === undefined ? ('port' as const) : ('address' as const) }),
  };
}
