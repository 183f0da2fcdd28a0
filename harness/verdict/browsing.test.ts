import { expect, test } from 'vitest';
import type { Expectation } from '../expectation.ts';
import type { TrafficObservation, WireObservation } from '../observation.ts';
import { judge } from './judge.ts';
import { outcomeOf } from './outcome.ts';
import { connected, segment, traffic, wire } from './testing/example-evidence.ts';

/* The connection of `office-nat`, whose router stands on `interconn`, and a web server that its client browses. */

const target = '198.18.2.80';
const office = '198.18.2.10';
type Browsing = NonNullable<WireObservation['browsing']>;

/** A client that sent five requests, and what the captures show of them. */
function browsed(
  received: number,
  browsing: Browsing | undefined,
  { changes = {}, sent = 5 }: { changes?: Partial<WireObservation>; sent?: number } = {},
) {
  const proof: TrafficObservation = { ...traffic, browsing: { target, sent, received } };
  return connected({ traffic: proof, wire: wire({ ...changes, ...(browsing && { browsing }) }) });
}

const expected: Expectation = {
  outcome: { kind: 'connect' },
  checks: [{ check: 'browses-from', address: office }],
  rules: [],
  disputed: false,
};
const untranslated: Expectation = {
  ...expected,
  outcome: { kind: 'stop', stage: 'traffic', reason: 'not-translated' },
  checks: [],
};

const fromOffice = { from: { [office]: 5 }, untranslated: {} };

test("a client that is answered, and heard from the office's address alone, browses through the tunnel", () => {
  expect(judge(expected, browsed(5, fromOffice))).toMatchObject({ verdict: 'pass', outcome: 'connected' });
});

test.each<[string, Browsing | undefined]>([
  ['beside the tunnel', { from: { '198.18.1.10': 5 }, untranslated: {} }],
  ['beside the tunnel now and then', { from: { [office]: 5, '198.18.1.10': 1 }, untranslated: {} }],
  ['with its inner address', { from: { '192.168.8.1': 5 }, untranslated: { internet: 10 } }],
  ['once too seldom to tell', { from: { [office]: 2 }, untranslated: {} }],
  ['unseen', undefined],
])('one that is answered and browses %s fails', (_, browsing) => {
  const { verdict, why } = judge(expected, browsed(5, browsing));
  expect([verdict, why]).toEqual(['fail', expect.stringContaining('browses-from')]);
});

test('whoever expects to browse and did not fails', () => {
  expect(judge(expected, connected())).toMatchObject({ verdict: 'fail' });
});

const leftInner = { from: { [office]: 5 }, untranslated: { interconn: 5 } };
const leaking = { segments: { ...wire().segments, interconn: segment({ innerAddresses: 5 }) } };

test.each<[string, ReturnType<typeof browsed>, string]>([
  ['inner addresses that left the router', browsed(0, leftInner), 'not-translated'],
  ['inner addresses beyond it alone', browsed(0, { from: {}, untranslated: { internet: 5 } }), 'no-traffic'],
  ['nothing at all', browsed(0, undefined), 'no-traffic'],
  ['some answers', browsed(2, leftInner), 'unknown'],
  ['two requests', browsed(0, leftInner, { sent: 2 }), 'unknown'],
])('no way to the Internet, shown by %s: the reason', (_, evidence, reason) => {
  expect(outcomeOf(evidence)).toMatchObject({ kind: 'stop', stage: 'traffic', reason });
});

test('where small requests are lost as well, nothing is lost for its size', () => {
  const noBulk = { bytesEachWay: 0, upMbps: 0, downMbps: 0 };
  const evidence = browsed(0, leftInner);
  const both = { ...evidence, traffic: { ...traffic, ...evidence.traffic, ...noBulk } };
  expect(outcomeOf(both)).toMatchObject({ kind: 'stop', stage: 'traffic', reason: 'not-translated' });
  const bulkAlone = connected({ traffic: { ...traffic, ...noBulk } });
  expect(outcomeOf(bulkAlone)).toMatchObject({ stage: 'traffic', reason: 'large-packets-lost' });
});

test('where the router translates nothing, inner addresses may leave, of who browses and no others', () => {
  expect(judge(untranslated, browsed(0, leftInner, { changes: leaking })).verdict).toBe('pass');
  const more = { segments: { ...wire().segments, interconn: segment({ innerAddresses: 6 }) } };
  expect(judge(untranslated, browsed(0, leftInner, { changes: more }))).toMatchObject({
    verdict: 'fail',
    why: expect.stringContaining('no inner address outside but those of who browses: 1 packets on interconn'),
  });
  // A router that does translate must let none out.
  expect(judge(expected, browsed(5, fromOffice, { changes: leaking })).verdict).toBe('fail');
  expect(judge(untranslated, browsed(5, fromOffice)).verdict).toBe('fail');
});
