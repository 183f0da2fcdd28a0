import { setTimeout as delay } from 'node:timers/promises';
import type { Cell } from '../cell.ts';
import type { EventObservation, PeerObservation } from '../observation.ts';
import type { PeerEvents } from '../peers/peer.ts';
import {
  areReplaced,
  type Held,
  HeldLog,
  intervalsAlive,
  intervalsSilent,
  isFreed,
  livesWatched,
  type Pings,
  summed,
} from './event-watch.ts';

/** A connection that stands in containers, and what an event does to its ends. */
export interface EventEnds {
  readonly client: PeerEvents;
  readonly responder: PeerEvents;
  /** Seconds: the longest life of an SA, and the time between the responder's LCP echoes. */
  readonly longestLife: number;
  readonly echoSeconds: number;
  /** Round trips to the office. */
  ping(signal: AbortSignal): Promise<Pings>;
  /** What both ends tell now, the client first. */
  read(signal: AbortSignal): Promise<readonly PeerObservation[]>;
  /** The client begins anew, dials, and shows whether its connection carries traffic. */
  redial(signal: AbortSignal): Promise<NonNullable<EventObservation['redial']>>;
}

/** Often enough to tell one echo interval from the next, and seldom enough to leave a machine alone. Milliseconds. */
const betweenLooksMs = 500;

/** Has a cell's event happen, and tells what came of it. As in the embedded fabric, with a clock that nobody turns. */
export async function playEvent(
  event: Exclude<Cell['event'], 'none'>,
  ends: EventEnds,
  signal: AbortSignal,
): Promise<EventObservation> {
  switch (event) {
    case 'rekey-by-client':
    case 'rekey-by-responder':
      return { event, during: await duringRekeys(ends, signal) };
    case 'responder-restart': {
      await ends.responder.restart(signal);
      const during = await ends.ping(signal);
      return { event, during, redial: await ends.redial(signal) };
    }
    case 'client-power-cut': {
      const held = await afterPowerCut(ends, signal);
      return { event, echoSeconds: ends.echoSeconds, held, redial: await ends.redial(signal) };
    }
  }
}

/** Pings until SAs of both phases have been replaced and the old ones are gone, or nothing comes back any more. */
async function duringRekeys(ends: EventEnds, signal: AbortSignal): Promise<Pings> {
  const limit = performance.now() + livesWatched * ends.longestLife * 1000;
  let during: Pings = { sent: 0, received: 0 };
  while (performance.now() < limit) {
    const round = await ends.ping(signal);
    during = summed(during, round);
    await delay(betweenLooksMs, undefined, { signal });
    const told = await ends.read(signal);
    const held = [await ends.client.holds(signal), await ends.responder.holds(signal)];
    const both = told.map((saw, index) => ({ saw, held: held[index] ?? {} }));
    if (round.received === 0 || areReplaced(both)) break;
  }
  return during;
}

/** What the responder holds of a client that is there and silent to its user, and then is there no more. */
async function afterPowerCut(ends: EventEnds, signal: AbortSignal): Promise<EventObservation['held']> {
  const held = new HeldLog();
  const look = async () => {
    const now = await ends.responder.holds(signal);
    held.note(performance.now(), now);
    return now;
  };
  const watch = async (intervals: number, isOver: (now: Held) => boolean) => {
    const limit = performance.now() + intervals * ends.echoSeconds * 1000;
    while (performance.now() < limit && !isOver(await look()))
      await delay(betweenLooksMs, undefined, { signal });
  };
  await watch(intervalsAlive, () => false);
  await ends.client.cutPower(signal);
  const since = performance.now();
  await watch(intervalsSilent, isFreed);
  return held.entries(since, performance.now());
}
