import type {
  EventObservation,
  PeerObservation,
  TrafficObservation,
  WireObservation,
} from '../observation.ts';
import { type Stage, stageIndex } from '../stage.ts';

/** Everything an attempt at a cell brought to light; a part that could not be had is `undefined`. */
export interface Evidence {
  readonly client: PeerObservation | undefined;
  readonly responder: PeerObservation | undefined;
  readonly wire: WireObservation | undefined;
  readonly traffic: TrafficObservation | undefined;
  /** What each peer still held after the end, in words. */
  readonly left: { readonly client: readonly string[]; readonly responder: readonly string[] } | undefined;
  /** What the boxes' own rules counted as dropped, where it was read. */
  readonly boxDrops?: readonly BoxDrop[];
  /** What happened to the connection while it stood, in a cell that has something happen. */
  readonly event?: EventObservation;
}

export interface BoxDrop {
  readonly box: string;
  readonly rule: string;
  readonly packets: number;
}

/** The evidence of a cell's other clients, in the order in which they dialled. */
export interface Company {
  readonly before: readonly Evidence[];
  readonly after: readonly Evidence[];
}

/** A cell's only client. */
export const alone: Company = { before: [], after: [] };

/** The evidence without which nothing can be judged. */
export interface Testimony {
  readonly client: PeerObservation;
  readonly responder: PeerObservation;
  readonly wire: WireObservation;
  readonly traffic: TrafficObservation | undefined;
  readonly boxDrops: readonly BoxDrop[];
  readonly event?: EventObservation;
  readonly company: Company;
}

/** What a peer says of a stage. One it does not list was passed if a later one is done: foreign peers show gaps. */
export function says(peer: PeerObservation, stage: Stage): 'done' | 'skipped' | 'stopped' | 'nothing' {
  const listed = peer.stages.findLast((entry) => entry.stage === stage);
  if (listed) return listed.state;
  return furthest(peer) > stageIndex(stage) ? 'done' : 'nothing';
}

/** Index of the last stage that a peer says is done; -1 when none is. */
export function furthest(peer: PeerObservation): number {
  return Math.max(-1, ...peer.stages.map(({ stage, state }) => (state === 'done' ? stageIndex(stage) : -1)));
}

/** The stage at which a peer says it stopped. */
export function stopOf(peer: PeerObservation): PeerObservation['stages'][number] | undefined {
  return peer.stages.find(({ state }) => state === 'stopped');
}

/** ESP packets of either kind, where they were sent and where they arrived. */
export interface EspCrossing {
  readonly upSent: number;
  readonly upArrived: number;
  readonly downSent: number;
  readonly downArrived: number;
}

/** Sent is what the segment of the sender shows, arrived what the other end's does. */
export function espCrossing(wire: WireObservation): EspCrossing {
  const [home, office] = [wire.path[0], wire.path.at(-1)];
  return {
    upSent: espOn(wire, home).toResponder,
    upArrived: espOn(wire, office).toResponder,
    downSent: espOn(wire, office).toClient,
    downArrived: espOn(wire, home).toClient,
  };
}

/** ESP packets of either kind on one segment. */
export function espOn(wire: WireObservation, segment: string | undefined) {
  const counts = wire.segments[segment ?? ''];
  return {
    toResponder: (counts?.espInUdp.toResponder ?? 0) + (counts?.espNative.toResponder ?? 0),
    toClient: (counts?.espInUdp.toClient ?? 0) + (counts?.espNative.toClient ?? 0),
  };
}

/** So often something must have been sent before its silence counts as an answer. */
export const enoughTransmissions = 3;

/**
 * The responder's ESP goes to a client that dialled later, and to this one no more, whose own keeps coming: one SA
 * has taken the other's place (RFC 3948 5.2). By the wire alone.
 */
export function isReplaced({ espAfterOthers }: WireObservation): boolean {
  return (
    espAfterOthers !== undefined &&
    espAfterOthers.toResponder >= enoughTransmissions &&
    espAfterOthers.toClient === 0
  );
}

/** IKE packets on the responder's own segment, by direction. */
export function ikeAtResponder(wire: WireObservation) {
  const counts = wire.segments[wire.path.at(-1) ?? ''];
  return {
    toResponder: (counts?.ike500.toResponder ?? 0) + (counts?.ike4500.toResponder ?? 0),
    toClient: (counts?.ike500.toClient ?? 0) + (counts?.ike4500.toClient ?? 0),
  };
}

/** As other tools show it. */
export function spiText(spi: number): string {
  return `0x${spi.toString(16).padStart(8, '0')}`;
}
