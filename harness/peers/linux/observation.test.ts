import { expect, test } from 'vitest';
import { peerObservationSchema } from '../../observation.ts';
import { type Findings, observationOf } from './observation.ts';
import type { IkeReading, L2tpReading, StageSeen } from './reading.ts';
import type { KernelSa } from './xfrm-state.ts';

const done = (stage: StageSeen['stage'], at: number): StageSeen => ({ stage, state: 'done', at });
const ike: IkeReading = {
  stages: [done('reach', 1010), done('nat-detection', 1020), done('phase1', 1030), done('phase2', 1040)],
  natSeen: { localBehindNat: true, peerBehindNat: false },
  natTraversal: 'draft-02n',
  phase1: '3des-sha1-modp1024',
  phase2: '3des-sha1',
  spis: { inbound: 10, outbound: 20 },
  unanswered: [],
};
const l2tp: L2tpReading = {
  stages: [
    done('l2tp-session', 1060),
    done('l2tp-tunnel', 1050),
    done('ppp-lcp', 1070),
    done('ppp-auth', 1080),
    done('ppp-ipcp', 1090),
  ],
  ids: { tunnelId: 1, peerTunnelId: 2, sessionId: 3, peerSessionId: 4 },
  innerAddress: '192.168.8.50',
  peerInnerAddress: '192.168.2.1',
  dns: ['192.168.2.10'],
  unanswered: [],
};
const sa = (spi: number, packets: number): KernelSa => ({
  source: '198.18.2.10',
  destination: '192.168.1.10',
  spi,
  encapsulation: 'udp',
  algorithms: '3des-sha1',
  packets,
  octets: 100 * packets,
});
const connected: Findings = {
  peer: 'strongswan',
  version: '5.9.8',
  ike,
  l2tp,
  sas: [sa(20, 7), sa(10, 8)],
  dialledAt: 1000,
};
const noL2tp: L2tpReading = { stages: [], dns: [], unanswered: [] };
const stagesOf = (found: Findings) =>
  observationOf(found).stages.map(({ stage, state, reason }) =>
    [stage, state, reason].filter(Boolean).join(' '),
  );

test('a connection in the form of all peers, in the order of the stages', () => {
  const observation = observationOf(connected);
  expect(peerObservationSchema.parse(observation)).toEqual(observation);
  expect(observation).toMatchObject({
    natTraversal: 'draft-02n',
    phase2: '3des-sha1',
    encapsulation: 'udp',
    spis: { inbound: 10, outbound: 20 },
    sas: [
      { direction: 'in', spi: 10, algorithms: '3des-sha1', encapsulation: 'udp', packets: 8, octets: 800 },
      { direction: 'out', spi: 20, algorithms: '3des-sha1', encapsulation: 'udp', packets: 7, octets: 700 },
    ],
    l2tp: { tunnelId: 1, peerTunnelId: 2, sessionId: 3, peerSessionId: 4 },
    innerAddress: '192.168.8.50',
    dns: ['192.168.2.10'],
    warnings: [],
  });
  expect(observation.stages.map(({ stage, atMs }) => [stage, atMs])).toEqual([
    ['reach', 10],
    ['nat-detection', 20],
    ['phase1', 30],
    ['phase2', 40],
    ['esp', undefined],
    ['l2tp-tunnel', 50],
    ['l2tp-session', 60],
    ['ppp-lcp', 70],
    ['ppp-auth', 80],
    ['ppp-ipcp', 90],
  ]);
});

test('ESP is what the kernel counted, on the SA of this connection', () => {
  expect(stagesOf({ ...connected, sas: [sa(20, 7), sa(99, 8)] })).not.toContain('esp done');
  expect(stagesOf({ ...connected, l2tp: noL2tp, sas: [sa(20, 3), sa(10, 0)] }).at(-1)).toBe(
    'esp stopped esp-dropped',
  );
  expect(stagesOf({ ...connected, l2tp: noL2tp, sas: [] }).at(-1)).toBe('esp stopped unknown');
});

test("another client's SAs are not this connection's", () => {
  const { sas } = observationOf({ ...connected, sas: [sa(98, 1), ...connected.sas, sa(99, 1)] });
  expect(sas?.map(({ spi }) => spi)).toEqual([10, 20]);
  expect(observationOf({ ...connected, sas: [sa(98, 1), sa(99, 1)] })).not.toHaveProperty('sas');
});

test('LCP that nobody answers is where a client stops', () => {
  const unanswered = [{ what: 'LCP Configure-Request', transmissions: 10 }];
  const found = { ...connected, l2tp: { ...l2tp, stages: l2tp.stages.slice(0, 2), unanswered } };
  expect(observationOf(found).stages.at(-1)).toEqual({
    stage: 'ppp-lcp',
    state: 'stopped',
    reason: 'no-answer',
    detail: 'LCP Configure-Request sent 10 times',
  });
});

test('nothing after a stop is told', () => {
  const stopped: StageSeen = { stage: 'phase2', state: 'stopped', reason: 'no-proposal-chosen' };
  const found = { ...connected, ike: { ...ike, stages: [...ike.stages.slice(0, 3), stopped] } };
  expect(stagesOf(found)).toEqual([
    'reach done',
    'nat-detection done',
    'phase1 done',
    'phase2 stopped no-proposal-chosen',
  ]);
});

test('a client that nobody answers stops there; a responder only watches', () => {
  const silent = {
    ...connected,
    ike: { stages: [], unanswered: [{ what: 'main mode message 1', transmissions: 4 }] },
    l2tp: noL2tp,
    sas: [],
  };
  expect(observationOf(silent).stages).toEqual([
    { stage: 'reach', state: 'stopped', reason: 'no-answer', detail: 'main mode message 1 sent 4 times' },
  ]);
  expect(observationOf({ ...silent, dialledAt: undefined }).stages).toEqual([]);
});

test('an end that nobody explains is unknown', () => {
  const found = { ...connected, l2tp: { ...l2tp, stages: l2tp.stages.slice(0, 2) } };
  expect(stagesOf(found).at(-1)).toBe('ppp-lcp stopped unknown');
});

test("a daemon's word that the kernel does not bear out is a warning", () => {
  const found = { ...connected, sas: [{ ...sa(10, 8), algorithms: 'null-sha1' }] };
  expect(observationOf(found).warnings).toEqual(["the daemon says 3des-sha1, the kernel's SA is null-sha1"]);
});
