import { expect, test } from 'vitest';
import type { PeerObservation } from '../observation.ts';
import { type EventEnds, playEvent } from './event.ts';
import type { Held } from './event-watch.ts';

const whole = { phase1: 1, phase2: 1, tunnels: 1, sessions: 1, links: 1, leases: 1 };
const sasAlone = { ...whole, tunnels: 0, sessions: 0, links: 0, leases: 0 };
const answered = { sent: 5, received: 5 };
const signal = new AbortController().signal;

function told(replaced: PeerObservation['replaced']): PeerObservation {
  return { peer: 'ts', version: '1', stages: [], dns: [], unanswered: [], warnings: [], replaced };
}

/** Ends of which a test says what they do, and what was done to them. */
function ends(changes: Partial<EventEnds> = {}, holds: () => Held = () => whole) {
  const log: string[] = [];
  const peer = (name: string) => ({
    restart: async () => void log.push(`${name} restarts`),
    cutPower: async () => void log.push(`${name} loses its power`),
    holds: async () => holds(),
  });
  const all: EventEnds = {
    client: peer('client'),
    responder: peer('responder'),
    longestLife: 20,
    echoSeconds: 0.1,
    ping: async () => {
      log.push('ping');
      return answered;
    },
    read: async () => [],
    redial: async () => {
      log.push('redial');
      return { connected: true, detail: 'connected' };
    },
    ...changes,
  };
  return { all, log };
}

test('pings go on until both ends have told of new SAs of both phases', async () => {
  const one = { bySelf: 1, byPeer: 0 };
  const none = { bySelf: 0, byPeer: 0 };
  let reads = 0;
  const read = async () => {
    reads += 1;
    const saw = told({ phase1: reads > 1 ? one : none, phase2: one });
    return [saw, saw];
  };
  const { all, log } = ends({ read });
  const seen = await playEvent('rekey-by-client', all, signal);
  expect(seen).toEqual({ event: 'rekey-by-client', during: { sent: 10, received: 10 } });
  expect(log).toEqual(['ping', 'ping']);
});

test('and end where nothing comes back', async () => {
  const { all } = ends({ ping: async () => ({ sent: 5, received: 0 }), read: async () => [told(undefined)] });
  expect((await playEvent('rekey-by-responder', all, signal)).during).toEqual({ sent: 5, received: 0 });
});

test('a responder loses its state, is pinged in vain, and is dialled again', async () => {
  const { all, log } = ends();
  const seen = await playEvent('responder-restart', all, signal);
  expect(log).toEqual(['responder restarts', 'ping', 'redial']);
  expect(seen.redial?.connected).toBe(true);
});

test('a responder is watched before its client loses its power, and until it has let go', async () => {
  let hasPower = true;
  const { all, log } = ends({}, () => (hasPower ? whole : sasAlone));
  const cutPower = all.client.cutPower;
  const client = {
    ...all.client,
    cutPower: async (inner: AbortSignal) => {
      hasPower = false;
      await cutPower(inner);
    },
  };
  const { held, echoSeconds } = await playEvent('client-power-cut', { ...all, client }, signal);
  expect(log).toEqual(['client loses its power', 'redial']);
  expect(echoSeconds).toBe(0.1);
  expect(held?.slice(0, 2).map(({ counts }) => counts)).toEqual([whole, sasAlone]);
  expect(held?.[0]?.atSeconds).toBeLessThan(0);
});

test('one that never lets go is given up', async () => {
  const { all, log } = ends();
  const { held } = await playEvent('client-power-cut', all, signal);
  expect(held?.at(-1)?.counts).toEqual(whole);
  expect(log).toContain('redial');
});
