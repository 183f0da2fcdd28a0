import { expect, test } from 'vitest';
import type { Expectation } from '../expectation.ts';
import { companyChecks } from './company-checks.ts';
import { alone, type Evidence } from './evidence.ts';
import { judgeClients } from './judge.ts';
import { client, connected, responder, traffic } from './testing/example-evidence.ts';

/** A client with this inner address and these SPIs; the first has shown that it holds. */
function dialled(place: number, address: string, spis: { inbound: number; outbound: number }): Evidence {
  return connected({
    client: { ...client, innerAddress: address, spis },
    responder: {
      ...responder,
      peerInnerAddress: address,
      spis: { inbound: spis.outbound, outbound: spis.inbound },
    },
    ...(place === 0 && { traffic: { ...traffic, pingAfterOthers: { sent: 5, received: 5 } } }),
  });
}

const connect: Expectation = { outcome: { kind: 'connect' }, checks: [], rules: [], disputed: false };
const first = dialled(0, '192.168.8.1', { inbound: 0x10, outbound: 0x20 });
const second = dialled(1, '192.168.8.2', { inbound: 0x11, outbound: 0x21 });

test('clients with addresses and SPIs of their own pass', () => {
  const judged = judgeClients([connect, connect], [first, second]);
  expect(judged.map(({ verdict, stageReached }) => [verdict, stageReached])).toEqual([
    ['pass', 'hold'],
    ['pass', 'traffic'],
  ]);
  expect(judged[1]?.checks.filter(({ check }) => check.endsWith('of its own'))).toEqual([
    { check: 'inner address of its own', ok: true, detail: '192.168.8.2' },
    { check: 'SPIs of its own', ok: true, detail: '0x00000011 and 0x00000021' },
  ]);
});

test('one address for two clients fails both', () => {
  const same = dialled(1, '192.168.8.1', { inbound: 0x11, outbound: 0x21 });
  expect(judgeClients([connect, connect], [first, same]).map(({ verdict, why }) => [verdict, why])).toEqual([
    ['fail', 'connected as expected, but inner address of its own: client 2 has 192.168.8.1, too'],
    ['fail', 'connected as expected, but inner address of its own: client 1 has 192.168.8.1, too'],
  ]);
});

test.each([
  ['the responder receives both with', { inbound: 0x11, outbound: 0x20 }, '0x00000020'],
  [
    'the responder shows the first client’s for the second',
    { inbound: 0x10, outbound: 0x20 },
    '0x00000010 and 0x00000020',
  ],
])('one SPI for two clients fails: %s', (_, spis, shared) => {
  const [, judged] = judgeClients([connect, connect], [first, dialled(1, '192.168.8.2', spis)]);
  expect(judged).toMatchObject({
    verdict: 'fail',
    why: `connected as expected, but SPIs of its own: client 1 has ${shared}, too`,
  });
});

test('the responder’s word alone is enough to tell of an address given twice', () => {
  const { innerAddress, ...silent } = client;
  const checks = companyChecks(connected({ client: silent }), { before: [first], after: [] });
  expect(checks).toContainEqual({
    check: 'inner address of its own',
    ok: false,
    detail: `client 1 has ${innerAddress}, too`,
  });
});

test('a client whose link has ended has no address any more, and another may have it', () => {
  const gone = { ...first, client: { ...client, linkLost: ['ppp ended (peer: the same user)'] } };
  const same = dialled(1, '192.168.8.1', { inbound: 0x11, outbound: 0x21 });
  const ofAddresses = (checks: ReturnType<typeof companyChecks>) =>
    checks.filter(({ check }) => check === 'inner address of its own');
  expect(ofAddresses(companyChecks(gone, { before: [], after: [same] }))).toEqual([]);
  expect(ofAddresses(companyChecks(same, { before: [gone], after: [] }))).toMatchObject([{ ok: true }]);
});

test('nothing is asked of a client alone, nor of what nobody told', () => {
  expect(companyChecks(first, alone)).toEqual([]);
  const unknown = connected({ client: undefined, responder: undefined });
  expect(companyChecks(unknown, { before: [first], after: [] })).toEqual([]);
});

test('a client that nothing is expected of is a fault of the harness', () => {
  expect(() => judgeClients([connect], [first, second])).toThrow('nothing is expected of client 2');
});

test('what is left at one client, or at the responder of all, is not nothing', () => {
  const expectation: Expectation = { ...connect, checks: [{ check: 'nothing-left' }] };
  const judged = (left: Evidence['left'][]) =>
    judgeClients(
      [expectation, expectation],
      [first, second].map((evidence, index) => ({ ...evidence, left: left[index] })),
    ).map(({ verdict }) => verdict);
  const none = { client: [], responder: [] };
  expect(judged([none, none])).toEqual(['pass', 'pass']);
  expect(judged([none, { client: ['an SA'], responder: [] }])).toEqual(['pass', 'fail']);
  const atResponder = { client: [], responder: ['a tunnel'] };
  expect(judged([atResponder, atResponder])).toEqual(['fail', 'fail']);
});
