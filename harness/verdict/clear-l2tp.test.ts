import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import type { Planted } from '../runner/embedded/planted.ts';
import { playInMemory } from '../runner/embedded/testing/in-memory.ts';
import { loadTopology } from '../topologies.ts';
import type { Evidence } from './evidence.ts';
import { judge } from './judge.ts';

const inTheClear = cell('hotel-nat', { client: 'ts:without-ipsec' });
const [ruled] = expectation(inTheClear, loadTopology('hotel-nat'));

function playedWith(planted: Planted = {}): Evidence {
  const [client] = playInMemory(inTheClear, 'seed', planted).clients;
  if (!client) throw new Error('the cell has no client');
  return client;
}

/** Firewall rule 3 without `encap=ipsec`. */
const letsClearL2tpIn: Planted = {
  responder: (setUp) => ({
    ...setUp,
    endpoint: {
      ...setUp.endpoint,
      admission: setUp.endpoint.admission.map((rule) => ({ ...rule, onlyFromIpsec: false })),
    },
  }),
};

function judged(evidence: Evidence, expected = ruled) {
  if (!expected) throw new Error('nothing is expected');
  return judge(expected, evidence);
}

test('L2TP in the clear arrives, is not answered, and is no leak of a client that dials so (rule FW-5)', () => {
  const { verdict, why, checks } = judged(playedWith());
  expect([verdict, checks.map(({ check }) => check)]).toEqual([
    'pass',
    ['no inner address outside', 'clear-l2tp-unanswered'],
  ]);
  expect(why).toContain('SCCRQ sent 4 times in the clear, without IPsec: 4 arrived, and nothing came back');
  expect(why).toContain('rule 3 allows UDP 1701 at 198.18.2.10 only from IPsec');
});

test('a responder that answers it is seen, by what came of it and by the wire', () => {
  const { verdict, why, checks } = judged(playedWith(letsClearL2tpIn));
  expect(verdict).toBe('fail');
  expect(why).not.toContain('as expected');
  expect(checks.find(({ check }) => check === 'clear-l2tp-unanswered')).toMatchObject({
    ok: false,
    detail: 'answered on hotel, access, internet',
  });
});

test('of every other client L2TP in the clear is a leak', () => {
  const [connecting] = expectation(cell('hotel-nat'), loadTopology('hotel-nat'));
  const leaking = judged(playedWith(letsClearL2tpIn), connecting);
  expect(leaking.verdict).toBe('fail');
  expect(leaking.checks.find(({ check }) => check === 'no L2TP outside IPsec')?.ok).toBe(false);
});

test('a client that says it does without IPsec and sends IKE contradicts itself', () => {
  const evidence = playedWith();
  const [own = ''] = evidence.wire?.path ?? [];
  const counts = evidence.wire?.segments[own];
  if (!evidence.wire || !counts) throw new Error('nothing was captured');
  const segments = {
    ...evidence.wire.segments,
    [own]: { ...counts, ike500: { toResponder: 1, toClient: 0 } },
  };
  const { verdict, why } = judged({ ...evidence, wire: { ...evidence.wire, segments } });
  expect(verdict).toBe('fail');
  expect(why).toContain('says that it dials without IPsec, its segment shows IKE from it');
});

test('nothing that left the client is no silence of the responder', () => {
  const evidence = playedWith();
  if (!evidence.wire) throw new Error('nothing was captured');
  const segments = Object.fromEntries(
    Object.entries(evidence.wire.segments).map(([name, counts]) => [name, { ...counts, clearL2tp: 0 }]),
  );
  const { verdict, why } = judged({ ...evidence, wire: { ...evidence.wire, segments } });
  expect(verdict).toBe('fail');
  expect(why).toContain('stopped at reach: unknown');
});
