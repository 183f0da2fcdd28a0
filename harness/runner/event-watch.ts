import type { EventObservation, PeerObservation } from '../observation.ts';

/** So many of the responder's echo intervals a living client is watched before its power is cut: more than a dead one is given. */
export const intervalsAlive = 5;
/** And so many a silent one at most: what a responder holds then it holds for ever. */
export const intervalsSilent = 12;
/** How long SAs are given to be replaced, in lives of the longest. */
export const livesWatched = 2;

export type Held = Readonly<Record<string, number>>;

/** What is let go when a client is found dead, whatever becomes of its SAs. */
const ofTheLink = ['links', 'sessions', 'tunnels', 'leases'];

/** Whether the responder has nothing of a link any more. */
export function isFreed(held: Held): boolean {
  return ofTheLink.every((name) => (held[name] ?? 0) === 0);
}

/** Whether an end has no SAs any more. */
export function isWithoutSas({ phase1 = 0, phase2 = 0 }: Held): boolean {
  return phase1 + phase2 === 0;
}

/** Both ends have told of new SAs of both phases, and hold one of each again: the old ones are gone. */
export function areReplaced(
  ends: readonly { readonly saw: PeerObservation | undefined; readonly held: Held }[],
): boolean {
  return ends.every(({ saw, held }) => {
    const { phase1, phase2 } = saw?.replaced ?? {};
    const told = [phase1, phase2].every((phase) => phase && phase.bySelf + phase.byPeer > 0);
    return told && held.phase1 === 1 && held.phase2 === 1;
  });
}

export type Pings = NonNullable<EventObservation['during']>;

export function summed(one: Pings, other: Pings): Pings {
  return { sent: one.sent + other.sent, received: one.received + other.received };
}

/** What a responder held over time, from one change to the next. */
export class HeldLog {
  readonly #seen: { readonly atMs: number; readonly counts: Held }[] = [];

  note(atMs: number, counts: Held): void {
    const last = this.#seen.at(-1);
    if (last && JSON.stringify(last.counts) === JSON.stringify(counts)) return;
    this.#seen.push({ atMs, counts: { ...counts } });
  }

  /**
   * In seconds from `eventMs`, whole tenths. What stood when the watching ended stands at its end, too, so that one can
   * see how long it was watched.
   */
  entries(eventMs: number, endMs: number): NonNullable<EventObservation['held']> {
    const last = this.#seen.at(-1);
    const seconds = (atMs: number) => Math.round((atMs - eventMs) / 100) / 10;
    const isLater = last !== undefined && seconds(last.atMs) < seconds(endMs);
    const all = isLater ? [...this.#seen, { ...last, atMs: endMs }] : this.#seen;
    return all.map(({ atMs, counts }) => ({ atSeconds: seconds(atMs), counts: { ...counts } }));
  }
}

/** How a client fared that dialled again, by what it tells and the pings that followed. */
export function redialOf(
  saw: PeerObservation | undefined,
  pings: Pings | undefined,
): NonNullable<EventObservation['redial']> {
  const stop = saw?.stages.find(({ state }) => state === 'stopped');
  const connected = !stop && saw?.innerAddress !== undefined;
  const detail = stop
    ? `stopped at ${stop.stage}: ${stop.reason ?? 'unknown'}${stop.detail && `, ${stop.detail}`}`
    : connected
      ? 'connected'
      : 'the client tells nothing of it';
  return {
    connected,
    detail,
    ...(saw?.innerAddress !== undefined && { innerAddress: saw.innerAddress }),
    ...(pings && { pings }),
  };
}
