import { expect, test } from 'vitest';
import { clientConfig, LinkEnd, serverConfig } from '../ppp/testing/link-pair.ts';
import { type Impairment, perfect } from '../testing/simulation.ts';
import { lnsSeen, type Pair, pairOf, type Station } from './testing/tunnel-pair.ts';

interface Joined extends Pair {
  readonly client: LinkEnd;
  readonly server: LinkEnd;
}

/** PPP ends on the sessions of an L2TP pair: each starts when its session comes up. */
function joinedOf(seed: number, impairment: Impairment): Joined {
  const retransmission = { firstGapMs: 1000, backoff: 2, maximumGapMs: 8000, transmissions: 10 };
  const pair = pairOf(seed, impairment, { lac: { retransmission }, lns: { retransmission } });
  const client = new LinkEnd(clientConfig, `client ${seed}`);
  const server = new LinkEnd({ ...serverConfig, authentication: ['ms-chap-v2'] }, `server ${seed}`);
  attach(pair, pair.lac, client);
  attach(pair, pair.lns, server);
  return { ...pair, client, server };
}

function attach({ simulation }: Pair, station: Station, end: LinkEnd): void {
  station.onEffect = (effect) => {
    if (effect.effect === 'session-up') {
      const { session } = effect;
      end.connect((frame) => station.perform(station.engine.sendPpp(session, frame)));
      end.perform(end.engine.start(simulation.now));
    }
    if (effect.effect === 'receive-ppp') end.perform(end.engine.receive(effect.frame, simulation.now));
  };
  simulation.add(end);
}

function connect({ simulation, lac, client, server }: Joined): boolean {
  lac.perform(lac.engine.dial(lnsSeen, simulation.now));
  return simulation.run(() => client.ups.length > 0 && server.ups.length > 0, 900_000);
}

test('a client connects, passes IP and leaves; nothing stays behind', () => {
  const joined = joinedOf(1, perfect);
  expect(connect(joined)).toBe(true);
  const { simulation, lac, lns, client, server } = joined;
  // Nothing overtook anything: no frame came before its session, and no restart timer had to run.
  for (const station of [lac, lns]) expect(station.has('packet-dropped')).toBe(false);
  expect(simulation.now).toBeLessThan(1000);
  client.perform(client.engine.sendIp(Uint8Array.of(0x45, 1)));
  server.perform(server.engine.sendIp(Uint8Array.of(0x45, 2)));
  simulation.run(() => client.packets.length + server.packets.length === 2, simulation.now + 1000);
  expect(server.packets).toEqual([Uint8Array.of(0x45, 1)]);
  expect(client.packets).toEqual([Uint8Array.of(0x45, 2)]);

  // Rule PPP-7: LCP Terminate, CDN, StopCCN.
  client.perform(client.engine.close('user request', simulation.now));
  simulation.run(() => client.downs.length > 0, simulation.now + 10_000);
  const session = lac.ups[0]?.session;
  if (session === undefined) throw new Error('no session');
  lac.perform(lac.engine.closeSession(session, 'user request', simulation.now));
  simulation.runTo(simulation.now + 200_000);
  expect(server.downs).toHaveLength(1);
  for (const station of [lac, lns]) {
    expect(station.engine.summary()).toEqual({ tunnels: 0, sessions: 0 });
    expect(station.engine.deadline()).toBeUndefined();
  }
});

test('connects under loss up to 30 %, duplication and reordering', () => {
  for (let seed = 0; seed < 30; seed++) {
    const joined = joinedOf(300 + seed, { loss: (seed % 7) * 0.05, duplication: 0.2, slowestMs: 300 });
    expect(connect(joined), `seed ${seed}`).toBe(true);
    expect([joined.client.failure, joined.server.failure], `seed ${seed}`).toEqual([undefined, undefined]);
  }
});
