import { expect, test } from 'vitest';
import { outcomeText } from '../expectation.ts';
import { expectationFor, ruleTable } from './oracle.ts';
import { holdRules } from './rules/hold.ts';
import { exampleFacts } from './testing/example-facts.ts';
import {
  bothNat,
  clientNat,
  impaired,
  legacy,
  noNatT,
  officeNat,
  rport,
  rule,
  shortMapping,
} from './testing/example-parts.ts';
import { examplesOfClients } from './testing/examples-of-clients.ts';
import { examplesOfFiltering } from './testing/examples-of-filtering.ts';
import { examplesOfHold } from './testing/examples-of-hold.ts';
import { examplesOfImpairments } from './testing/examples-of-impairments.ts';
import { examplesOfLife } from './testing/examples-of-life.ts';
import { examplesOfPlacement } from './testing/examples-of-placement.ts';
import { examplesOfPorts } from './testing/examples-of-ports.ts';
import { examplesOfPpp } from './testing/examples-of-ppp.ts';
import { examplesOfProposals } from './testing/examples-of-proposals.ts';
import { examplesOfScript } from './testing/examples-of-script.ts';
import { examplesOfWindows } from './testing/examples-of-windows.ts';

const examples = {
  ...examplesOfClients,
  ...examplesOfFiltering,
  ...examplesOfHold,
  ...examplesOfImpairments,
  ...examplesOfLife,
  ...examplesOfPlacement,
  ...examplesOfPorts,
  ...examplesOfPpp,
  ...examplesOfProposals,
  ...examplesOfScript,
  ...examplesOfWindows,
};

test('every rule has an example, and every example a rule', () => {
  expect(Object.keys(examples).sort()).toEqual(ruleTable.map(({ id }) => id).sort());
});

test.each(Object.entries(examples))('%s', (id, { speaks, outcome, silent, disputed = false }) => {
  const expectation = expectationFor(exampleFacts(speaks));
  expect(outcomeText(expectation.outcome)).toBe(outcome);
  expect(expectation.rules.map((rule) => rule.id)).toContain(id);
  expect(expectation.disputed).toBe(disputed);
  const table = ruleTable.find((rule) => rule.id === id);
  expect(table?.when(exampleFacts(silent))).toBe(false);
});

test('Vista and later send no ESP under rule 0, whichever reading, and nobody disputes it', () => {
  const facts = exampleFacts({
    placement: officeNat,
    client: rule(0, 'a', 'vista'),
  });
  const { outcome, disputed } = expectationFor(facts);
  expect([outcomeText(outcome), disputed]).toEqual(['stop at esp: esp-never-sent', false]);
});

test('a responder that does not tell of a wrong key only falls silent (rule PROP-6)', () => {
  const credentials = { preSharedKeysAgree: false };
  const silent = exampleFacts({ credentials, responder: { silentOnWrongKey: true } });
  const { outcome, rules } = expectationFor(silent);
  expect([outcomeText(outcome), rules.map(({ id }) => id)]).toEqual([
    'stop at phase1: no-answer',
    ['PROP-6'],
  ]);
});

test('an encapsulation that is forced looks like a responder behind NAT (rule WIN-1)', () => {
  const facts = exampleFacts({ client: rule(0, 'b'), responder: { pretendsNat: 'of-itself' } });
  expect(outcomeText(expectationFor(facts).outcome)).toBe('stop at esp: esp-never-sent');
});

test('a legacy client stops at its ports behind a responder that stands behind NAT, too (rule PORT-4)', () => {
  const responder = { acceptsDialledAddress: true };
  const facts = exampleFacts({ placement: officeNat, client: { ...legacy, ...noNatT }, responder });
  expect(outcomeText(expectationFor(facts).outcome)).toBe('stop at phase2: no-policy');
});

test('a port of the system is as foreign to rport as none (rule PORT-2)', () => {
  const facts = exampleFacts({ responder: rport, client: { ports: { local: 49152, remote: 1701 } } });
  expect(outcomeText(expectationFor(facts).outcome)).toBe('stop at phase2: no-policy');
});

test('what a client does not ask for, or does not do, is not checked', () => {
  const responder = { acceptsAggressive: true } as const;
  const quiet = exampleFacts({ client: { requestsDns: false, aggressive: true }, responder });
  const checks = expectationFor(quiet).checks.map(({ check }) => check);
  expect(checks).toContain('quick-mode-messages');
  expect(checks).not.toContain('dns-received');
  expect(checks).not.toContain('main-mode-messages');
});

test('a tolerant responder knows ESP in UDP by the number of any revision (rule ESP-2)', () => {
  const facts = exampleFacts({
    ...impaired('client', 'encapsulation-number'),
    placement: officeNat,
    responder: { takesEitherEncapsulation: true },
  });
  const { outcome, rules } = expectationFor(facts);
  expect([outcomeText(outcome), rules.map(({ id }) => id)]).toEqual([
    'connect',
    expect.arrayContaining(['ESP-2', 'IMPAIR-ENCAPSULATION-NUMBER']),
  ]);
});

