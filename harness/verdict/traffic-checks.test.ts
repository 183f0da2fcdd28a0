import { expect, test } from 'vitest';
import type { TrafficObservation } from '../observation.ts';
import { client, traffic } from './testing/example-evidence.ts';
import { largePacketsLost, trafficChecks } from './traffic-checks.ts';

function failing(changes: Partial<TrafficObservation>, by = client): string[] {
  const checks = trafficChecks({ ...traffic, ...changes }, by);
  return checks.filter(({ ok }) => !ok).map(({ check, detail }) => `${check}: ${detail}`);
}

test('a whole proof holds', () => {
  expect(failing({})).toEqual([]);
});

test('a target that is the responder’s end itself is one hop', () => {
  expect(failing({ target: '192.168.8.254', traceroute: ['192.168.8.254'] })).toEqual([]);
});

test('a responder whose inner network cannot begin traffic owes no ping to the client, and it shows', () => {
  const oneSided = { oneSided: 'it is a NAT', pingToClient: { sent: 0, received: 0 } };
  expect(failing(oneSided)).toEqual([]);
  expect(trafficChecks({ ...traffic, ...oneSided }, client)[1]?.detail).toBe('not asked for: it is a NAT');
  expect(failing({ pingToClient: { sent: 0, received: 0 } })).toEqual([
    'ping to client: 0 of 0 answers from the client',
  ]);
});

test.each<[Partial<TrafficObservation>, string]>([
  [{ pingToServer: { sent: 5, received: 4 } }, 'ping to server: 4 of 5 answers from 192.168.2.10'],
  [{ pingToServer: { sent: 0, received: 0 } }, 'ping to server: 0 of 0 answers from 192.168.2.10'],
  [{ pingToClient: { sent: 5, received: 0 } }, 'ping to client: 0 of 5 answers from the client'],
  [{ traceroute: [] }, 'traceroute: no hop: does not end at 192.168.2.10'],
  [{ traceroute: ['192.168.2.10'] }, 'traceroute: 192.168.2.10: no hop at the end of the tunnel'],
  [{ traceroute: ['192.168.8.254', '*'] }, 'traceroute: 192.168.8.254 *: does not end at 192.168.2.10'],
  [
    { traceroute: ['198.18.1.1', '192.168.2.10'] },
    "traceroute: 198.18.1.1 192.168.2.10: 198.18.1.1 is not the responder's end of the tunnel",
  ],
  [
    { traceroute: ['192.168.8.254', '192.168.8.254', '192.168.2.10'] },
    'traceroute: 192.168.8.254 192.168.8.254 192.168.2.10: the tunnel is one hop',
  ],
  [{ bytesEachWay: 199_999 }, 'bulk both ways: up 80.0 Mbit/s, down 70.0 Mbit/s, 199999 octets each way'],
  [{ upMbps: 0 }, 'bulk both ways: up 0.0 Mbit/s, down 70.0 Mbit/s, 2900000 octets each way'],
])('says no to %j', (changes, words) => {
  expect(failing(changes)).toEqual([words]);
});

const noneOfBulk = { upMbps: 0, downMbps: 0, bytesEachWay: 0 };
const small = { pingToServer: { sent: 5, received: 5 }, pingToClient: { sent: 5, received: 5 } };

test('large packets are lost where every small one is answered and of bulk nothing arrives', () => {
  expect(largePacketsLost({ ...traffic, ...small, ...noneOfBulk })).toMatch(
    /^every small packet was answered/,
  );
  const datagrams = { each: 1400, upSent: 2, upReceived: 2, downSent: 2, downReceived: 0 };
  expect(largePacketsLost({ ...traffic, ...small, ...noneOfBulk, datagrams })).toContain(
    '2 of 2 up, 0 of 2 down, 1400 octets each',
  );
});

test.each<[string, Partial<TrafficObservation>]>([
  ['some of the bulk arrived', { ...noneOfBulk, bytesEachWay: 1 }],
  ['small ones are lost, too', { ...noneOfBulk, pingToServer: { sent: 5, received: 4 } }],
  ['small ones are lost the other way', { ...noneOfBulk, pingToClient: { sent: 5, received: 0 } }],
  ['too few small ones were sent', { ...noneOfBulk, pingToServer: { sent: 2, received: 2 } }],
])('it is not shown where %s', (_, changes) => {
  expect(largePacketsLost({ ...traffic, ...small, ...changes })).toBeUndefined();
});

test('a missing rate says no, with the tool’s own words', () => {
  const { downMbps: _, ...upOnly } = traffic;
  const checks = trafficChecks({ ...upOnly, failures: ['down: iperf3: unable to connect'] }, client);
  expect(checks.at(-1)).toMatchObject({
    ok: false,
    detail: 'up 80.0 Mbit/s, down none, 2900000 octets each way (down: iperf3: unable to connect)',
  });
});
