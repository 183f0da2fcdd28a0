import type { Outcome } from '../../expectation.ts';
import { clientIsBehindNat, sharesNatTraversal } from '../derived.ts';
import type { CellFacts, ResponderFacts } from '../facts.ts';
import { connect, type Rule, rule, source } from '../rule.ts';

/** Several clients come from one address, that of the NAT in front of all of them. */
function shareOneNat(facts: CellFacts): boolean {
  return facts.clients > 1 && clientIsBehindNat(facts) && sharesNatTraversal(facts);
}

type Conflicting = Extract<ResponderFacts['clientsBehindOneNat'], { toldApartBy: 'address-and-port' }>;

/** What the responder declares where nothing tells these clients apart: address and port are equal. */
function conflict({ client, responder }: CellFacts): Conflicting | undefined {
  const { clientsBehindOneNat } = responder;
  // What goes astray is data: L2TP tells its control messages apart by tunnel id.
  if (clientsBehindOneNat.toldApartBy === 'sa' || client.dataPlane === false) return undefined;
  const samePort = client.ports.local === 0 || client.ports.local === l2tpPort;
  return samePort ? clientsBehindOneNat : undefined;
}

/** Where each that dials takes the place of the one before it, only the last keeps its own. */
function inConflict({ first, later }: Conflicting, { place, clients }: CellFacts): Outcome {
  const isReplaced = later.kind === 'connect' && place < clients - 1;
  return place === 0 || isReplaced ? first : later;
}

/** RFC 2661 8.1. A client that names no port in quick mode still sends from this one. */
const l2tpPort = 1701;

export const clientRules: readonly Rule[] = [
  rule({
    id: 'MULTI-1',
    about: 'clients',
    when: shareOneNat,
    // Where nothing tells them apart the responder declares what comes of it: RFC 3948 lets it refuse.
    outcome: (facts) => {
      const declared = conflict(facts);
      return declared ? inConflict(declared, facts) : connect;
    },
    source: `RFC 3948 section 5.2; ${source.fieldFacts} C4`,
    confidence: 'V',
  }),
];
