import { expect, test } from 'vitest';
import { type Cell, cell } from './cell.ts';
import { factsOf } from './cell-facts.ts';
import { loadTopology } from './topologies.ts';

const facts = (topology: string, values: Partial<Cell> = {}) =>
  factsOf(cell(topology, values), loadTopology(topology), 0);

test('placement is read from the path: who hides behind which gateway', () => {
  const pinholes = { udp500: true, udp4500: true, esp: false };
  const none = { clientNats: 0, clientNatEsp: 'mapped' };
  const one = { clientNats: 1, clientNatEsp: 'dropped', clientNatUdpSeconds: 120 };
  expect(facts('direct').placement).toEqual(none);
  expect(facts('hotel-nat').placement).toEqual(one);
  expect(facts('remote-office-nat').placement).toEqual(one);
  expect(facts('office-nat').placement).toEqual({ ...none, responderNat: pinholes });
  expect(facts('both-nat').placement).toEqual({ ...one, responderNat: pinholes });
});

test('a variant changes the forwards, and an unknown one is a usage error with the nearest', () => {
  const closed = { udp500: false, udp4500: false, esp: false };
  expect(facts('office-nat', { nat: 'no-forwards' }).placement.responderNat).toEqual(closed);
  expect(facts('office-nat', { nat: 'only-500' }).placement.responderNat).toEqual({
    ...closed,
    udp500: true,
  });
  expect(() => facts('office-nat', { nat: 'no-forward' })).toThrow(/Did you mean no-forwards/);
});

test('peers that nothing is declared of are usage errors', () => {
  expect(() => facts('direct', { client: 'softether' })).toThrow(
    'nothing is declared of the client softether',
  );
  expect(() => facts('direct', { client: 'ts:windows-xp-sp4' })).toThrow(/Did you mean windows-xp-sp2/);
  expect(() => facts('direct', { responder: 'softethr' })).toThrow(/Did you mean softether/);
});

test('lport and rport together ask for both (rules PORT-1, PORT-2)', () => {
  expect(facts('direct', { ports: 'both' }).responder.ports).toEqual({ lport: 1701, rport: 1701 });
});

test('an axis that sets what a responder takes replaces what its profile says', () => {
  expect(facts('hotel-nat', { revision: 'draft-02n' }).responder.natTraversal).toEqual(['draft-02n']);
  expect(facts('direct', { auth: 'pap' }).responder.authentication).toEqual(['pap']);
});

test('a key of other characters is what each end makes of it, or what the router does not take (rule WIN-10)', () => {
  const p1 = '3des-sha1-modp1024';
  const keys = (values: Partial<Cell>) => facts('direct', { psk: 'special', p1, ...values });
  // Reading a: the line of the key is refused, whoever dials.
  expect(keys({ reading: 'a' }).responder.keyIsMissing).toBe('refused');
  expect(keys({ reading: 'b' }).responder.keyIsMissing).toBeUndefined();
  // Reading b: Windows and the router are declared to make different octets of it, the plain client the same.
  expect(keys({ reading: 'b' }).credentials.preSharedKeysAgree).toBe(false);
  expect(keys({ reading: 'b', client: 'ts:plain' }).credentials.preSharedKeysAgree).toBe(true);
});
