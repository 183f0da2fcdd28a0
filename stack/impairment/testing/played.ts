import { clientExample, responderExample } from '../../endpoint/testing/examples.ts';
import { ipPacket } from '../../endpoint/testing/ip-packet.ts';
import { joined } from '../../endpoint/testing/joined.ts';
import type { Instant } from '../../engine.ts';
import type { Fact } from '../../fact.ts';
import { hex } from '../../octets.ts';
import type { End } from '../impairment.ts';

/*
 * For tests: a whole connection in which one end may misbehave, from the first message to some minutes
 * after the client hung up, with the responder behind a NAT gateway as in `office-nat`.
 */

const publicAddress = '198.18.2.10';
const minute = 60_000;

export interface Played {
  readonly facts: Readonly<Record<End, readonly Fact[]>>;
  /** Both ends had their link at one time. */
  readonly connected: boolean;
  /** Packets that crossed the tunnel, by the end that received them. */
  readonly delivered: Readonly<Record<End, number>>;
  /** The link stood still when the client wanted to hang up, some idle minutes later. */
  readonly outlived: boolean;
  /** What each end still has of L2TP and PPP long after. */
  readonly left: Readonly<Record<End, number>>;
  /** Every datagram: when it left, from where to where, and its octets. */
  readonly wire: readonly string[];
}

export function play(
  impairment: string | undefined,
  end: End,
  phase1: 'main' | 'aggressive' = 'main',
): Played {
  const asked = (who: End) => (impairment !== undefined && end === who ? { impairment } : {});
  const usualResponder = responderExample('10.0.0.2');
  const aggressive =
    phase1 === 'main'
      ? { initiator: {}, responder: {} }
      : ({ initiator: { phase1Mode: 'aggressive' }, responder: { acceptsAggressive: true } } as const);
  const simulation = joined(
    'impaired',
    { responderNat: { public: publicAddress, forwards: [500, 4500] } },
    { ...clientExample, ike: { ...clientExample.ike, ...aggressive.initiator }, ...asked('client') },
    {
      ...usualResponder,
      ike: { ...usualResponder.ike, quickModeAddresses: 'any', ...aggressive.responder },
      ...asked('responder'),
    },
  );
  const { internet, client, responder } = simulation;
  const wire: string[] = [];
  internet.tamper = (datagram) => {
    const { source, destination, payload } = datagram;
    wire.push(
      `${internet.now} ${source.ip}:${source.port} ${destination.ip}:${destination.port} ${hex(payload)}`,
    );
    return datagram;
  };
  const pass = (duration: Instant) => internet.runTo(internet.now + duration);

  client.act((endpoint, now) => endpoint.connect(now));
  const connected = internet.run(() => client.isUp && responder.isUp, 3 * minute);
  if (connected) {
    const [link] = client.links;
    const inside = link?.localAddress ?? '';
    const up = ipPacket(inside, '192.168.2.10', 'to the office');
    client.act((endpoint, now) => endpoint.sendIp(up, now));
    pass(1000);
    const down = ipPacket('192.168.2.10', inside, 'to the client');
    responder.act((endpoint, now) => endpoint.sendIp(down, now));
  }
  pass(5 * minute);
  const outlived = client.isUp && responder.isUp;
  client.act((endpoint, now) => endpoint.close(now));
  pass(5 * minute);
  const left = ({ endpoint }: typeof client | typeof responder) => {
    const { tunnels, sessions, links } = endpoint.summary();
    return tunnels + sessions + links;
  };
  return {
    facts: { client: client.facts, responder: responder.facts },
    connected,
    delivered: { client: client.delivered.length, responder: responder.delivered.length },
    outlived,
    left: { client: left(client), responder: left(responder) },
    wire,
  };
}

/** The first step of a connection that was not completed, in the order of the stages. */
export function stoppedAt({ facts, delivered, connected, outlived }: Played): string | undefined {
  const both = (name: Fact['fact']) =>
    [facts.client, facts.responder].every((told) => told.some(({ fact }) => fact === name));
  const atResponder = (name: Fact['fact']) => facts.responder.some(({ fact }) => fact === name);
  const saidGoodbye = facts.responder.some(
    (fact) => fact.fact === 'closed' && fact.layer === 'ppp' && fact.by === 'peer',
  );
  const steps: [string, boolean][] = [
    ['reach', atResponder('ike-message')],
    ['phase1', both('phase1-established')],
    ['phase2', both('phase2-established')],
    ['esp', atResponder('esp-received')],
    ['l2tp-tunnel', both('l2tp-tunnel-established')],
    ['l2tp-session', both('l2tp-session-established')],
    ['ppp-lcp', both('lcp-opened')],
    ['ppp-auth', both('ppp-authenticated')],
    ['ppp-ipcp', both('ipcp-opened') && connected],
    ['traffic', delivered.client > 0 && delivered.responder > 0],
    ['hold', outlived],
    ['teardown', saidGoodbye],
  ];
  return steps.find(([, isDone]) => !isDone)?.[0];
}

/** Why an end says that there is no connection; `undefined` where it heard nothing that says so. */
export function reasonToldBy(facts: readonly Fact[]): string | undefined {
  for (const fact of facts) {
    if (fact.fact === 'ike-failed' && fact.reason !== 'no-answer') return fact.reason;
    if (fact.fact === 'l2tp-failed' && fact.reason !== 'no-answer') return 'no-policy';
    if (fact.fact === 'ppp-failed' && fact.reason !== 'no-answer') {
      return fact.layer === 'auth' ? 'ppp-auth-failed' : 'ppp-refused';
    }
    if (fact.fact === 'closed' && fact.layer === 'phase2' && fact.by === 'peer') return 'deleted-by-peer';
  }
  return undefined;
}
