import { expect, test } from 'vitest';
import type { Phase1Transform, Phase2Proposal } from '../ike/config.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { joined, type Way } from './testing/joined.ts';

/* Whole connections, from the first message to a packet each way, over networks that lose, double and reorder. */

const publicAddress = '198.18.2.10';
const office = '192.168.2.10';
const minute = 60_000;
const bothNats: Way = {
  clientNat: '198.18.1.2',
  responderNat: { public: publicAddress, forwards: [500, 4500] },
};

const losses = [0, 0.05, 0.1, 0.2, 0.3];
const modes = ['main', 'aggressive'] as const;
/**
 * In the last one the NAT before the client forgets its mappings once while the connection is made, at these
 * milliseconds of each seed, and then again and again.
 */
const networks: readonly (readonly [string, Way, boolean])[] = [
  ['no NAT', {}, false],
  ['NAT on both sides', bothNats, false],
  ['NAT on both sides that rebinds', bothNats, true],
];
const seeds: readonly (readonly [string, number])[] = [
  ['one', 3],
  ['two', 40],
  ['three', 500],
  ['four', 2500],
];
const rebindsEveryMs = 20_000;

/** The only thing that a client says by itself which shows its new mapping: a keepalive is not authentic (RFC 3947 7). */
const helloSeconds = 5;
const phase1: readonly Phase1Transform[] = [
  { encryption: 'aes-cbc-128', hash: 'sha1', group: 19, lifetimeSeconds: 28_800 },
];
const phase2: readonly Phase2Proposal[] = [
  { encryption: 'aes-cbc-128', integrity: 'hmac-sha1-96', lifetimeSeconds: 3600 },
];

function dialled(seed: string, way: Way, mode: (typeof modes)[number], rebindMs?: number) {
  const { ike, ppp, l2tp, ...client } = clientExample;
  const {
    ike: answering,
    ppp: serving,
    ...responder
  } = responderExample(way.responderNat === undefined ? publicAddress : '10.0.0.2');
  const simulation = joined(
    seed,
    way,
    {
      ...client,
      ppp,
      l2tp: { ...l2tp, helloSeconds },
      ike: { ...ike, phase1, phase2, ...(mode === 'aggressive' && { phase1Mode: mode }) },
    },
    {
      ...responder,
      // A few echoes that are lost would end the link: that is PPP's business.
      ppp: { ...serving, echoSeconds: 0 },
      ike: {
        ...answering,
        phase1,
        policies: answering.policies.map((policy) => ({ ...policy, proposals: phase2 })),
        acceptsAggressive: true,
      },
    },
  );
  const { internet, client: host } = simulation;
  host.act((endpoint, now) => endpoint.connect(now));
  if (rebindMs === undefined) return simulation;
  const rebind = () => host.nat?.rebind(host.address);
  internet.runTo(rebindMs);
  rebind();
  internet.every(rebindsEveryMs, rebind);
  return simulation;
}

/** Sends a packet each way every second until one has arrived at either end, so many seconds at the most. */
function passes({ internet, client, responder }: ReturnType<typeof joined>, seconds: number): boolean {
  const link = client.links.at(-1);
  const inner = link?.effect === 'link-up' ? link.localAddress : '';
  for (let second = 0; second < seconds; second++) {
    client.act((endpoint, now) => endpoint.sendIp(ipPacket(inner, office, 'up'), now));
    responder.act((endpoint, now) => endpoint.sendIp(ipPacket(office, inner, 'down'), now));
    internet.runTo(internet.now + 1000);
    if (client.delivered.length > 0 && responder.delivered.length > 0) return true;
  }
  return false;
}

for (const [network, way, rebinds] of networks) {
  for (const mode of modes) {
    test.each(losses)(`${network}, ${mode} mode, loss %d: connects and passes packets`, (loss) => {
      for (const [seed, rebindMs] of seeds) {
        const impaired = { ...way, loss, duplication: loss, slowestMs: 10 + loss * 1000 };
        const simulation = dialled(
          `${seed} ${network} ${mode} ${loss}`,
          impaired,
          mode,
          rebinds ? rebindMs : undefined,
        );
        const { internet, client, responder } = simulation;
        expect(internet.run(() => client.isUp && responder.isUp, 3 * minute)).toBe(true);
        expect(passes(simulation, 60)).toBe(true);
      }
    });
  }
}

test('a network that loses everything lets nobody connect, and both ends come to an end', () => {
  const simulation = dialled('deaf', { ...bothNats, loss: 1 }, 'main');
  const { internet, client, responder } = simulation;
  expect(internet.run(() => client.isUp, 10 * minute)).toBe(false);
  expect(client.fact('ike-failed')).toMatchObject({ reason: 'no-answer' });
  expect(client.endpoint.deadline()).toBeUndefined();
  expect(responder.endpoint.deadline()).toBeUndefined();
});
