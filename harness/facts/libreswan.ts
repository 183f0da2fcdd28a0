import type { Cell } from '../cell.ts';
import type { ClientFacts, ResponderFacts } from '../oracle/facts.ts';
import { phase2Proposals, usualProposals } from '../peers/libreswan/algorithms.ts';
import { type Release, release4 } from '../peers/libreswan/release.ts';
import { phase1Of } from '../peers/linux/proposals.ts';
import type { Topology } from '../topology.ts';
import { authentication, pool, users } from './how-to.ts';
import { officeDns } from './office.ts';

/** Named by a client, and answered by a responder (ikev1_nat.c: nat_traversal_insert_vid, nat_traversal_vid_to_method). */
const revisions = ['rfc3947', 'draft-03', 'draft-02n', 'draft-02'];

/**
 * libreswan with xl2tpd and pppd. It can be told to do without NAT-T (ipsec.conf(5), nat-ikev1-method); xl2tpd asks
 * the kernel for no UDP checksums (network.c, SO_NO_CHECK).
 */
export function libreswanClientFacts({ natt, gateway }: Cell): ClientFacts {
  return {
    natTraversal: natt === 'both' || natt === 'responder-off' ? revisions : [],
    phase1: usualProposals.phase1,
    phase2: usualProposals.phase2,
    ports: { local: 1701, remote: 1701 },
    authentication: ['chap-md5', 'ms-chap-v2'],
    sendsAllIntoTunnel: gateway === 'remote',
    innerChecksum: false,
    sendsDeletes: true,
  };
}

const refused = { kind: 'stop', stage: 'phase2', reason: 'no-policy' } as const;

/**
 * Clients behind one NAT whose L2TP comes from one port would need one and the same policy, and pluto knows whose
 * that is: 4.10 refuses later clients ("cannot install eroute -- it is in use") and leaves the first alone. 5.2
 * refuses them, too, but cleans up by deleting that policy (probed: `ip xfrm policy` shows none for what comes in
 * any more, and the one for what goes out has lost its reqid), so that the first client's data is lost.
 */
const firstComeFirstServed: ResponderFacts['clientsBehindOneNat'] = {
  toldApartBy: 'address-and-port',
  first: { kind: 'connect' },
  later: refused,
};
const nobodyServed: ResponderFacts['clientsBehindOneNat'] = {
  toldApartBy: 'address-and-port',
  first: { kind: 'stop', stage: 'hold', reason: 'no-traffic' },
  later: refused,
};

/**
 * libreswan with xl2tpd and pppd, set up as the How-To's router: its users, pool and name server, CHAP. Of what it
 * has it takes the first that the client names (ikev1_spdb_struct.c, parse_isakmp_sa_body and parse_ipsec_sa_body).
 * A connection for anybody (`right=%any`) asks for no identity; quick modes are for the addresses of the packets,
 * or for those that NAT-T explains (ikev1_quick.c). Linux drops bad UDP checksums.
 */
export function libreswanResponderFacts(release: Release, cell: Cell, topology: Topology): ResponderFacts {
  const off = cell.natt === 'responder-off' || cell.natt === 'off';
  const side = { role: 'responder', cell } as const;
  return {
    natTraversal: off && release.responderCanDoWithoutNatTraversal ? [] : revisions,
    // ikev1_spdb_struct.c: the draft's number and the RFC's are one mode.
    takesEitherEncapsulation: true,
    pretendsNat: 'of-nobody',
    phase1: phase1Of(side, usualProposals),
    phase2: phase2Proposals(side),
    phase1IsScriptDefault: false,
    choice: 'initiator-order',
    warnsOfDowngrades: false,
    checksPeerIdentity: false,
    checksQuickModeAddresses: true,
    acceptsDialledAddress: true,
    dropsBadInnerChecksums: true,
    clientsBehindOneNat: release === release4 ? firstComeFirstServed : nobodyServed,
    // xl2tpd, control.c: a second tunnel with the same id and address is a repetition, whatever the port.
    takesTunnelIdOnce: true,
    ports: {},
    authentication,
    users,
    pool,
    ...officeDns(topology),
  };
}
