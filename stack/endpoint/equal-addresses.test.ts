import { expect, test } from 'vitest';
import { Internet, Nat } from '../testing/internet.ts';
import { perfect } from '../testing/simulation.ts';
import { ClientEndpoint } from './client.ts';
import type { ClientEndpointConfig } from './config.ts';
import { ResponderEndpoint } from './responder.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { EndpointHost } from './testing/joined.ts';
import { innerAddress, minute, office, publicAddress } from './testing/moving.ts';

const proposal = { encryption: '3des-cbc', integrity: 'hmac-sha1-96', lifetimeSeconds: 3600 } as const;

test.each(['transport', 'tunnel'] as const)(
  'clients of one private address in homes of their own, in %s mode, each have their own traffic (RFC 3948 5.1, 5.2)',
  (mode) => {
    const internet = new Internet(`homes ${mode}`, perfect);
    const example = responderExample(publicAddress);
    const proposals = [{ ...proposal, ...(mode === 'tunnel' && { mode }) }];
    const users = ['dialin0', 'dialin1'].map((name) => ({ name, password: 'friend' }));
    const policies = [{ name: 'all_roaming', protocol: 17, localPort: 1701, proposals }];
    const config = { ...example, users, ike: { ...example.ike, policies } };
    const endpoint = new ResponderEndpoint(config, internet.randomOf('responder'));
    const responder = new EndpointHost(internet, publicAddress, undefined, endpoint);
    const clients = users.map(({ name }, index) => {
      const { ike, l2tp, ppp } = clientExample;
      const own: ClientEndpointConfig = {
        ...clientExample,
        ike: { ...ike, phase2: proposals, localPort: 1701, initialContact: true },
        l2tp: { ...l2tp, countsTunnels: true },
        ppp: { ...ppp, user: name, password: 'friend' },
      };
      const nat = new Nat(`198.18.1.${10 + index}`, true);
      return new EndpointHost(
        internet,
        own.localAddress,
        nat,
        new ClientEndpoint(own, internet.randomOf(name)),
      );
    });
    for (const client of clients) client.act((each, now) => each.connect(now));
    expect(internet.run(() => clients.every(({ isUp }) => isUp), 2 * minute)).toBe(true);
    expect(responder.endpoint.summary()).toMatchObject({ phase1: 2, phase2: 2, tunnels: 2, links: 2 });
    const packets = clients.map((client) => ipPacket(office, innerAddress(client), innerAddress(client)));
    for (const packet of packets) responder.act((each, now) => each.sendIp(packet, now));
    internet.runTo(internet.now + 100);
    expect(clients.map(({ delivered }) => delivered)).toEqual(packets.map((packet) => [packet]));
  },
);
