import { expect, test } from 'vitest';
import { type Cell, cell } from './cell.ts';
import { expectation } from './cell-expectation.ts';
import { matrixAxes } from './matrix/axes.ts';
import { matrixCells } from './matrix/generate.ts';
import { loadTopology } from './topologies.ts';

/** Of the only client. */
const expected = (topology: string, values: Partial<Cell> = {}) => {
  const [only] = expectation(cell(topology, values), loadTopology(topology));
  if (only === undefined) throw new Error('a cell has a client');
  const { outcome, checks, rules, disputed } = only;
  const text = outcome.kind === 'connect' ? 'connect' : `${outcome.stage} ${outcome.reason}`;
  return { text, checks, rules: rules.map(({ id }) => id), disputed };
};

test('the rule table has an answer to cells of the whole matrix, and never two', () => {
  // One in five: a run of the whole matrix would show the rest as broken.
  const cells = matrixCells('full', matrixAxes()).filter((_, index) => index % 5 === 0);
  const asked = cells.filter(({ topology, clients, ...cell }) => {
    // Throws where it has none, or two that contradict each other, and names the cell.
    return expectation({ topology, clients, ...cell }, loadTopology(topology)).length === clients;
  });
  expect(asked).toHaveLength(cells.length);
  expect(cells.length).toBeGreaterThan(2000);
});

// What speaks of every cell of Windows XP SP2 and the script as printed that connects.
const asPrinted = ['AW-6', 'PROP-1', 'PROP-7', 'WIRE-1', 'PPP-1', 'PPP-6', 'PPP-7', 'TRAF-2'];

// The cells of the five topologies, with what the rule table's rows say of each, by hand.
test.each<[string, Partial<Cell>, string, readonly string[]]>([
  ['direct', {}, 'connect', ['NAT-1', 'NAT-25', 'PORT-1', ...asPrinted]],
  ['hotel-nat', {}, 'connect', ['NAT-2', 'NAT-21', 'NAT-25', 'PORT-1', ...asPrinted]],
  ['office-nat', {}, 'connect', ['NAT-3', 'NAT-21', 'NAT-25', 'WIN-4', 'PORT-1', 'ESP-3', ...asPrinted]],
  ['both-nat', {}, 'connect', ['NAT-2', 'NAT-3', 'NAT-21', 'NAT-25', 'WIN-4', 'PORT-1', ...asPrinted]],
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
  ['direct', { natt: 'off' }, 'connect', ['NAT-23', 'PORT-1', ...asPrinted]],
  ['direct', { ports: 'rport' }, 'phase2 no-policy', ['PORT-2']],
  ['direct', { ports: 'none' }, 'connect', ['NAT-1', 'NAT-25', ...asPrinted]],
  ['direct', { p1: 'aes256-sha1-modp1024' }, 'phase1 no-proposal-chosen', ['PROP-2']],
])('%s %o: %s', (topology, values, text, rules) => {
  const got = expected(topology, values);
  expect(got.text).toBe(text);
  expect(got.rules.toSorted()).toEqual(rules.toSorted());
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
  // Windows XP SP2 names draft 02 with line feed alone ([MS-IKEE] notes 13 and 15).
  expect(expected('hotel-nat', { revision: 'rfc3947' }).text).toBe('phase1 id-mismatch');
  expect(expected('hotel-nat', { revision: 'rfc3947', natt: 'responder-off' }).text).toBe(
    'phase1 id-mismatch',
  );
});

test('what the responder demands in PPP is agreed, or nothing is (rule PPP-5)', () => {
  // Windows XP SP2's security settings tick MS-CHAP v2 and CHAP.
  expect(expected('direct', { auth: 'pap' }).text).toBe('ppp-lcp ppp-refused');
  expect(expected('direct', { auth: 'ms-chap-v2', responder: 'ts:plain' }).text).toBe('connect');
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

test('where each end makes other octets of a key, it is a wrong one (rule WIN-10)', () => {
  expect(expected('direct', { psk: 'special', p1: '3des-sha1-modp1024', reading: 'b' })).toMatchObject({
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
