import type { ResponderEndpointConfig } from '../../../../stack/endpoint/config.ts';
import type { IkeResponderConfig } from '../../../../stack/ike/config.ts';
import type { Cell } from '../../../cell.ts';
import { CrossnatError } from '../../../error.ts';
import { addressOf } from '../../../subnet.ts';
import type { Topology } from '../../../topology.ts';
import { officeNetwork } from '../../linux/office.ts';
import { knownCallers } from '../../office-users.ts';
import type { CellSettings } from '../../peer.ts';
import type { ResponderHostConfig } from '../forwarding.ts';
import { keyOctets } from '../profiles/pre-shared-key.ts';
import type { PlainProfile } from '../profiles/responder-profile.ts';
import { parsePhase1, parsePhase2 } from '../profiles/transform.ts';
import { habitsOf, pfsOf } from '../responder-habits.ts';
import { responderPlace } from '../responder-place.ts';
import { authenticationOf, phase1Texts, phase2Texts, unsupportedByPlain } from './axes.ts';

/** UDP port of an LNS (RFC 2661 8.1). */
const l2tpPort = 1701;

/**
 * The settings of our responder for a profile that stands alone, and a cell: its axes decide transforms and NAT
 * traversal, the settings name key and callers, the topology the addresses. Throws `usage` for a cell that it
 * cannot play.
 */
export function compilePlainEndpoint(
  profile: PlainProfile,
  cell: Cell,
  topology: Topology,
  settings: CellSettings,
): ResponderEndpointConfig {
  const unsupported = unsupportedByPlain(cell);
  if (unsupported !== undefined) throw badAxis(unsupported);
  const { name, node, outerSegment } = responderPlace(topology);
  const office = officeNetwork(topology, name);
  const localAddress = addressOf(node.interfaces[outerSegment] ?? '');
  const habits = habitsOf(profile, {
    natTraversal: cell.natt === 'both' || cell.natt === 'client-off',
    hostName: profile.l2tp.hostName.value,
    timerFactor: settings.timerFactor,
  });
  return {
    role: 'responder',
    localAddress,
    ike: {
      ...habits.ike,
      preSharedKey: keyOctets(settings.preSharedKey, profile.preSharedKeyEncoding.value),
      identity: { type: profile.identity.value },
      ...transformsOf(profile, cell),
      sendsNotifies: profile.sendsNotifies.value,
      sendsDeletes: profile.sendsDeletes.value,
    },
    l2tp: habits.l2tp,
    ...(profile.l2tp.udpChecksums?.value === false && { omitsUdpChecksums: true as const }),
    ppp: {
      ...habits.ppp,
      authentication: authenticationOf(profile, cell),
      echoSeconds: profile.ppp.echoSeconds.value,
      localAddress: office.localAddress,
      dns: [office.dns],
    },
    users: knownCallers(cell, settings).map(({ user, ...others }) => ({ name: user, ...others })),
    pool: office.pool,
    sameUser: habits.sameUser,
    admission: [500, 4500, l2tpPort].map((port) => ({
      name: `UDP ${port}`,
      protocol: 'udp',
      address: localAddress,
      port,
      onlyFromIpsec: port === l2tpPort,
    })),
    clearPolicies: [500, 4500].map((port) => ({ name: `IKE on ${port}`, localPort: port })),
  };
}

/** RFC 3193 section 4: UDP port 1701 of the responder, any of its peer. */
function transformsOf(profile: PlainProfile, cell: Cell): Pick<IkeResponderConfig, 'phase1' | 'policies'> {
  const proposals = phase2Texts(profile, cell).flatMap((text) => {
    const algorithms = parsePhase2(text);
    return algorithms ? [{ ...algorithms, lifetimeSeconds: profile.phase2LifetimeSeconds.value }] : [];
  });
  return {
    phase1: phase1Texts(profile, cell).flatMap((text) => {
      const transform = parsePhase1(text);
      return transform ? [{ ...transform, lifetimeSeconds: profile.phase1LifetimeSeconds.value }] : [];
    }),
    policies: [{ name: 'l2tp', protocol: 17, localPort: l2tpPort, proposals, ...pfsOf(profile) }],
  };
}

/**
 * Callers reach the office and, by the responder's own address, the Internet; nobody outside begins anything. The
 * node has its addresses and its way out from the topology.
 */
export function compilePlainHost(topology: Topology): ResponderHostConfig {
  const { name, officeSegment, outerSegment } = responderPlace(topology);
  const office = { kind: 'segment', name: officeSegment } as const;
  const outside = { kind: 'segment', name: outerSegment } as const;
  const inside = { kind: 'tunnel' } as const;
  return {
    addresses: [],
    routes: [],
    firewall: {
      privateInterfaces: [office, inside],
      publicInterfaces: [outside],
      translations: [{ inside, outside }],
      tunnelAddresses: [officeNetwork(topology, name).pool],
    },
  };
}

function badAxis(found: string): CrossnatError {
  return new CrossnatError('usage', {
    doing: 'setting our plain responder up for a cell',
    found,
    remedy: 'Choose another value of the axis, or another responder',
  });
}
