import type { PeerObservation, WireObservation } from '../observation.ts';
import { clearL2tpOn } from './clear-l2tp.ts';
import { espCrossing, stopOf, type Testimony } from './evidence.ts';
import type { ShownReason } from './reason.ts';

/* A client that says that it did not dial at all (rule WIN-12): an absence, which only captures that are alive can prove. */

/** By its own word. */
export function saysNothingLeft(client: PeerObservation): boolean {
  return stopOf(client)?.reason === 'nothing-sent';
}

/** The segments of the path on which nothing shows that the capture was alive when the client had dialled, in words. */
export function deadCaptures({ client, wire }: Pick<Testimony, 'client' | 'wire'>): string[] {
  if (!saysNothingLeft(client)) return [];
  return wire.path.flatMap((segment) =>
    pingsOn(wire, segment) > 0
      ? []
      : [`nothing was sent, and no ping shows that the capture of ${segment} was alive then`],
  );
}

/** Where a client says that nothing left it and its segment shows something. */
export function* againstNothingSent({ client, wire }: Pick<Testimony, 'client' | 'wire'>): Generator<string> {
  if (!saysNothingLeft(client)) return;
  const [own = ''] = wire.path;
  const { ike500, ike4500 } = wire.segments[own] ?? {};
  const seen = {
    IKE: (ike500?.toResponder ?? 0) + (ike4500?.toResponder ?? 0),
    ESP: espCrossing(wire).upSent,
    'clear L2TP': clearL2tpOn(wire, own).toResponder,
  };
  for (const [what, count] of Object.entries(seen)) {
    if (count > 0) yield `the client says that nothing left it, ${own} shows ${what} from it`;
  }
}

/** Its word, and the silence of a capture that saw pings. */
export function nothingSentReason({ client, wire }: Testimony): ShownReason {
  const [own = ''] = wire.path;
  const word = stopOf(client)?.detail ?? '';
  const shownBy = `the client's own word: ${word}; no IKE, ESP or L2TP on ${own}, where ${pingsOn(wire, own)} pings were seen after it dialled`;
  return { reason: 'nothing-sent', shownBy };
}

function pingsOn(wire: WireObservation, segment: string): number {
  return wire.segments[segment]?.echoRequests ?? 0;
}
