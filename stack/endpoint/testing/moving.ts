import { expect } from 'vitest';
import { Nat } from '../../testing/internet.ts';
import type { ClientEndpointConfig, ResponderEndpointConfig } from '../config.ts';
import { clientExample, responderExample } from './examples.ts';
import { ipPacket } from './ip-packet.ts';
import { behindOneNat } from './joined.ts';

export const publicAddress = '198.18.2.10';
export const office = '192.168.2.10';
export const minute = 60_000;

/**
 * For tests of mappings that change while tunnels are up (RFC 3947 7, rule NAT-14): clients as alike as can be, behind
 * a NAT that keeps no port, all of them connected.
 */
export function setUp(
  count: number,
  change: (config: ClientEndpointConfig) => ClientEndpointConfig = (config) => config,
  publicNat = new Nat('198.18.1.10', false),
) {
  const users = Array.from({ length: count }, (_, index) => ({ name: `dialin${index}`, password: 'friend' }));
  const clients = users.map(({ name }, index): ClientEndpointConfig => {
    const { ike, l2tp, ppp } = clientExample;
    return change({
      ...clientExample,
      localAddress: `192.168.1.${10 + index}`,
      ike: { ...ike, keepaliveSeconds: 0, localPort: 1701 },
      l2tp: { ...l2tp, countsTunnels: true },
      ppp: { ...ppp, user: name, password: 'friend' },
    });
  });
  const responder: ResponderEndpointConfig = { ...responderExample(publicAddress), users };
  const setting = { nat: publicNat, ...behindOneNat(`${count} move`, publicNat, clients, responder) };
  for (const client of setting.clients) client.act((endpoint, now) => endpoint.connect(now));
  const up = setting.internet.run(() => setting.clients.every(({ isUp }) => isUp), 2 * minute);
  expect(up).toBe(true);
  return setting;
}

type Setting = ReturnType<typeof setUp>;
export type Client = Setting['clients'][number];

/** `none` while the link is down. */
export function innerAddress(client: Client): string {
  const link = client.links.at(-1);
  return link?.effect === 'link-up' ? link.localAddress : 'none';
}

/** A packet of the client's to the office. */
export function sendUp({ internet }: Setting, client: Client, text: string): void {
  client.act((endpoint, now) => endpoint.sendIp(ipPacket(innerAddress(client), office, text), now));
  internet.runTo(internet.now + 100);
}

/** What of a packet from the office arrives at each client. */
export function sendDown({ internet, responder, clients }: Setting, to: Client, text: string): string[] {
  for (const client of clients) client.delivered.length = 0;
  const packet = ipPacket(office, innerAddress(to), text);
  responder.act((endpoint, now) => endpoint.sendIp(packet, now));
  internet.runTo(internet.now + 100);
  return clients.filter(({ delivered }) => delivered.length > 0).map(({ address }) => address);
}

/** The moves of its peers that the responder tells of. */
export const moves = ({ responder }: Setting) => responder.facts.filter(({ fact }) => fact === 'peer-moved');

/** The first two of a setting that must have as many. */
export function two({ clients }: Setting): readonly [Client, Client] {
  const [first, second] = clients;
  if (first === undefined || second === undefined) throw new Error('two clients');
  return [first, second];
}

/** The client of a setting that must have one. */
export function one({ clients: [client] }: Setting): Client {
  if (client === undefined) throw new Error('one client');
  return client;
}
