import type { ResponderEndpoint } from '../../../stack/endpoint/responder.ts';
import type { Cell } from '../../cell.ts';
import type { VirtualTime } from '../../fabric/embedded/virtual-time.ts';
import type { EventObservation, PeerObservation } from '../../observation.ts';
import type { EndpointHost } from '../../peers/ts/embedded/endpoint-host.ts';
import {
  areReplaced,
  type Held,
  HeldLog,
  intervalsAlive,
  intervalsSilent,
  isFreed,
  isWithoutSas,
  livesWatched,
  type Pings,
  summed,
} from '../event-watch.ts';

/** A connection that stands in the embedded network, and what an event does to its ends. */
export interface Standing {
  readonly time: VirtualTime;
  readonly responder: EndpointHost<ResponderEndpoint>;
  /** Seconds: the longest life of an SA, and the time between the responder's LCP echoes. */
  readonly longestLife: number;
  readonly echoSeconds: number;
  /** The responder asks whether its client lives (RFC 3706), so that SAs end as well. */
  readonly asksIfAlive: boolean;
  readonly client: {
    /** Round trips to the office. */
    ping(): Pings;
    holds(): Held;
    cutPower(): void;
    redial(): NonNullable<EventObservation['redial']>;
  };
  /** Reads again what both ends tell. */
  readonly read: () => readonly (PeerObservation | undefined)[];
}

const betweenPingsMs = 1000;
const betweenLooksMs = 1000;

/** Has a cell's event happen, and tells what came of it. */
export function playEvent(event: Cell['event'], standing: Standing): EventObservation | undefined {
  switch (event) {
    case 'none':
      return undefined;
    case 'rekey-by-client':
    case 'rekey-by-responder':
      return { event, during: duringRekeys(standing) };
    case 'responder-restart': {
      standing.responder.restart();
      const during = standing.client.ping();
      return { event, during, redial: standing.client.redial() };
    }
    case 'client-power-cut': {
      const held = afterPowerCut(standing);
      return { event, echoSeconds: standing.echoSeconds, held, redial: standing.client.redial() };
    }
  }
}

/** Pings until SAs of both phases have been replaced and the old ones are gone, or nothing comes back any more. */
function duringRekeys({ time, responder, client, longestLife, read }: Standing): Pings {
  const limit = time.now + livesWatched * longestLife * 1000;
  let during: Pings = { sent: 0, received: 0 };
  while (time.now < limit) {
    const round = client.ping();
    during = summed(during, round);
    time.run(() => false, time.now + betweenPingsMs);
    const [ofClient, ofResponder] = read();
    const ends = [
      { saw: ofClient, held: client.holds() },
      { saw: ofResponder, held: responder.endpoint.summary() },
    ];
    if (round.received === 0 || areReplaced(ends)) break;
  }
  return during;
}

/** What the responder holds of a client that is there and silent to its user, and then is there no more. */
function afterPowerCut({
  time,
  responder,
  client,
  echoSeconds,
  asksIfAlive,
}: Standing): EventObservation['held'] {
  const held = new HeldLog();
  const look = () => {
    const now = responder.endpoint.summary();
    held.note(time.now, now);
    return now;
  };
  const cutAt = time.now + intervalsAlive * echoSeconds * 1000;
  while (time.now < cutAt) {
    look();
    time.run(() => false, time.now + betweenLooksMs);
  }
  client.cutPower();
  const since = time.now;
  const limit = since + intervalsSilent * echoSeconds * 1000;
  const isOver = (now: Held) => isFreed(now) && (!asksIfAlive || isWithoutSas(now));
  while (time.now < limit && !isOver(look())) time.run(() => false, time.now + betweenLooksMs);
  return held.entries(since, time.now);
}
