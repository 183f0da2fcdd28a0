import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import {
  bringUp,
  clientConfig,
  comeDown,
  factNames,
  LinkEnd,
  type LinkPair,
  linkOf,
} from './testing/link-pair.ts';

test.each(['pap', 'chap-md5', 'ms-chap-v1', 'ms-chap-v2'] as const)('a link comes up with %s', (first) => {
  const pair = linkOf(1, perfect, { server: { authentication: [first] }, client: { accepts: [first] } });
  expect(bringUp(pair)).toBe(true);
  const { client, server } = pair;
  expect(client.engine.deadline()).toBeUndefined();
  const names = ['lcp-opened', 'ppp-authenticated', 'ipcp-opened'];
  expect(factNames(client)).toEqual(names);
  const named = ['ppp-identification', 'ppp-identification'];
  expect(factNames(server)).toEqual(['lcp-opened', ...named, 'ppp-authenticated', 'ipcp-opened']);
  expect(server.facts[1]).toEqual({ fact: 'ppp-identification', text: 'MSRASV5.10' });
  // The smaller MRU of 1400 and 1460.
  expect(client.facts[0]).toEqual({ fact: 'lcp-opened', authentication: first, mru: 1400 });
  expect(server.facts[0]).toEqual({ fact: 'lcp-opened', authentication: first, mru: 1400 });
  expect(server.facts[3]).toEqual({ fact: 'ppp-authenticated', user: 'alice' });
  expect(client.ups).toMatchObject([
    { localAddress: '10.0.0.9', peerAddress: '10.0.0.1', dns: ['10.0.0.53'], mtu: 1400 },
  ]);
  expect(server.ups).toMatchObject([
    { localAddress: '10.0.0.1', peerAddress: '10.0.0.9', dns: [], mtu: 1400 },
  ]);
});

test('without authentication LCP goes straight to IPCP', () => {
  const pair = linkOf(2, perfect, { server: { authentication: [] } });
  expect(bringUp(pair)).toBe(true);
  expect(factNames(pair.client)).toEqual(['lcp-opened', 'ipcp-opened']);
  expect(pair.server.facts[0]).toMatchObject({ authentication: 'none' });
});

test('the server follows a Nak that names a later proposal (PPP-5, agreeing)', () => {
  const pair = linkOf(3, perfect, {
    server: { authentication: ['chap-md5', 'ms-chap-v2'] },
    client: { accepts: ['ms-chap-v2'] },
  });
  expect(bringUp(pair)).toBe(true);
  expect(pair.server.facts[0]).toMatchObject({ fact: 'lcp-opened', authentication: 'ms-chap-v2' });
});

test('the address is drawn once per link, and by the user', () => {
  const drawn: string[] = [];
  const allocate = (name: string) => {
    drawn.push(name);
    return '10.0.0.9';
  };
  const pair = linkOf(10, { loss: 0.2, duplication: 0.2, slowestMs: 200 }, { server: { allocate } });
  expect(bringUp(pair)).toBe(true);
  expect(drawn).toEqual(['alice']);
});

test('IP packets pass both ways when the link is up, and before that not', () => {
  const pair = linkOf(13, perfect);
  const packet = Uint8Array.of(0x45, 1, 2, 3);
  expect(pair.client.engine.sendIp(packet)).toEqual([]);
  bringUp(pair);
  pair.client.perform(pair.client.engine.sendIp(packet));
  pair.server.perform(pair.server.engine.sendIp(packet));
  pair.simulation.run(
    () => pair.client.packets.length + pair.server.packets.length === 2,
    pair.simulation.now + 100,
  );
  expect(pair.client.packets).toEqual([packet]);
  expect(pair.server.packets).toEqual([packet]);
});