test('a responder behind NAT that compares addresses objects to those first (rule IMPAIR-NO-NAT-D)', () => {
  const facts = exampleFacts({
    ...impaired('client', 'no-nat-d'),
    placement: officeNat,
    responder: { checksQuickModeAddresses: true },
  });
  expect(outcomeText(expectationFor(facts).outcome)).toBe('stop at phase2: id-mismatch');
});

test('a client that is sent no NAT-D stays on port 500, and one that sends none moves (rule IMPAIR-NO-NAT-D)', () => {
  const floatOf = (end: 'client' | 'responder') =>
    expectationFor(exampleFacts({ ...impaired(end, 'no-nat-d'), placement: officeNat })).checks.find(
      ({ check }) => check === 'port-float',
    );
  expect(floatOf('client')).toMatchObject({ expected: true });
  expect(floatOf('responder')).toMatchObject({ expected: false });
});

type Sees = readonly [byClient: string, byResponder: string];

test.each<[string, Parameters<typeof exampleFacts>[0], Sees]>([
  ['no NAT', {}, ['neither', 'neither']],
  ['NAT before the client', { placement: clientNat }, ['client', 'client']],
  ['NAT before the responder', { placement: officeNat }, ['responder', 'responder']],
  ['NAT before both', { placement: bothNat }, ['both', 'both']],
  // What an end pretends it does not believe itself.
  ['a forced encapsulation', { responder: { pretendsNat: 'of-itself' } }, ['responder', 'neither']],
  ['one of clients', { responder: { pretendsNat: 'of-clients' } }, ['client', 'neither']],
  ['a client that lies', impaired('client', 'wrong-nat-d'), ['neither', 'both']],
  [
    'a responder that says nothing',
    { placement: clientNat, ...impaired('responder', 'no-nat-d') },
    ['any', 'client'],
  ],
  [
    'a key that is wrong',
    { placement: clientNat, credentials: { preSharedKeysAgree: false } },
    ['client', 'client'],
  ],
])('what both ends must see of NAT (rule NAT-25): %s', (_, differences, [byClient, byResponder]) => {
  const { checks } = expectationFor(exampleFacts(differences));
  expect(checks).toContainEqual({ check: 'nat-seen', byClient, byResponder });
});

test.each([
  ['phase 1 (rule PROP-2)', { phase1: ['aes256-sha1-modp1024'] }],
  ['phase 2 (rule PROP-3)', { phase2: ['aes256-sha1'] }],
  ['ports (rule PORT-2)', rport],
  ['PFS (rule PROP-4)', { pfs: ['modp1024'] }],
])('a refusal of %s is told as the responder declares', (_, responder) => {
  const told = (declared: object) =>
    expectationFor(exampleFacts({ responder: { ...responder, ...declared } })).checks.find(
      ({ check }) => check === 'refusal-told',
    );
  expect(told({ sendsNotifies: true })).toMatchObject({ expected: true });
  expect(told({ sendsNotifies: false })).toMatchObject({ expected: false });
  expect(told({})).toBeUndefined();
});

// RFC 3948 4: what comes before the mapping ends keeps it, whether its end would follow another one or not.
test.each([
  [20, 'connect'],
  [40, 'stop'],
])(
  'a client that speaks every %i s at a NAT of 35 s, before a responder that follows nobody: %s',
  (seconds, kind) => {
    const facts = exampleFacts({
      placement: { ...shortMapping, clientNatUdpSeconds: 35 },
      client: { speaksEverySeconds: seconds },
    });
    expect(expectationFor(facts).outcome.kind).toBe(kind);
  },
);

test.each<[string, object, object, readonly string[]]>([
  ['one that is due', {}, {}, ['keepalives-sent', 'keepalives-unanswered']],
  [
    'none, where the connection is not idle for so long',
    { hold: { idleSeconds: 15 }, clientNatUdpSeconds: 10 },
    {},
    ['keepalives-unanswered'],
  ],
  ['none, where something else is sent before', {}, { speaksEverySeconds: 15 }, ['keepalives-unanswered']],
  ['none that a client declares', {}, { keepaliveSeconds: undefined }, []],
])(
  'of keepalives in an idle connection behind NAT is asked (rule NAT-13): %s',
  (_, placement, client, asked) => {
    const facts = exampleFacts({
      placement: { ...shortMapping, ...placement },
      client: { keepaliveSeconds: 20, speaksEverySeconds: 20, ...client },
      responder: { followsMapping: 'port' },
    });
    const checks = holdRules.flatMap((each) => (each.when(facts) ? each.checks(facts) : []));
    expect(checks.map(({ check }) => check).filter((check) => check.startsWith('keepalives'))).toEqual(asked);
  },
);

test('a receiver that an RFC has drop something must have dropped it (rules IMPAIR-REPLAYED-ESP and its like)', () => {
  const { checks } = expectationFor(exampleFacts(impaired('client', 'replayed-esp')));
  expect(checks).toContainEqual({ check: 'dropped', end: 'responder', reason: 'replayed' });
  expect(checks.map(({ check }) => check)).not.toContain('nothing-spoilt');
  const byResponder = expectationFor(exampleFacts(impaired('responder', 'bad-icv'))).checks;
  expect(byResponder).toContainEqual({ check: 'dropped', end: 'client', reason: 'bad-icv' });
});
