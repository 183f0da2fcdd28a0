import { expect, test } from 'vitest';
import { type Cell, cell } from './cell.ts';
import { factsOf } from './cell-facts.ts';
import { expectationFor } from './oracle/oracle.ts';
import { loadTopology } from './topologies.ts';

const facts = (topology: string, values: Partial<Cell> = {}) =>
  factsOf(cell(topology, values), loadTopology(topology), 0);
const expected = (topology: string, values: Partial<Cell> = {}) => {
  const { outcome, checks, rules, disputed } = expectationFor(facts(topology, values));
  const text = outcome.kind === 'connect' ? 'connect' : `${outcome.stage} ${outcome.reason}`;
  return { text, checks, rules: rules.map(({ id }) => id), disputed };
};

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

// The cells of the five topologies, with what the rule table's rows say of each, by hand.
test.each<[string, Partial<Cell>, string, readonly string[]]>([
  [
    'direct',
    {},
    'connect',
    ['NAT-1', 'NAT-25', 'AW-6', 'PORT-1', 'PROP-1', 'PROP-7', 'WIRE-1', 'PPP-1', 'PPP-6', 'PPP-7', 'TRAF-2'],
  ],
  [
    'hotel-nat',
    {},
    'connect',
    [
      'NAT-2',
      'NAT-21',
      'NAT-25',
      'AW-6',
      'PORT-1',
      'PROP-1',
      'PROP-7',
      'WIRE-1',
      'PPP-1',
      'PPP-6',
      'PPP-7',
      'TRAF-2',
    ],
  ],
  [
    'office-nat',
    {},
    'connect',
    [
      'NAT-3',
      'NAT-21',
      'NAT-25',
      'AW-6',
      'WIN-4',
      'PORT-1',
      'PROP-1',
      'PROP-7',
      'ESP-3',
      'WIRE-1',
      'PPP-1',
      'PPP-6',
      'PPP-7',
      'TRAF-2',
    ],
  ],
  [
    'both-nat',
    {},
    'connect',
    [
      'NAT-2',
      'NAT-3',
      'NAT-21',
      'NAT-25',
      'AW-6',
      'WIN-4',
      'PORT-1',
      'PROP-1',
      'PROP-7',
      'WIRE-1',
      'PPP-1',
      'PPP-6',
      'PPP-7',
      'TRAF-2',
    ],
  ],
  ['office-nat', { nat: 'no-forwards' }, 'reach no-answer', ['NAT-4']],
  ['office-nat', { nat: 'only-500' }, 'phase1 no-answer', ['NAT-5']],
  ['office-nat', { rule: '0', reading: 'a' }, 'nat-detection nat-refused', ['WIN-1']],
  ['office-nat', { rule: '0', reading: 'b' }, 'esp esp-never-sent', ['WIN-1']],
  ['both-nat', { rule: '1' }, 'nat-detection nat-refused', ['WIN-3']],
  ['direct', { password: 'wrong' }, 'ppp-auth ppp-auth-failed', ['PPP-4']],
  ['direct', { user: 'dialin9' }, 'ppp-auth ppp-auth-failed', ['PPP-4']],
  ['direct', { psk: 'wrong' }, 'phase1 auth-failed', ['PROP-6']],
  ['hotel-nat', { natt: 'off' }, 'phase1 id-mismatch', ['NAT-6', 'NAT-7']],
  ['hotel-nat', { natt: 'client-off' }, 'phase1 id-mismatch', ['NAT-6']],
  ['hotel-nat', { natt: 'responder-off' }, 'phase1 id-mismatch', ['NAT-7']],
  // Nobody reads an identity that does not decrypt.
  ['hotel-nat', { natt: 'off', psk: 'wrong' }, 'phase1 auth-failed', ['PROP-6']],
  ['office-nat', { natt: 'off' }, 'esp esp-dropped', ['NAT-18']],
  [
    'direct',
    { natt: 'off' },
    'connect',
    ['NAT-23', 'AW-6', 'PORT-1', 'PROP-1', 'PROP-7', 'WIRE-1', 'PPP-1', 'PPP-6', 'PPP-7', 'TRAF-2'],
  ],
  ['direct', { ports: 'rport' }, 'phase2 no-policy', ['PORT-2']],
  [
    'direct',
    { ports: 'none' },
    'connect',
    ['NAT-1', 'NAT-25', 'AW-6', 'PROP-1', 'PROP-7', 'WIRE-1', 'PPP-1', 'PPP-6', 'PPP-7', 'TRAF-2'],
  ],
  ['direct', { p1: 'aes256-sha1-modp1024' }, 'phase1 no-proposal-chosen', ['PROP-2']],
])('%s %o: %s', (topology, values, text, rules) => {
  const got = expected(topology, values);
  expect(got.text).toBe(text);
  expect(got.rules).toEqual(rules);
});

