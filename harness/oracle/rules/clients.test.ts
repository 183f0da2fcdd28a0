import { expect, test } from 'vitest';
import { type Outcome, outcomeText } from '../../expectation.ts';
import type { ClientFacts, Placement, ResponderFacts } from '../facts.ts';
import { expectationFor } from '../oracle.ts';
import { exampleFacts } from '../testing/example-facts.ts';

const placement = { clientNats: 1, clientNatEsp: 'mapped' } as const;
const replaced: Outcome = { kind: 'stop', stage: 'hold', reason: 'sa-replaced' };
const noPpp: Outcome = { kind: 'stop', stage: 'ppp-lcp', reason: 'sa-replaced' };

/** What must come of each of so many clients whose L2TP comes from these ports. */
function outcomes(
  clientsBehindOneNat: ResponderFacts['clientsBehindOneNat'],
  localPorts: readonly number[],
  kind: Partial<ClientFacts> = {},
  other: Partial<ResponderFacts> = {},
) {
  return localPorts.map((local, place) => {
    const client = { ports: { local, remote: 1701 }, ...kind };
    const responder = { clientsBehindOneNat, ...other };
    const facts = exampleFacts({ placement, client, responder, clients: localPorts.length, place });
    return outcomeText(expectationFor(facts).outcome);
  });
}

const lastWins = { toldApartBy: 'address-and-port', first: replaced, later: { kind: 'connect' } } as const;
const nobodyWins = { toldApartBy: 'address-and-port', first: replaced, later: noPpp } as const;

// RFC 3948 5.2: equal address and port after decryption; the later SA is the one that the policy names.
test('where address and port tell clients apart, each from one port takes the place of the one before', () => {
  expect(outcomes(lastWins, [1701, 1701])).toEqual(['stop at hold: sa-replaced', 'connect']);
  expect(outcomes(lastWins, [0, 0, 0])).toEqual([
    'stop at hold: sa-replaced',
    'stop at hold: sa-replaced',
    'connect',
  ]);
});

test('where the later one never gets PPP, no later one is there to be replaced', () => {
  expect(outcomes(nobodyWins, [1701, 1701, 1701])).toEqual([
    'stop at hold: sa-replaced',
    'stop at ppp-lcp: sa-replaced',
    'stop at ppp-lcp: sa-replaced',
  ]);
});

test('nothing is in the way of clients with ports of their own, or with a responder that knows SAs', () => {
  for (const declared of [lastWins, nobodyWins]) {
    expect(outcomes(declared, [17011, 17012])).toEqual(['connect', 'connect']);
    expect(outcomes(declared, [1701])).toEqual(['connect']);
  }
  expect(outcomes({ toldApartBy: 'sa' }, [1701, 1701])).toEqual(['connect', 'connect']);
});

test('clients without a data plane have nothing that could go astray (rule L2TP-NODATA)', () => {
  const client = { ports: { local: 1701, remote: 1701 }, dataPlane: false, authentication: [] } as const;
  for (const clientsBehindOneNat of [lastWins, nobodyWins]) {
    const ends = [0, 1].map((place) => {
      const facts = exampleFacts({
        placement,
        client,
        responder: { clientsBehindOneNat },
        clients: 2,
        place,
      });
      return outcomeText(expectationFor(facts).outcome);
    });
    expect(ends).toEqual(['stop at ppp-lcp: no-data-plane', 'stop at ppp-lcp: no-data-plane']);
  }
});

test('where IKE itself refuses the later client, it is refused with or without a data plane', () => {
  const later: Outcome = { kind: 'stop', stage: 'phase2', reason: 'no-policy' };
  const refusing = { toldApartBy: 'address-and-port', first: { kind: 'connect' }, later } as const;
  const control = { dataPlane: false, authentication: [] } as const;
  const both = [1701, 1701];
  expect(outcomes(refusing, both)).toEqual(['connect', 'stop at phase2: no-policy']);
  expect(outcomes(refusing, both, control)).toEqual([
    'stop at ppp-lcp: no-data-plane',
    'stop at phase2: no-policy',
  ]);
});

// The field facts C4: Windows counts its tunnels from its start on.
test('where an address can have each tunnel id once, the second Windows PC gets no tunnel from any port', () => {
  const windows = { countsTunnels: true } as const;
  const once = { takesTunnelIdOnce: true } as const;
  const refused = 'stop at l2tp-tunnel: tunnel-id-taken';
  for (const declared of [lastWins, nobodyWins]) {
    expect(outcomes(declared, [17011, 17012], windows, once)).toEqual(['connect', refused]);
    expect(outcomes(declared, [1701, 1701], windows, once)).toEqual(['stop at hold: sa-replaced', refused]);
  }
  expect(outcomes({ toldApartBy: 'sa' }, [1701, 1701], windows)).toEqual(['connect', 'connect']);
  expect(outcomes({ toldApartBy: 'sa' }, [1701, 1701], {}, once)).toEqual(['connect', 'connect']);
});

/** What must come of each of so many clients that log in as one user. */
function ofOneUser(
  user: string,
  sameUser: ResponderFacts['sameUser'],
  clients = 3,
  other: Partial<Placement> = {},
) {
  return Array.from({ length: clients }, (_, place) => {
    const credentials = { user, isShared: true } as const;
    const several = { ...placement, ...other };
    const responder = { ...(sameUser && { sameUser }) };
    const facts = exampleFacts({ placement: several, responder, credentials, clients, place });
    return outcomeText(expectationFor(facts).outcome);
  });
}

// dialin1 has an address of its own, dialin2 takes one of the pool (the AlliedWare How-To's user database).
test('one user several times: what the responder declares', () => {
  const gone = 'stop at hold: link-lost';
  const refused = 'stop at ppp-auth: ppp-auth-failed';
  const noAddress = 'stop at ppp-ipcp: pool-exhausted';
  expect(ofOneUser('dialin2', 'both')).toEqual(['connect', 'connect', 'connect']);
  expect(ofOneUser('dialin1', 'both')).toEqual(['connect', noAddress, noAddress]);
  for (const user of ['dialin1', 'dialin2']) {
    expect(ofOneUser(user, 'newest')).toEqual([gone, gone, 'connect']);
    expect(ofOneUser(user, 'oldest')).toEqual(['connect', refused, refused]);
    expect(ofOneUser(user, undefined)).toEqual(['connect', 'connect', 'connect']);
  }
});

test('who is in stays where nobody comes as far after him', () => {
  const facts = exampleFacts({
    placement: { clientNats: 1, clientNatEsp: 'mapped', clientNatEspOf: 'first' },
    client: { natTraversal: [], innerChecksum: false },
    responder: { sameUser: 'newest', checksPeerIdentity: false, natTraversal: [] },
    credentials: { isShared: true },
    clients: 2,
  });
  expect(outcomeText(expectationFor(facts).outcome)).toBe('connect');
  const tunnels = exampleFacts({
    placement,
    responder: { sameUser: 'newest', maximumTunnels: 1 },
    credentials: { isShared: true },
    clients: 2,
  });
  expect(outcomeText(expectationFor(tunnels).outcome)).toBe('connect');
});
