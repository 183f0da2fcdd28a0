import type { TrafficObservation, WireObservation } from '../observation.ts';
import type { Reason } from '../stage.ts';
import { enoughTransmissions } from './evidence.ts';

type Browsing = NonNullable<TrafficObservation['browsing']>;

/** Why a client whose connection carries traffic to the office reaches no host on the Internet. */
export function browsingReason(
  { target, sent, received }: Browsing,
  wire: WireObservation,
): { readonly reason: Reason; readonly shownBy: string } {
  const answers = `${received} of ${sent} answers from ${target} on the Internet`;
  if (received > 0 || sent < enoughTransmissions) return { reason: 'unknown', shownBy: answers };
  const outer = wire.path.at(-1) ?? '';
  const left = wire.browsing?.untranslated[outer] ?? 0;
  if (left < enoughTransmissions) return { reason: 'no-traffic', shownBy: answers };
  const shownBy = `${answers}; ${left} packets to or from it with an inner address on ${outer}`;
  return { reason: 'not-translated', shownBy };
}

/** Everybody whom the host on the Internet heard had this address, and it heard enough to tell. */
export function browsesFrom(
  wire: WireObservation | undefined,
  address: string,
): { readonly ok: boolean; readonly detail: string } {
  const heard = Object.entries(wire?.browsing?.from ?? {});
  const ok =
    heard.length === 1 &&
    heard.every(([from, packets]) => from === address && packets >= enoughTransmissions);
  return {
    ok,
    detail: heard.map(([from, packets]) => `${packets} packets from ${from}`).join(', ') || 'not observed',
  };
}

/** Inner addresses on a segment that are not those of untranslated packets to and from the host that is browsed. */
export function otherInnerAddresses(wire: WireObservation, segment: string): number {
  const all = wire.segments[segment]?.innerAddresses ?? 0;
  return all - (wire.browsing?.untranslated[segment] ?? 0);
}