test('Windows XP against the script as printed ends with DES, SHA and group 1, and 3DES-SHA1', () => {
  // Rule AW-6 reading a; PROP-1 with the responder's order 1, 2, 3, 4 of the bundle.
  const { checks, disputed } = expected('office-nat');
  expect(disputed).toBe(false);
  expect(checks).toEqual([
    { check: 'esp-in-udp' },
    { check: 'port-float', expected: true },
    { check: 'ike-stays-on-4500' },
    { check: 'nat-seen', byClient: 'responder', byResponder: 'responder' },
    { check: 'phase1-transform', transform: 'des-sha1-modp768' },
    { check: 'phase2-transform', transform: '3des-sha1' },
    { check: 'main-mode-messages', count: 6 },
    { check: 'quick-mode-messages', counts: [3, 4] },
    { check: 'nothing-spoilt' },
    { check: 'inner-address', address: '192.168.8.50' },
    { check: 'dns-received', address: '192.168.2.10' },
    { check: 'nothing-left' },
    { check: 'ends-told', layers: ['ppp', 'l2tp-session', 'l2tp-tunnel', 'phase2', 'phase1'] },
    { check: 'no-public-hop' },
  ]);
});

test('each SA specification alone is the one that is chosen', () => {
  const chosen = (p2: string) =>
    expected('direct', { p2 }).checks.find((check) => check.check === 'phase2-transform');
  expect(['1', '2', '3', '4'].map(chosen)).toEqual(
    ['3des-sha1', '3des-md5', 'des-sha1', 'des-md5'].map((transform) => ({
      check: 'phase2-transform',
      transform,
    })),
  );
});

test('dialin2 gets an address from the pool', () => {
  expect(expected('direct', { user: 'dialin2' }).checks).toContainEqual({
    check: 'inner-address-in-pool',
    first: '192.168.8.1',
    last: '192.168.8.254',
  });
});

test('a revision that the client does not name is no NAT-T at all (rules NAT-15, NAT-7)', () => {
  expect(facts('hotel-nat', { revision: 'draft-02n' }).responder.natTraversal).toEqual(['draft-02n']);
  // Windows XP SP2 names draft 02 with line feed alone ([MS-IKEE] notes 13 and 15).
  expect(expected('hotel-nat', { revision: 'rfc3947' }).text).toBe('phase1 id-mismatch');
  expect(expected('hotel-nat', { revision: 'rfc3947', natt: 'responder-off' }).text).toBe(
    'phase1 id-mismatch',
  );
});

test('what the responder demands in PPP is agreed, or nothing is (rule PPP-5)', () => {
  expect(facts('direct', { auth: 'pap' }).responder.authentication).toEqual(['pap']);
  // Windows XP SP2's security settings tick MS-CHAP v2 and CHAP.
  expect(expected('direct', { auth: 'pap' }).text).toBe('ppp-lcp ppp-refused');
  expect(expected('direct', { auth: 'ms-chap-v2', responder: 'ts:plain' }).text).toBe('connect');
});

test('lport and rport together ask for both (rules PORT-1, PORT-2)', () => {
  expect(facts('direct', { ports: 'both' }).responder.ports).toEqual({ lport: 1701, rport: 1701 });
});

test('DES before 3DES is reported as a downgrade, 3DES before DES is not', () => {
  expect(expected('direct', { p2: '4-1' }).rules).toContain('PROP-5');
  expect(expected('direct', { p2: '4-1' }).checks).toContainEqual({ check: 'downgrade-warning' });
  expect(expected('direct', { p2: '1-4' }).rules).not.toContain('PROP-5');
  expect(expected('direct', { p2: '4' }).rules).not.toContain('PROP-5');
});

