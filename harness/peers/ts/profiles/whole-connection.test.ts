import { expect, test } from 'vitest';
import { type Cell, cell, cellId } from '../../../cell.ts';
import { factsOf } from '../../../cell-facts.ts';
import { outcomeText } from '../../../expectation.ts';
import { expectationFor } from '../../../oracle/oracle.ts';
import { expectAsRuled, playInMemory } from '../../../runner/embedded/testing/in-memory.ts';
import { loadTopology } from '../../../topologies.ts';
import { profileNames } from './profile-file.ts';

/*
 * Each client of the field against the AlliedWare model with the How-To's script, in memory: with the script as it is
 * printed, and with the transform that most clients share with it. The rule table says what comes of it.
 */
const placements = ['direct', 'hotel-nat', 'office-nat', 'both-nat'];
const p1 = '3des-sha1-modp1024';
const clients = profileNames('client').map((name) => `ts:${name}`);
const cells: readonly Cell[] = clients.flatMap((client) =>
  placements.flatMap((topology) => [cell(topology, { client }), cell(topology, { client, p1 })]),
);

const expectationOf = (played: Cell) => expectationFor(factsOf(played, loadTopology(played.topology), 0));
const play = (played: Cell) => playInMemory(played).clients;

test.each(cells.map((one) => [cellId(one), one] as const))('%s', (_, played) => {
  expectAsRuled(played, play(played));
});

/** What must come of a cell by the documents named, so that the rule table itself is held to account. */
const byHand: readonly [Cell, string, string][] = [
  // The script's own transform is DES with group 1, which no Windows from Vista on has (rule AW-6, field facts B).
  [cell('direct', { client: 'ts:windows-7' }), 'stop at phase1: no-proposal-chosen', 'AW-6'],
  [cell('direct', { client: 'ts:windows-10' }), 'stop at phase1: no-proposal-chosen', 'AW-6'],
  // Groups 2, 5 and above of macOS and ChromeOS against group 1.
  [cell('direct', { client: 'ts:macos' }), 'stop at phase1: no-proposal-chosen', 'AW-6'],
  [cell('direct', { client: 'ts:chromeos' }), 'stop at phase1: no-proposal-chosen', 'AW-6'],
  // Rule WIN-8: their last transform.
  [cell('both-nat', { client: 'ts:windows-10', p1 }), 'connect', 'WIN-4'],
  [cell('both-nat', { client: 'ts:macos', p1 }), 'connect', 'NAT-3'],
  // Rule PPP-5: the script demands CHAP.
  [cell('direct', { client: 'ts:windows-10-as-installed', p1 }), 'stop at ppp-lcp: ppp-refused', 'PPP-5'],
  // MikroTik's default proposal has AES alone, the How-To's SA specifications 3DES and DES.
  [cell('direct', { client: 'ts:mikrotik', p1 }), 'stop at phase2: no-proposal-chosen', 'PROP-3'],
  // Rules WIN-1 and WIN-6: only those with the rule refuse.
  [cell('office-nat', { client: 'ts:windows-vista', p1, rule: '0' }), 'stop at esp: esp-never-sent', 'WIN-1'],
  [cell('office-nat', { client: 'ts:windows-10', p1, rule: '0' }), 'stop at esp: esp-never-sent', 'WIN-1'],
  [cell('office-nat', { client: 'ts:windows-xp-sp1-kb818043', rule: '0' }), 'connect', 'WIN-6'],
  [cell('both-nat', { client: 'ts:windows-xp-sp1-kb818043', rule: '0' }), 'connect', 'WIN-6'],
  // Rules PORT-3, PORT-4 and WIN-7: a client before the update, with rport and with lport.
  [cell('direct', { client: 'ts:windows-xp', ports: 'rport' }), 'connect', 'WIN-7'],
  [cell('direct', { client: 'ts:windows-2000', ports: 'rport' }), 'connect', 'PORT-3'],
  [cell('direct', { client: 'ts:windows-xp' }), 'stop at phase2: no-policy', 'PORT-4'],
  // Rule NAT-6: no NAT-T, and its private address in message 5.
  [cell('hotel-nat', { client: 'ts:windows-xp' }), 'stop at phase1: id-mismatch', 'NAT-6'],
  [cell('direct', { client: 'ts:android-identifier', p1 }), 'stop at phase1: no-policy', 'PROP-8'],
];

test.each(byHand.map(([played, ...others]) => [cellId(played), played, ...others] as const))(
  '%s by hand',
  (_, played, outcome, rule) => {
    const expectation = expectationOf(played);
    expect(outcomeText(expectation.outcome)).toBe(outcome);
    expect(expectation.rules.map(({ id }) => id)).toContain(rule);
    expectAsRuled(played, play(played));
  },
);

test.each(['windows-xp-sp2', 'windows-server-2003'])(
  '%s with rule 0 plays both readings of what it does',
  (name) => {
    // Field facts C2: nothing was found that says which it is.
    const outcomes = { a: 'stop at nat-detection: nat-refused', b: 'stop at esp: esp-never-sent' } as const;
    for (const reading of ['a', 'b'] as const) {
      for (const topology of ['office-nat', 'both-nat']) {
        const played = cell(topology, { client: `ts:${name}`, rule: '0', reading });
        const expectation = expectationOf(played);
        expect([outcomeText(expectation.outcome), expectation.disputed]).toEqual([outcomes[reading], true]);
        expectAsRuled(played, play(played));
      }
    }
    const own = expectationOf(cell('office-nat', { client: `ts:${name}`, rule: '0' }));
    expect(outcomeText(own.outcome)).toBe(outcomes.a);
  },
);

