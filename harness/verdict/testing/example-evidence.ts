import type { PeerObservation, TrafficObservation, WireObservation } from '../../observation.ts';
import { type Reason, type Stage, stages } from '../../stage.ts';
import type { Evidence } from '../evidence.ts';

/** Evidence for tests, by the documents: what a whole connection through `office-nat` must leave behind. */

const negotiation = stages.slice(0, stages.indexOf('traffic'));

/** The stages of a peer that came through, or that stopped at one for a reason. */
export function peerStages(stop?: {
  readonly stage: Stage;
  readonly reason: Reason;
  readonly detail?: string;
}): PeerObservation['stages'] {
  const passed = stop ? negotiation.slice(0, stages.indexOf(stop.stage)) : negotiation;
  const done = passed.map((stage) => ({ stage, state: 'done' as const, atMs: 1, detail: '' }));
  return stop ? [...done, { state: 'stopped' as const, detail: '', ...stop }] : done;
}

/** A peer that tells its stages only. */
function peer(name: string, stages: PeerObservation['stages']): PeerObservation {
  return { peer: name, version: '1', stages, dns: [], unanswered: [], warnings: [] };
}

const agreed = { phase1: '3des-sha1-modp1024', phase2: '3des-sha1', encapsulation: 'udp' as const };

export const client: PeerObservation = {
  ...peer('ts:windows-xp-sp2', peerStages()),
  ...agreed,
  innerAddress: '192.168.8.1',
  peerInnerAddress: '192.168.8.254',
  dns: ['192.168.2.5'],
};

export const responder: PeerObservation = {
  ...peer('ts:alliedware', peerStages()),
  ...agreed,
  innerAddress: '192.168.8.254',
  peerInnerAddress: '192.168.8.1',
};

export type Segment = WireObservation['segments'][string];

export function segment(changes: Partial<Segment> = {}): Segment {
  return {
    file: 'segment.pcap',
    packets: 100,
    ike500: { toResponder: 2, toClient: 2 },
    ike4500: { toResponder: 3, toClient: 2 },
    espInUdp: { toResponder: 40, toClient: 40 },
    espNative: { toResponder: 0, toClient: 0 },
    keepalives: 0,
    clearL2tp: 0,
    innerAddresses: 0,
    ...changes,
  };
}

export function wire(changes: Partial<WireObservation> = {}): WireObservation {
  return {
    capturedPackets: 300,
    droppedByCapture: 0,
    damaged: [],
    path: ['access', 'internet', 'interconn'],
    segments: { access: segment(), internet: segment(), interconn: segment(), office: segment(silent) },
    mainModeMessages: 6,
    quickModeMessages: 3,
    informationalMessages: 0,
    retransmissions: 0,
    portFloat: true,
    unanswered: [],
    ...changes,
  };
}

export const none = { toResponder: 0, toClient: 0 };
/** A segment with nothing of the connection on it, and one with its IKE alone. */
export const silent = { ike500: none, ike4500: none, espInUdp: none } satisfies Partial<Segment>;

export const noEsp = segment({ espInUdp: none });

/** The same on each segment of the path. */
export function everywhere(one: Segment): WireObservation['segments'] {
  return { access: one, internet: one, interconn: one };
}

export const traffic: TrafficObservation = {
  target: '192.168.2.10',
  pingToServer: { sent: 5, received: 5, medianMs: 2 },
  pingToClient: { sent: 5, received: 5, medianMs: 2 },
  traceroute: ['192.168.8.254', '192.168.2.10'],
  upMbps: 80,
  downMbps: 70,
  bytesEachWay: 2_900_000,
  sustained: false,
  failures: [],
};

/** A connection that left everything it should, with what the test changes. */
export function connected(changes: Partial<Evidence> = {}): Evidence {
  return { client, responder, wire: wire(), traffic, left: { client: [], responder: [] }, ...changes };
}

/** Both peers stopped, and no traffic: the client, the responder and the wire as given. */
export function stopped(
  clientStop: Parameters<typeof peerStages>[0],
  responderStop: Parameters<typeof peerStages>[0],
  seen: Partial<WireObservation>,
  changes: Partial<Evidence> = {},
): Evidence {
  return {
    client: peer('ts:windows-xp-sp2', peerStages(clientStop)),
    responder: peer('ts:alliedware', peerStages(responderStop)),
    wire: wire(seen),
    traffic: undefined,
    left: { client: [], responder: [] },
    ...changes,
  };
}

/** A message that stayed unanswered. */
export function unanswered(
  what: string,
  transmissions: number,
  seenOn: readonly string[],
): Pick<WireObservation, 'unanswered'> {
  return { unanswered: [{ what, from: 'client', transmissions, seenOn: [...seenOn] }] };
}

/** Message 1 that the office gateway does not forward (rule NAT-4), sent so often. */
export function noForwards(transmissions: number): Evidence {
  return stopped(
    { stage: 'reach', reason: 'no-answer' },
    { stage: 'reach', reason: 'unknown' },
    {
      segments: { access: noEsp, internet: noEsp, interconn: segment(silent) },
      mainModeMessages: 1,
      quickModeMessages: 0,
      ...unanswered('main mode 1', transmissions, ['access', 'internet']),
    },
    { boxDrops: [{ box: 'office-nat', rule: 'no forward', packets: transmissions }] },
  );
}

/** Main mode that comes to an end before it is complete. */
export const incomplete = {
  segments: everywhere(noEsp),
  mainModeMessages: 5,
  quickModeMessages: 0,
};

/** Phase 2 complete; ESP as given on the client's and the responder's segment. */
export function withEsp(sent: { toResponder: number; toClient: number }, arrived: typeof sent) {
  const [access, interconn] = [segment({ espInUdp: sent }), segment({ espInUdp: arrived })];
  return { segments: { access, internet: access, interconn } };
}