test('both readings of what XP SP2 does under rule 0 are disputed, and the neutral client has no such rule', () => {
  for (const reading of ['a', 'b'] as const)
    expect(expected('office-nat', { rule: '0', reading }).disputed).toBe(true);
  const plain = expected('office-nat', { rule: '0', client: 'ts:plain' });
  expect(plain).toMatchObject({ text: 'connect', disputed: false });
});

test('SoftEther gives an address of its own network, and no transform is expected of it', () => {
  const { text, checks } = expected('hotel-nat', { responder: 'softether' });
  expect(text).toBe('connect');
  expect(checks).toContainEqual({
    check: 'inner-address-in-pool',
    first: '192.168.30.10',
    last: '192.168.30.200',
  });
  expect(checks.filter(({ check }) => check.endsWith('-transform'))).toEqual([]);
});

test('SoftEther does not say that a key is wrong', () => {
  const { text, rules } = expected('direct', { responder: 'softether', psk: 'wrong' });
  expect([text, rules]).toEqual(['phase1 no-answer', ['PROP-6']]);
});

// strongSwan's documents: its own order decides, and it has every transform of the How-To.
test('strongSwan is set up as the office, with transforms of its own for phase 1', () => {
  const asResponder = (values: Partial<Cell> = {}) =>
    expected('office-nat', { responder: 'strongswan', ...values });
  expect(asResponder()).toMatchObject({ text: 'connect', disputed: false });
  expect(asResponder().rules).toEqual([
    'NAT-3',
    'NAT-21',
    'NAT-25',
    'WIN-4',
    'PROP-1',
    'ESP-3',
    'WIRE-1',
    'PPP-1',
    'PPP-6',
    'PPP-7',
    'TRAF-2',
  ]);
  expect(asResponder().checks).toEqual(
    expect.arrayContaining([
      // The first of its list that Windows XP offers.
      { check: 'phase1-transform', transform: '3des-sha1-modp2048' },
      { check: 'phase2-transform', transform: '3des-sha1' },
      { check: 'inner-address', address: '192.168.8.50' },
      { check: 'dns-received', address: '192.168.2.10' },
    ]),
  );
  expect(asResponder({ p1: 'aes256-sha1-modp1024' }).text).toBe('phase1 no-proposal-chosen');
});

test('strongSwan takes a weaker transform before a stronger one, and says nothing of it', () => {
  const { checks, rules } = expected('direct', { responder: 'strongswan', p2: '4-1' });
  expect(checks).toContainEqual({ check: 'phase2-transform', transform: 'des-md5' });
  expect(rules).not.toContain('PROP-5');
});

test('a strongSwan client meets the script as printed, and no rule of Windows speaks of it', () => {
  const { text, checks, rules } = expected('office-nat', { client: 'strongswan' });
  expect(text).toBe('connect');
  expect(rules.filter((id) => id.startsWith('WIN'))).toEqual([]);
  expect(checks).toContainEqual({ check: 'phase1-transform', transform: 'des-sha1-modp768' });
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
  expect(expected('direct', { psk: 'special', p1, reading: 'b' })).toMatchObject({
    text: 'phase1 auth-failed',
    rules: ['WIN-10', 'PROP-6'],
    disputed: true,
    checks: expect.arrayContaining([{ check: 'key-warning' }]),
  });
});

test('a router that lost its key falls silent before anything that main mode shows later (rule AW-3)', () => {
  const lost = { script: 'key-lost' } as const;
  expect(expected('direct', lost).text).toBe('phase1 no-key');
  // No message 4: a refusal of what NAT detection shows (WIN-1) and a lost message 5 (NAT-5) would come after it.
  expect(expected('office-nat', { ...lost, rule: '0', reading: 'a' }).text).toBe('phase1 no-key');
  expect(expected('office-nat', { ...lost, nat: 'only-500' }).text).toBe('phase1 no-key');
  expect(expected('direct', { ...lost, psk: 'wrong' }).text).toBe('phase1 no-key');
});
