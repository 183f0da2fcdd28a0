import type { Fact } from '../../fact.ts';
import type { IkeInitiatorConfig, IkeResponderConfig, RekeyConfig } from '../../ike/config.ts';
import type { Limits } from '../../ike/limits.ts';
import { clientExample, responderExample } from './examples.ts';
import { ipPacket } from './ip-packet.ts';
import { joined, type Way } from './joined.ts';

/* For tests: connections whose SAs live a minute, and packets through them all the time. */

const publicAddress = '198.18.2.10';
const insideAddress = '10.0.0.2';
export const behindNats: Way = {
  clientNat: '198.18.1.2',
  responderNat: { public: publicAddress, forwards: [500, 4500] },
};

export const soon: RekeyConfig = { marginSeconds: 12, marginKilobytes: 8, fuzz: 0.5, graceSeconds: 5 };

export interface Setting {
  readonly seed?: string;
  readonly way?: Way;
  readonly phase1?: Limits;
  readonly phase2?: Limits;
  readonly client?: Partial<IkeInitiatorConfig>;
  readonly responder?: Partial<IkeResponderConfig>;
}

const algorithms1 = { encryption: 'aes-cbc-128', hash: 'sha1', group: 2 } as const;
const algorithms2 = { encryption: 'aes-cbc-128', integrity: 'hmac-sha1-96' } as const;
const minute: Limits = { lifetimeSeconds: 60 };
const less: Limits = { lifetimeSeconds: 40 };

/** A client and a responder that are connected. Throws where they do not come to that. */
export function shortLived(setting: Setting) {
  const { seed = 'short-lived', way = {}, phase1: limits1 = minute, phase2: limits2 = less } = setting;
  const phase1 = [{ ...algorithms1, ...limits1 }];
  const phase2 = [{ ...algorithms2, ...limits2 }];
  const responder = responderExample(way.responderNat === undefined ? publicAddress : insideAddress);
  const policies = responder.ike.policies.map((policy) => ({ ...policy, proposals: phase2 }));
  const simulation = joined(
    seed,
    way,
    { ...clientExample, ike: { ...clientExample.ike, phase1, phase2, ...setting.client } },
    {
      ...responder,
      ike: { ...responder.ike, phase1, policies, ...setting.responder },
      // On a wire with loss a few lost echoes would end the link: that is PPP's business.
      ppp: { ...responder.ppp, echoSeconds: 0 },
    },
  );
  const { internet, client } = simulation;
  client.act((endpoint, now) => endpoint.connect(now));
  if (!internet.run(() => client.isUp && simulation.responder.isUp, 120_000))
    throw new Error('not connected');
  return simulation;
}

export type Connection = ReturnType<typeof shortLived>;
export type Host = Connection['client'] | Connection['responder'];

/** Sends a packet each way every 50 ms for so long. Gives the numbers of those that should come out. */
export function carry({ internet, client, responder }: Connection, milliseconds: number): number[] {
  const sent: number[] = [];
  for (const end = internet.now + milliseconds; internet.now < end; internet.runTo(internet.now + 50)) {
    const text = `packet ${sent.length}`;
    client.act((endpoint, now) => endpoint.sendIp(ipPacket('192.168.8.50', '192.168.2.10', text), now));
    responder.act((endpoint, now) => endpoint.sendIp(ipPacket('192.168.2.10', '192.168.8.50', text), now));
    sent.push(sent.length);
  }
  return sent;
}

/** The numbers of the packets that came out here, in the order in which they did. */
export function arrived({ delivered }: Host): number[] {
  return delivered.map((packet) => Number(new TextDecoder().decode(packet.subarray(20)).split(' ')[1]));
}

/** Who began each rekey of a phase, as this end tells. */
export function rekeys({ facts }: Host, phase: 1 | 2): ('local' | 'peer')[] {
  return facts.flatMap((fact) => (fact.fact === 'rekeyed' && fact.phase === phase ? [fact.by] : []));
}

/** What an end tells when something went wrong with a connection. */
export function troubles({ facts }: Host): Fact[] {
  return facts.filter(({ fact }) => fact === 'ike-failed' || fact === 'closed' || fact === 'dead-peer');
}

export function hangUp({ internet, client }: Connection): void {
  client.act((endpoint, now) => endpoint.close(now));
  internet.runTo(internet.now + 60_000);
}

export function isEmpty({ endpoint }: Host): boolean {
  return Object.values(endpoint.summary()).every((count) => count === 0);
}
