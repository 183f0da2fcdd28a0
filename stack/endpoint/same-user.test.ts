import { expect, test } from 'vitest';
import { Nat } from '../testing/internet.ts';
import type { ClientEndpoint } from './client.ts';
import type { SameUserPolicy, UserEntry } from './config.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { behindOneNat, type EndpointHost } from './testing/joined.ts';

/* One user who dials in from two machines (rule MULTI-3): what becomes of both is the responder's policy. */

const office = '192.168.2.10';
const minute = 60_000;
const pool = { first: '192.168.8.1', last: '192.168.8.9' };
const fromPool: UserEntry = { name: 'dialin2', password: 'friend2' };
const ofHisOwn: UserEntry = { name: 'dialin1', password: 'friend1', address: '192.168.8.50' };
const another: UserEntry = { name: 'dialin4', password: 'friend4' };

type Client = EndpointHost<ClientEndpoint>;

function setUp(sameUser: SameUserPolicy | undefined, ...callers: readonly UserEntry[]) {
  const clients = callers.map(({ name, password }, index) => ({
    ...clientExample,
    localAddress: `192.168.1.${10 + index}`,
    ppp: { ...clientExample.ppp, user: name, password },
  }));
  const responder = {
    ...responderExample('198.18.2.10'),
    users: [...new Set(callers)],
    pool,
    ...(sameUser && { sameUser }),
  };
  return behindOneNat('one user twice', new Nat('198.18.1.10', true), clients, responder);
}

/** Dials, and waits until what comes of it has come. */
function dial({ internet }: ReturnType<typeof setUp>, client: Client | undefined): void {
  client?.act((endpoint, now) => endpoint.connect(now));
  internet.runTo(internet.now + minute / 4);
}

/** All have dialled, one after the other. */
function dialled(...parts: Parameters<typeof setUp>) {
  const setting = setUp(...parts);
  for (const client of setting.clients) dial(setting, client);
  return setting;
}

const addressOf = ({ links }: Client) => {
  const link = links.at(-1);
  return link?.effect === 'link-up' ? link.localAddress : 'none';
};
const failureOf = (client: Client | undefined) => client?.fact('ppp-failed');

test('both: each of two gets an address of his own', () => {
  for (const policy of ['both', undefined] as const) {
    const { clients, responder } = dialled(policy, fromPool, fromPool);
    expect(clients.map(addressOf)).toEqual(['192.168.8.1', '192.168.8.2']);
    expect(responder.endpoint.summary()).toMatchObject({ links: 2, leases: 2 });
  }
});

test("both: a user's own address is there once, and nobody gets another one for it", () => {
  const { clients, responder } = dialled('both', ofHisOwn, ofHisOwn);
  expect(clients.map(addressOf)).toEqual(['192.168.8.50', 'none']);
  expect(responder.facts).toContainEqual(
    expect.objectContaining({ fact: 'ppp-failed', layer: 'ipcp', reason: 'pool-exhausted' }),
  );
});

test('oldest: who is in stays, and the newcomer is refused when he has authenticated', () => {
  for (const user of [fromPool, ofHisOwn]) {
    const { clients, responder } = dialled('oldest', user, user);
    expect(clients.map(({ isUp }) => isUp)).toEqual([true, false]);
    expect(failureOf(clients[1])).toMatchObject({ layer: 'auth', reason: 'auth-failed' });
    expect(responder.facts).toContainEqual(
      expect.objectContaining({ detail: expect.stringContaining('refused with 649') }),
    );
  }
});

test('newest: the newcomer has what the earlier link had, whose end is told before', () => {
  for (const user of [fromPool, ofHisOwn]) {
    const { clients, responder, internet } = dialled('newest', user, user);
    const [first, second] = clients;
    expect(clients.map(({ isUp }) => isUp)).toEqual([false, true]);
    expect(first?.fact('closed')).toMatchObject({ layer: 'ppp', by: 'peer' });
    expect(responder.links.map(({ effect }) => effect)).toEqual(['link-up', 'link-down', 'link-up']);
    const given = responder.links.map(({ peerAddress }) => peerAddress);
    expect(new Set(given)).toEqual(new Set([user.address ?? pool.first]));
    expect(responder.endpoint.summary()).toMatchObject({ links: 1, leases: 1 });
    // What is for the address goes to who has it now.
    const packet = ipPacket(office, given[0] ?? '', 'for whom');
    responder.act((endpoint, now) => endpoint.sendIp(packet, now));
    internet.runTo(internet.now + 1000);
    expect([first?.delivered, second?.delivered]).toEqual([[], [packet]]);
  }
});

test('no policy is about different users', () => {
  for (const policy of ['both', 'newest', 'oldest'] as const) {
    const { clients } = dialled(policy, fromPool, another);
    expect(clients.map(({ isUp }) => isUp)).toEqual([true, true]);
  }
});

test('oldest: who has gone is not in any more', () => {
  const setting = setUp('oldest', fromPool, fromPool);
  const [first, second] = setting.clients;
  dial(setting, first);
  first?.act((endpoint, now) => endpoint.close(now));
  dial(setting, second);
  expect(setting.clients.map(({ isUp }) => isUp)).toEqual([false, true]);
});
