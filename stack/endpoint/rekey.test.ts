import { expect, test } from 'vitest';
import {
  arrived,
  behindNats,
  type Connection,
  carry,
  hangUp,
  isEmpty,
  rekeys,
  shortLived,
  soon,
  troubles,
} from './testing/short-lived.ts';

const rekey = { rekey: soon };

/** Nothing went wrong at either end, and all of it went on one path, which L2TP keeps its tunnel by. */
function expectUndisturbed({ client, responder }: Connection): void {
  for (const host of [client, responder]) {
    expect(host.links.map(({ effect }) => effect)).toEqual(['link-up']);
    expect(troubles(host)).toEqual([]);
    expect(new Set(host.endpoint.securityAssociations().map(({ path }) => path)).size).toBe(1);
    const { phase1, phase2 } = host.endpoint.summary();
    expect([phase1 <= 3, phase2 <= 3]).toEqual([true, true]);
  }
}

for (const [place, way] of [
  ['no NAT', {}],
  ['both behind NAT', behindNats],
] as const) {
  for (const [who, ends, by] of [
    ['the client', { client: rekey }, ['local']],
    ['the responder', { responder: rekey }, ['peer']],
    ['either end', { client: rekey, responder: rekey }, ['local', 'peer']],
  ] as const) {
    test(`${place}: five rekeys of either phase by ${who} lose no packet (rule LIFE-1)`, () => {
      const connection = shortLived({ way, ...ends });
      const { client, responder } = connection;
      const sent = carry(connection, 290_000);
      expect([arrived(client), arrived(responder)]).toEqual([sent, sent]);
      for (const phase of [1, 2] as const) {
        const done = rekeys(client, phase);
        expect(done.length).toBeGreaterThanOrEqual(5);
        expect(by).toEqual(expect.arrayContaining([...new Set(done)]));
      }
      expectUndisturbed(connection);
      hangUp(connection);
      expect([client, responder].every(isEmpty)).toBe(true);
    });
  }
}

test('kilobytes used up rekey both phases without a lost packet (RFC 2407 4.5, RFC 2409 appendix A)', () => {
  // A packet of some 60 octets every 50 ms is more than a kilobyte a second; messages of IKE are a few hundred octets.
  for (const ends of [{ client: rekey }, { responder: rekey }]) {
    const connection = shortLived({
      phase1: { lifetimeSeconds: 28_800, lifetimeKilobytes: 5 },
      phase2: { lifetimeSeconds: 3600, lifetimeKilobytes: 24 },
      ...ends,
    });
    const { client, responder } = connection;
    const sent = carry(connection, 180_000);
    expect([arrived(client), arrived(responder)]).toEqual([sent, sent]);
    expect(rekeys(client, 2).length).toBeGreaterThanOrEqual(5);
    expect(rekeys(client, 1).length).toBeGreaterThanOrEqual(1);
    expectUndisturbed(connection);
  }
});

test('both ends rekey at the same instant, again and again: nothing is lost, and SAs do not pile up', () => {
  const atOnce = { rekey: { ...soon, fuzz: 0 } };
  const connection = shortLived({ way: behindNats, client: atOnce, responder: atOnce });
  const { client, responder } = connection;
  const sent = carry(connection, 290_000);
  expect([arrived(client), arrived(responder)]).toEqual([sent, sent]);
  expect(new Set(rekeys(client, 2))).toEqual(new Set(['local', 'peer']));
  expect(new Set(rekeys(client, 1))).toEqual(new Set(['local', 'peer']));
  for (const host of [client, responder]) {
    expect(host.links.length).toBe(1);
    expect(troubles(host)).toEqual([]);
    expect(host.endpoint.summary().phase2).toBeLessThanOrEqual(4);
    expect(host.endpoint.summary().phase1).toBeLessThanOrEqual(4);
  }
});

test.each([0.1, 0.2])('with loss %d on the wire the connection stays through rekeys by both ends', (loss) => {
  const network = { loss, duplication: 0.1, slowestMs: 40 };
  for (const seed of ['one', 'two']) {
    const limits = { phase1: { lifetimeSeconds: 180 }, phase2: { lifetimeSeconds: 120 } };
    const patient = { rekey: { ...soon, marginSeconds: 60, graceSeconds: 20 } };
    const ends = { client: patient, responder: patient };
    const connection = shortLived({ seed, way: { ...behindNats, ...network }, ...limits, ...ends });
    carry(connection, 400_000);
    for (const host of [connection.client, connection.responder]) {
      expect(host.links.map(({ effect }) => effect)).toEqual(['link-up']);
      expect(rekeys(host, 1).length).toBeGreaterThanOrEqual(3);
      expect(rekeys(host, 2).length).toBeGreaterThanOrEqual(3);
      expect(host.facts.filter(({ fact }) => fact === 'closed')).toEqual([]);
    }
  }
});

