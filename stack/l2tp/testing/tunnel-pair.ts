import type { Instant } from '../../engine.ts';
import type { Fact } from '../../fact.ts';
import { seededRandom } from '../../host/random.ts';
import { type Impairment, Simulation, type Timed } from '../../testing/simulation.ts';
import type { L2tpConfig, L2tpEffect, L2tpPeer, L2tpSessionKey } from '../config.ts';
import { L2tpEngine } from '../engine.ts';

/** For tests: a timing that gives up after 23 s. */
export const retransmission = { firstGapMs: 1000, backoff: 2, maximumGapMs: 8000, transmissions: 5 };

/** For tests: what a Windows XP client and a router are like, as far as L2TP goes. */
export const lacConfig: L2tpConfig = {
  role: 'lac',
  hostName: 'client',
  vendorName: 'Microsoft',
  firmwareRevision: 0x0500,
  framingCapabilities: 1,
  bearerCapabilities: 0,
  receiveWindowSize: 8,
  helloSeconds: 40,
  retransmission,
  maximumTunnels: 1,
};

export const lnsConfig: L2tpConfig = {
  role: 'lns',
  hostName: 'router',
  framingCapabilities: 3,
  receiveWindowSize: 4,
  helloSeconds: 60,
  retransmission,
  maximumTunnels: 4,
};

/** For tests: an engine at the end of a simulated wire, with everything that it told. */
export class Station implements Timed {
  readonly engine: L2tpEngine;
  readonly facts: Fact[] = [];
  readonly frames: { session: L2tpSessionKey; frame: Uint8Array }[] = [];
  readonly ups: { session: L2tpSessionKey; peer: L2tpPeer }[] = [];
  readonly downs: string[] = [];
  readonly sent: Uint8Array[] = [];
  /** Changes what goes out: for stations that are broken on purpose. */
  corrupt = (message: Uint8Array): Uint8Array => message;
  onEffect: (effect: L2tpEffect) => void = () => {};
  #transmit: (message: Uint8Array, peer: L2tpPeer) => void = () => {};

  constructor(config: L2tpConfig, seed: string) {
    this.engine = new L2tpEngine(config, seededRandom(seed));
  }

  deadline(): Instant | undefined {
    return this.engine.deadline();
  }

  tick(now: Instant): void {
    this.perform(this.engine.tick(now));
  }

  connect(transmit: (message: Uint8Array, peer: L2tpPeer) => void): void {
    this.#transmit = transmit;
  }

  perform(effects: readonly L2tpEffect[]): void {
    for (const effect of effects) {
      if (effect.effect === 'fact') this.facts.push(effect.fact);
      if (effect.effect === 'receive-ppp') this.frames.push(effect);
      if (effect.effect === 'session-up') this.ups.push(effect);
      if (effect.effect === 'session-down' || effect.effect === 'tunnel-down') {
        this.downs.push(`${effect.effect}: ${effect.detail}`);
      }
      if (effect.effect === 'send-l2tp') {
        const message = this.corrupt(effect.message);
        this.sent.push(message);
        this.#transmit(message, effect.peer);
      }
      this.onEffect(effect);
    }
  }

  /** `sent SCCRQ`, `received SCCRP` ... without ZLBs and repetitions. */
  get messages(): string[] {
    return this.facts.flatMap((fact) =>
      fact.fact === 'l2tp-message' && fact.message !== 'ZLB' && fact.transmission === 1
        ? [`${fact.direction} ${fact.message}`]
        : [],
    );
  }

  has(fact: Fact['fact']): boolean {
    return this.facts.some((each) => each.fact === fact);
  }
}

/** The LNS as the LAC sees it, and the LAC as the LNS does. */
export const lnsSeen: L2tpPeer = { path: 'sa', address: { ip: '198.18.0.1', port: 1701 } };
export const lacSeen: L2tpPeer = { path: 'sa', address: { ip: '198.18.1.2', port: 1701 } };

export interface Pair {
  readonly simulation: Simulation;
  readonly lac: Station;
  readonly lns: Station;
}

/** For tests: a LAC and an LNS on one simulated wire; the LAC has not dialled yet. */
export function pairOf(
  seed: number,
  impairment: Impairment,
  configs: { lac?: Partial<L2tpConfig>; lns?: Partial<L2tpConfig> } = {},
): Pair {
  const simulation = new Simulation(seed, impairment);
  const lac = new Station({ ...lacConfig, ...configs.lac }, `lac ${seed}`);
  const lns = new Station({ ...lnsConfig, ...configs.lns }, `lns ${seed}`);
  const to = (station: Station, peer: L2tpPeer) => (message: Uint8Array) =>
    simulation.carry(() => station.perform(station.engine.receive({ peer, message }, simulation.now)));
  lac.connect(to(lns, lacSeen));
  lns.connect(to(lac, lnsSeen));
  simulation.add(lac);
  simulation.add(lns);
  return { simulation, lac, lns };
}

/** The LAC dials; gives whether both ends have a session. */
export function connect({ simulation, lac, lns }: Pair): boolean {
  lac.perform(lac.engine.dial(lnsSeen, simulation.now));
  return simulation.run(() => lac.ups.length === 1 && lns.ups.length === 1, 120_000);
}

export function sessionOf(station: Station): L2tpSessionKey {
  const [up] = station.ups;
  if (up === undefined) throw new Error('no session');
  return up.session;
}
