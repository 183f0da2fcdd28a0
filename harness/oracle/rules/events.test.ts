import { expect, test } from 'vitest';
import { expectationFor } from '../oracle.ts';
import { type Differences, exampleFacts } from '../testing/example-facts.ts';

const checksOf = (differences: Differences) => expectationFor(exampleFacts(differences)).checks;
const named = (differences: Differences) => checksOf(differences).map(({ check }) => check);

test.each(['client', 'responder'] as const)('rule LIFE-1 asks whether the %s replaced the SAs', (end) => {
  expect(checksOf({ event: `rekey-by-${end}` })).toEqual(
    expect.arrayContaining([
      { check: 'replaced-by', end },
      { check: 'old-sas-accepted' },
      { check: 'survives-hold' },
    ]),
  );
});

test('where something happens to a connection that stands, no messages are counted (rule WIRE-1)', () => {
  expect(named({})).toContain('main-mode-messages');
  expect(named({ event: 'responder-restart' })).not.toContain('main-mode-messages');
  expect(named({ event: 'responder-restart' })).toContain('old-spi-unanswered');
});

const echo = { seconds: 30, failures: 3 };

test('rule PPP-8 allows an interval for the first echo, and one for each that may stay unanswered', () => {
  expect(checksOf({ event: 'client-power-cut', responder: { echo } })).toEqual(
    expect.arrayContaining([{ check: 'freed-within', intervals: 4 }]),
  );
  expect(named({ event: 'client-power-cut' })).not.toContain('freed-within');
});

const asksIfAlive = { silentSeconds: 30, deadSeconds: 300 };

// RFC 3706 5.1: asked is who announced that it answers.
test.each([
  { responder: { echo } },
  { responder: { echo, asksIfAlive } },
  { responder: { echo }, client: { answersIfAlive: true as const } },
])('SAs outlive the link of a silent client whom nobody asks: %j', (ends) => {
  expect(named({ event: 'client-power-cut', ...ends })).toContain('sas-outlive-link');
  expect(named({ event: 'client-power-cut', ...ends })).not.toContain('sas-end-between');
});

test('SAs with a silent client who is asked end when the last question is over (RFC 3706 5.4)', () => {
  const client = { answersIfAlive: true as const };
  const asked = { event: 'client-power-cut' as const, responder: { echo, asksIfAlive }, client };
  expect(checksOf(asked)).toContainEqual({ check: 'sas-end-between', fromSeconds: 270, toSeconds: 300 });
  expect(named(asked)).not.toContain('sas-outlive-link');
});

test('rule PPP-7 asks for the ends that a client declares, of a responder that tells, where nothing comes between', () => {
  const client = { saysEndOf: ['ppp', 'l2tp-tunnel'] } as const;
  const responder = { tellsEnds: true } as const;
  expect(checksOf({ client, responder })).toContainEqual({ check: 'ends-told', layers: client.saysEndOf });
  expect(named({ client })).not.toContain('ends-told');
  expect(named({ responder })).not.toContain('ends-told');
  expect(named({ client, responder, placement: { wires: 'disorder-some' } })).not.toContain('ends-told');
});

test('what a power cut left is not what its client left behind (rule PPP-7)', () => {
  expect(named({})).toContain('nothing-left');
  expect(named({ event: 'client-power-cut', responder: { echo } })).not.toContain('nothing-left');
});
