import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { expectation } from '../cell-expectation.ts';
import type { WireObservation } from '../observation.ts';
import { playInMemory } from '../runner/embedded/testing/in-memory.ts';
import { loadTopology } from '../topologies.ts';
import type { Evidence } from './evidence.ts';
import { judge } from './judge.ts';

const stopped = cell('both-nat', { impair: 'service-stopped' });
const [expected] = expectation(stopped, loadTopology('both-nat'));
const [played] = playInMemory(stopped).clients;

type Segment = WireObservation['segments'][string];

/** The same evidence with one segment changed. */
function judged(segment: string, change: (counts: Segment) => Segment) {
  const wire = played?.wire;
  const counts = wire?.segments[segment];
  if (!expected || !wire || !counts) throw new Error(`nothing was captured on ${segment}`);
  const evidence: Evidence = {
    ...played,
    wire: { ...wire, segments: { ...wire.segments, [segment]: change(counts) } },
  };
  return judge(expected, evidence);
}

test('that nothing left a client is shown by captures that saw pings on every segment of the path (rule WIN-12)', () => {
  const { verdict, why } = judged('hotel', (counts) => counts);
  expect(verdict).toBe('pass');
  expect(why).toContain('stopped at reach: nothing-sent as expected');
  expect(why).toContain(
    'its IPsec service is stopped; no IKE, ESP or L2TP on hotel, where 3 pings were seen',
  );
});

test.each(['hotel', 'internet', 'interconn'])(
  'a capture of %s without its ping proves nothing',
  (segment) => {
    const { verdict, why } = judged(segment, ({ echoRequests: _, ...others }) => others);
    expect(verdict).toBe('broken');
    expect(why).toContain(`no ping shows that the capture of ${segment} was alive then`);
  },
);

test.each<[string, Partial<Segment>]>([
  ['IKE', { ike500: { toResponder: 1, toClient: 0 } }],
  ['IKE', { ike4500: { toResponder: 1, toClient: 0 } }],
  ['ESP', { espInUdp: { toResponder: 1, toClient: 0 } }],
  ['clear L2TP', { clearL2tp: 1 }],
])('%s from a client that says nothing left it contradicts it', (what, seen) => {
  const { verdict, why } = judged('hotel', (counts) => ({ ...counts, ...seen }));
  expect(verdict).toBe('fail');
  expect(why).toContain(`the client says that nothing left it, hotel shows ${what} from it`);
});

test('pings are no traffic of a VPN: a cell that connects fails without it, pings or not', () => {
  const [connecting] = expectation(cell('both-nat'), loadTopology('both-nat'));
  if (!connecting || !played) throw new Error('nothing is expected, or nothing was played');
  expect(judge(connecting, played)).toMatchObject({
    verdict: 'fail',
    outcome: 'stopped at reach: nothing-sent',
  });
});