/** Swallows messages of an exchange type (2 is main mode, 32 quick mode) that `from` sends on port 500 while `gone` says so. */
function swallow(
  { internet }: Connection,
  exchangeType: number,
  from: string | undefined,
  gone: (number: number) => boolean,
): () => number {
  let seen = 0;
  internet.tamper = (datagram) => {
    const { source, payload } = datagram;
    const isOne = source.port === 500 && payload[18] === exchangeType && (from ?? source.ip) === source.ip;
    return isOne && gone(++seen) ? undefined : datagram;
  };
  return () => seen;
}

test('message 3 of a rekey is lost: the older pair sends until message 2 has stayed away, and nothing is lost', () => {
  const connection = shortLived({ client: rekey });
  const { client, responder } = connection;
  // The client's messages from now on: 1, then 3, which is lost, then 3 again.
  const seen = swallow(connection, 32, client.address, (number) => number === 2);
  const sent = carry(connection, 38_000);
  expect(seen()).toBeGreaterThanOrEqual(3);
  expect(rekeys(responder, 2)).toEqual(['peer']);
  expect([arrived(client), arrived(responder)]).toEqual([sent, sent]);
});

test('a pair that ends before its successor is there takes neither path nor tunnel with it', () => {
  const connection = shortLived({ client: rekey });
  const { client, responder, internet } = connection;
  swallow(connection, 32, responder.address, () => internet.now < 45_000);
  internet.runTo(43_000);
  for (const { endpoint } of [client, responder]) {
    expect(endpoint.summary()).toMatchObject({ phase1: 1, phase2: 0, tunnels: 1, links: 1 });
  }
  internet.runTo(60_000);
  const sent = carry(connection, 5000);
  expect([arrived(client), arrived(responder)]).toEqual([sent, sent]);
  expect(client.links.map(({ effect }) => effect)).toEqual(['link-up']);
});

test('without rekeying by this end every rekey of the peer is followed, and SAs end with their lifetime', () => {
  const connection = shortLived({ phase1: { lifetimeSeconds: 30 }, phase2: { lifetimeSeconds: 60 } });
  const { client, internet } = connection;
  internet.runTo(internet.now + 40_000);
  // The ISAKMP SA is gone, what it negotiated is not (rule LIFE-1 wants no new PPP for it).
  expect(client.endpoint.summary()).toMatchObject({ phase1: 0, phase2: 1, links: 1 });
  const sent = carry(connection, 5000);
  expect(arrived(connection.responder)).toEqual(sent);
  internet.runTo(internet.now + 30_000);
  expect(client.endpoint.summary()).toMatchObject({ phase1: 0, phase2: 0, tunnels: 0 });
});

test('a pair of ESP SAs that is due where no ISAKMP SA is left gets one first, from either end', () => {
  for (const ends of [{ client: rekey }, { responder: rekey }]) {
    const limits = { phase1: { lifetimeSeconds: 20 }, phase2: { lifetimeSeconds: 200 } };
    const connection = shortLived({ ...limits, ...ends });
    const { client, responder, internet } = connection;
    swallow(connection, 2, undefined, () => internet.now < 100_000);
    internet.runTo(110_000);
    expect(client.endpoint.summary()).toMatchObject({ phase1: 0, phase2: 1 });
    const sent = carry(connection, 120_000);
    expect([arrived(client), arrived(responder)]).toEqual([sent, sent]);
    expect(rekeys(client, 2).length).toBe(1);
    expect(client.endpoint.summary()).toMatchObject({ tunnels: 1, links: 1 });
  }
});

test('aggressive mode and PFS rekey as well, whoever begins', () => {
  for (const ends of [
    { client: { ...rekey, phase1Mode: 'aggressive', pfs: 14 }, responder: { acceptsAggressive: true } },
    { client: { phase1Mode: 'aggressive', pfs: 14 }, responder: { ...rekey, acceptsAggressive: true } },
  ] as const) {
    const connection = shortLived({ way: behindNats, ...ends });
    const { client, responder } = connection;
    const sent = carry(connection, 120_000);
    expect([arrived(client), arrived(responder)]).toEqual([sent, sent]);
    expect(rekeys(client, 1).length).toBeGreaterThanOrEqual(2);
    expect(rekeys(client, 2).length).toBeGreaterThanOrEqual(2);
    expectUndisturbed(connection);
  }
});

test('a peer that dies ends the link of either end, where dead peers are detected (rule PPP-8)', () => {
  const deadPeerDetection = { mode: 'both', idleSeconds: 20, retrySeconds: 5, attempts: 3 } as const;
  for (const dying of ['client', 'responder'] as const) {
    const connection = shortLived({
      phase1: { lifetimeSeconds: 28_800 },
      phase2: { lifetimeSeconds: 3600 },
      client: { deadPeerDetection },
      responder: { deadPeerDetection },
    });
    const { internet } = connection;
    const living = connection[dying === 'client' ? 'responder' : 'client'];
    internet.leave(connection[dying]);
    internet.runTo(internet.now + 60_000);
    expect(living.fact('dead-peer')?.detail).toBe('3 R-U-THERE stayed unanswered');
    expect(living.links.map(({ effect }) => effect)).toEqual(['link-up', 'link-down']);
    expect(isEmpty(living)).toBe(true);
  }
});