test('a peer that starts over renegotiates the link', () => {
  let drawn = 0;
  const allocate = () => {
    drawn++;
    return '10.0.0.9';
  };
  const pair = linkOf(24, perfect, { server: { allocate } });
  bringUp(pair);
  const reborn = new LinkEnd(clientConfig, '4242');
  const { simulation, server } = pair;
  reborn.connect((frame) =>
    simulation.carry(() => server.perform(server.engine.receive(frame, simulation.now))),
  );
  server.connect((frame) =>
    simulation.carry(() => reborn.perform(reborn.engine.receive(frame, simulation.now))),
  );
  reborn.perform(reborn.engine.start(simulation.now));
  simulation.add(reborn);
  expect(
    simulation.run(() => reborn.ups.length > 0 && server.ups.length === 2, simulation.now + 60_000),
  ).toBe(true);
  expect(server.downs).toEqual([]);
  expect(drawn).toBe(1);
});

test('the same seed gives the same bytes', () => {
  const [once, again] = [linkOf(27, perfect), linkOf(27, perfect)];
  bringUp(once);
  bringUp(again);
  expect(once.client.sent).toEqual(again.client.sent);
  expect(once.server.sent).toEqual(again.server.sent);
});

test('an early tick does nothing', () => {
  const pair = linkOf(28, perfect);
  bringUp(pair);
  expect(pair.server.engine.tick(pair.simulation.now)).toEqual([]);
});

function stillUp(pair: LinkPair): boolean {
  const { simulation } = pair;
  simulation.impairment = perfect;
  const packet = Uint8Array.of(0x45);
  simulation.runTo(simulation.now + 60_000);
  pair.client.perform(pair.client.engine.sendIp(packet));
  pair.server.perform(pair.server.engine.sendIp(packet));
  return simulation.run(
    () => pair.client.packets.length > 0 && pair.server.packets.length > 0,
    simulation.now + 100,
  );
}

const ways = ['pap', 'chap-md5', 'ms-chap-v1', 'ms-chap-v2'] as const;

test('links come up, stay and close under loss up to 30 %, duplication and reordering', () => {
  for (let seed = 0; seed < 84; seed++) {
    const impairment = { loss: (seed % 7) * 0.05, duplication: 0.2, slowestMs: 300 };
    const way = ways[seed % ways.length] ?? 'pap';
    const full = seed % 3 === 0;
    // Ten requests of PAP may all go lost, or the answers to them, where one of two gets neither through.
    const retransmission = { firstGapMs: 3000, backoff: 1, maximumGapMs: 3000, transmissions: 20 };
    const pair = linkOf(5000 + seed, impairment, {
      server: {
        retransmission,
        authentication: [way],
        echoSeconds: 0,
        authenticationRetries: 1,
        ...(full && { ipv6cp: true, rejectsCcpOptions: true, wins: ['10.0.0.63'] }),
      },
      client: {
        retransmission,
        accepts: [way],
        ...(full && { ipv6cp: true, ccp: { supportedBits: 0x01000001 }, requestsWins: true }),
        ...(full && way.startsWith('ms-') && { password: 'wrong', retryPasswords: ['opensesame'] }),
      },
    });
    expect(bringUp(pair), `seed ${seed}`).toBe(true);
    expect(stillUp(pair), `seed ${seed}`).toBe(true);
    if (full) {
      for (const end of [pair.client, pair.server]) expect(factNames(end)).toContain('ipv6cp-opened');
    }
    pair.simulation.impairment = { ...impairment, loss: 0 };
    pair.client.perform(pair.client.engine.close('done', pair.simulation.now));
    expect(comeDown(pair), `seed ${seed}`).toBe(true);
    expect([pair.client.failure, pair.server.failure]).toEqual([undefined, undefined]);
  }
});

test('a CHAP server that asks again under loss keeps a client that knows the password', () => {
  for (let seed = 0; seed < 14; seed++) {
    const impairment = { loss: (seed % 7) * 0.05, duplication: 0.2, slowestMs: 300 };
    const way = ways[1 + (seed % 3)] ?? 'chap-md5';
    const pair = linkOf(6000 + seed, impairment, {
      server: { authentication: [way], rechallengeSeconds: 30, echoSeconds: 0 },
      client: { accepts: [way] },
    });
    expect(bringUp(pair), `seed ${seed}`).toBe(true);
    pair.simulation.runTo(600_000);
    expect([pair.client.downs, pair.server.downs], `seed ${seed}`).toEqual([[], []]);
  }
});