test.each(['windows-xp-sp2', 'windows-7', 'windows-10'])(
  '%s with rules 0, 1 and 2, by who is behind NAT',
  (name) => {
    // Field facts C1: 0 takes no responder behind NAT, 1 takes one unless the client is behind NAT too, 2 takes any.
    const connects = (topology: string, rule: Cell['rule']) =>
      expectationOf(cell(topology, { client: `ts:${name}`, p1, rule })).outcome.kind === 'connect';
    const rules = ['0', '1', '2'] as const;
    expect(rules.map((rule) => connects('hotel-nat', rule))).toEqual([true, true, true]);
    expect(rules.map((rule) => connects('office-nat', rule))).toEqual([false, true, true]);
    expect(rules.map((rule) => connects('both-nat', rule))).toEqual([false, false, true]);
    for (const rule of rules) {
      const played = cell('both-nat', { client: `ts:${name}`, p1, rule });
      expectAsRuled(played, play(played));
    }
  },
);

test('the AlliedWare model has all four of its settings, and the profiles show what each is for', () => {
  // lport and rport of the How-To, with and without natt.
  const settings: readonly [Partial<Cell>, string][] = [
    [{ client: 'ts:windows-xp-sp2', ports: 'lport', natt: 'both' }, 'connect'],
    [{ client: 'ts:windows-xp-sp2', ports: 'lport', natt: 'responder-off' }, 'connect'],
    [{ client: 'ts:windows-xp', ports: 'rport', natt: 'both' }, 'connect'],
    [{ client: 'ts:windows-xp', ports: 'rport', natt: 'responder-off' }, 'connect'],
    [{ client: 'ts:windows-xp-sp2', ports: 'rport', natt: 'both' }, 'stop at phase2: no-policy'],
    [{ client: 'ts:windows-xp-sp2', ports: 'rport', natt: 'responder-off' }, 'stop at phase2: no-policy'],
  ];
  for (const [values, outcome] of settings) {
    const played = cell('direct', values);
    expect(outcomeText(expectationOf(played).outcome)).toBe(outcome);
    expectAsRuled(played, play(played));
  }
  const withoutNatT = cell('hotel-nat', { client: 'ts:windows-xp-sp2', natt: 'responder-off' });
  expect(outcomeText(expectationOf(withoutNatT).outcome)).toBe('stop at phase1: id-mismatch');
  expectAsRuled(withoutNatT, play(withoutNatT));
});

/** Responders that are profiles alone, and what comes of a client of theirs (field facts A3, B, C2; rules WIN-1, PPP-5). */
const others: readonly [Cell, string][] = [
  [cell('hotel-nat', { responder: 'ts:windows-server-2003' }), 'connect'],
  [cell('both-nat', { responder: 'ts:windows-server-2003' }), 'connect'],
  [cell('hotel-nat', { client: 'ts:windows-10', responder: 'ts:windows-server-2003' }), 'connect'],
  // It speaks draft 02 with line feed, group 2 and MS-CHAPv2; no AES group of a Mac but its last ones.
  [cell('direct', { client: 'ts:macos', responder: 'ts:windows-server-2003' }), 'connect'],
  [cell('direct', { client: 'ts:windows-10', responder: 'ts:cisco-ios' }), 'connect'],
  [cell('office-nat', { client: 'ts:cisco-ios', responder: 'ts:cisco-ios' }), 'connect'],
  [cell('direct', { client: 'ts:windows-10', responder: 'ts:setup-ipsec-vpn' }), 'connect'],
  [
    cell('direct', { client: 'ts:windows-10', responder: 'ts:setup-ipsec-vpn', rule: '0' }),
    'stop at esp: esp-never-sent',
  ],
  [cell('direct', { responder: 'ts:setup-ipsec-vpn' }), 'stop at phase1: no-proposal-chosen'],
  [cell('hotel-nat', { client: 'ts:chromeos', responder: 'ts:plain' }), 'connect'],
  [cell('hotel-nat', { client: 'ts:mikrotik', responder: 'ts:plain' }), 'connect'],
  [cell('hotel-nat', { client: 'ts:android-identifier', responder: 'ts:plain' }), 'connect'],
  [cell('both-nat', { client: 'ts:macos', responder: 'ts:plain' }), 'connect'],
];

test.each(others.map(([played, outcome]) => [cellId(played), played, outcome] as const))(
  '%s',
  (_, played, outcome) => {
    expect(outcomeText(expectationOf(played).outcome)).toBe(outcome);
    expectAsRuled(played, play(played));
  },
);

test('a client that does something else than the rule table says of it is seen', () => {
  const seen = play(cell('direct', { client: 'ts:windows-10', p1 }));
  expect(() => expectAsRuled(cell('direct', { client: 'ts:windows-10-as-installed', p1 }), seen)).toThrow(
    /ppp-lcp/,
  );
  expect(() => expectAsRuled(cell('direct', { client: 'ts:windows-10' }), seen)).toThrow(
    /no-proposal-chosen/,
  );
});
