import type { PeerObservation, WireObservation } from '../observation.ts';
import { enoughTransmissions, espCrossing, says, type Testimony } from './evidence.ts';
import type { ShownReason } from './reason.ts';

/* A client that dials L2TP without IPsec (rule FW-5): what stands in the place of IKE and ESP. */

/** By its own word; whether the captures agree is another question (`contradictions`). */
export function dialsInTheClear(client: PeerObservation): boolean {
  return says(client, 'phase1') === 'skipped';
}

/** L2TP outside IPsec on a segment, of all clients together. */
export function clearL2tpOn(wire: WireObservation, segment: string | undefined) {
  const { clearL2tp = 0, clearL2tpToClient: toClient = 0 } = wire.segments[segment ?? ''] ?? {};
  return { toResponder: clearL2tp - toClient, toClient };
}

/** The first L2TP message was seen on the responder's segment: that is what `reach` means here. */
export function clearL2tpArrived(wire: WireObservation): boolean {
  return clearL2tpOn(wire, wire.path.at(-1)).toResponder > 0;
}

/** Where a client says that it does without IPsec and its segment shows IKE or ESP from it. */
export function* againstTheClear({ client, wire }: Pick<Testimony, 'client' | 'wire'>): Generator<string> {
  if (!dialsInTheClear(client)) return;
  const { ike500, ike4500 } = wire.segments[wire.path[0] ?? ''] ?? {};
  const ike = (ike500?.toResponder ?? 0) + (ike4500?.toResponder ?? 0);
  if (ike > 0) yield 'the client says that it dials without IPsec, its segment shows IKE from it';
  if (espCrossing(wire).upSent > 0) {
    yield 'the client says that it dials without IPsec, its segment shows ESP from it';
  }
}

/** Nothing came back: by the captures, and with what the responder says of what it dropped. */
export function clearSilence({ client, responder, wire }: Testimony): ShownReason {
  const sent = clearL2tpOn(wire, wire.path[0]).toResponder;
  const arrived = clearL2tpOn(wire, wire.path.at(-1));
  const [what = 'L2TP'] = client.unanswered.map((message) => message.what);
  if (sent < enoughTransmissions) {
    return { reason: 'unknown', shownBy: `${what} left in the clear ${sent} times only` };
  }
  if (arrived.toClient > 0) {
    return {
      reason: 'unknown',
      shownBy: `${what} in the clear was answered, and the captures show no silence`,
    };
  }
  if (arrived.toResponder === 0) {
    return {
      reason: 'no-answer',
      shownBy: `${what} sent ${sent} times in the clear, without IPsec, and none arrived`,
    };
  }
  const said = responder.stages.find(({ stage, state }) => stage === 'reach' && state === 'stopped')?.detail;
  const shownBy = `${what} sent ${sent} times in the clear, without IPsec: ${arrived.toResponder} arrived, and nothing came back`;
  return { reason: 'no-answer', shownBy: said ? `${shownBy}; ${said}` : shownBy };
}
