import type { Outcome } from '../../expectation.ts';
import { stageIndex } from '../../stage.ts';
import { clientIsBehindNat, isHostOfEsp, sharesNatTraversal } from '../derived.ts';
import type { CellFacts, ResponderFacts } from '../facts.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

/** Several clients come from one address, that of the NAT in front of all of them. */
function shareOneNat(facts: CellFacts): boolean {
  const { placement, clients } = facts;
  return clients > 1 && !placement.severalPlaces && clientIsBehindNat(facts) && sharesNatTraversal(facts);
}

type Conflicting = Extract<ResponderFacts['clientsBehindOneNat'], { toldApartBy: 'address-and-port' }>;

/** What the responder declares where nothing tells these clients apart: address and port are equal. */
function conflict({ client, responder }: CellFacts): Conflicting | undefined {
  const { clientsBehindOneNat } = responder;
  if (clientsBehindOneNat.toldApartBy === 'sa') return undefined;
  // What goes astray is data: L2TP tells its control messages apart by tunnel id. A refusal by IKE comes before.
  if (client.dataPlane === false && !isRefusedByIke(clientsBehindOneNat)) return undefined;
  const samePort = client.ports.local === 0 || client.ports.local === l2tpPort;
  return samePort ? clientsBehindOneNat : undefined;
}

function isRefusedByIke({ later }: Conflicting): boolean {
  return later.kind === 'stop' && stageIndex(later.stage) < stageIndex('esp');
}

/** Where each that dials takes the place of the one before it, only the last keeps its own. */
function inConflict({ first, later }: Conflicting, facts: CellFacts): Outcome {
  const { clients, place } = facts;
  const isReplaced = later.kind === 'connect' && place < clients - 1 && !haveOneTunnelId(facts);
  return place === 0 || isReplaced ? first : later;
}

/** Clients and responder of whom only the first gets a tunnel. */
function haveOneTunnelId({ client, responder }: CellFacts): boolean {
  return client.countsTunnels === true && responder.takesTunnelIdOnce === true;
}

/** Whether the client that dials next gets as far as PPP where this one did. */
function nextComesToPpp(facts: CellFacts): boolean {
  const { place, clients, responder } = facts;
  const next = { ...facts, place: place + 1 };
  const hasTunnel = responder.maximumTunnels === undefined || next.place < responder.maximumTunnels;
  return next.place < clients && hasTunnel && (sharesNatTraversal(facts) || isHostOfEsp(next));
}

/** What becomes of one of several clients who all log in as one user. */
function ofSharedUser(facts: CellFacts): Outcome {
  const { place, responder, credentials } = facts;
  switch (responder.sameUser) {
    case 'oldest':
      return place === 0 ? connect : stop('ppp-auth', 'ppp-auth-failed');
    case 'newest':
      return nextComesToPpp(facts) ? stop('hold', 'link-lost') : connect;
    default: {
      // No address of another's, also not of the pool: the user database takes precedence over it (PPP-1).
      const { address } = responder.users.find(({ name }) => name === credentials.user) ?? {};
      return place === 0 || address === undefined ? connect : stop('ppp-ipcp', 'pool-exhausted');
    }
  }
}

/** RFC 2661 8.1. A client that names no port in quick mode still sends from this one. */
const l2tpPort = 1701;

export const clientRules: readonly Rule[] = [
  rule('MULTI-1', {
    when: shareOneNat,
    // Where nothing tells them apart the responder declares what comes of it: RFC 3948 lets it refuse.
    outcome: (facts) => {
      const declared = conflict(facts);
      return declared ? inConflict(declared, facts) : connect;
    },
  }),
  rule('MULTI-2', {
    when: ({ placement }) => placement.severalPlaces === true,
    outcome: connect,
  }),
  rule('MULTI-3', {
    when: ({ credentials, responder }) => credentials.isShared === true && responder.sameUser !== undefined,
    outcome: ofSharedUser,
  }),
  rule('MULTI-4', {
    // RFC 3948 5: what tells them apart is outside, their public addresses and the SPIs that the responder gave.
    when: ({ placement }) => placement.sharesPrivateAddress === true,
    outcome: connect,
  }),
  rule('MULTI-6', {
    when: (facts) => shareOneNat(facts) && facts.client.countsTunnels === true,
    outcome: (facts) =>
      haveOneTunnelId(facts) && facts.place > 0 ? stop('l2tp-tunnel', 'tunnel-id-taken') : connect,
  }),
  rule('MULTI-5', {
    // Whoever dials later deletes nothing: never by address alone.
    when: (facts) =>
      shareOneNat(facts) && facts.client.initialContact === true && facts.place < facts.clients - 1,
    outcome: connect,
  }),
];
