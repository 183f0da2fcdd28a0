import { expect, test } from 'vitest';
import { outcomeText } from '../expectation.ts';
import { expectationFor, ruleTable } from './oracle.ts';
import { exampleFacts } from './testing/example-facts.ts';
import { impaired, legacy, noNatT, officeNat, rport, rule } from './testing/example-parts.ts';
import { examplesOfImpairments } from './testing/examples-of-impairments.ts';
import { examplesOfNetworks } from './testing/examples-of-networks.ts';
import { examplesOfPeers } from './testing/examples-of-peers.ts';

const examples = { ...examplesOfNetworks, ...examplesOfPeers, ...examplesOfImpairments };

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
