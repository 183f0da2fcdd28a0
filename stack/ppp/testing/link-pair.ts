import type { Instant } from '../../engine.ts';
import type { Fact } from '../../fact.ts';
import { seededRandom } from '../../host/random.ts';
import { type Impairment, Simulation, type Timed } from '../../testing/simulation.ts';
import type { PppClientConfig, PppConfig, PppEffect, PppServerConfig } from '../config.ts';
import { PppEngine } from '../engine.ts';
import { decodeFrame } from '../frame.ts';
import { decodePacket, type Packet } from '../packet.ts';

/** For tests: RFC 1661 4.6's restart timer and Max-Configure. */
export const retransmission = { firstGapMs: 3000, backoff: 1, maximumGapMs: 3000, transmissions: 10 };

/** For tests: a client as Windows XP is, and a router as the AlliedWare How-To configures it. */
export const clientConfig: PppClientConfig = {
  role: 'client',
  user: 'alice',
  password: 'opensesame',
  accepts: ['ms-chap-v2', 'chap-md5'],
  requestsDns: true,
  identification: ['MSRASV5.10', 'MSRAS-0-CLIENT'],
  mru: 1400,
  echoSeconds: 0,
  echoFailures: 3,
  retransmission,
};

export const serverConfig: PppServerConfig = {
  role: 'server',
  name: 'router',
  authentication: ['chap-md5'],
  localAddress: '10.0.0.1',
  dns: ['10.0.0.53'],
  user: (name) => (name === 'alice' ? { password: 'opensesame' } : undefined),
  allocate: () => '10.0.0.9',
  mru: 1460,
  echoSeconds: 30,
  echoFailures: 3,
  retransmission,
};

/** For tests: an engine at the end of a simulated wire, with everything that it told. */
export class LinkEnd implements Timed {
  readonly engine: PppEngine;
  readonly facts: Fact[] = [];
  readonly packets: Uint8Array[] = [];
  readonly ups: Extract<PppEffect, { effect: 'link-up' }>[] = [];
  readonly downs: string[] = [];
  readonly sent: Uint8Array[] = [];
  /** Changes what goes out: for ends that are broken on purpose. */
  corrupt = (frame: Uint8Array): Uint8Array => frame;
  #transmit: (frame: Uint8Array) => void = () => {};

  constructor(config: PppConfig, seed: string) {
    this.engine = new PppEngine(config, seededRandom(seed));
  }

  deadline(): Instant | undefined {
    return this.engine.deadline();
  }

  tick(now: Instant): void {
    this.perform(this.engine.tick(now));
  }

  connect(transmit: (frame: Uint8Array) => void): void {
    this.#transmit = transmit;
  }

  perform(effects: readonly PppEffect[]): void {
    for (const effect of effects) {
      switch (effect.effect) {
        case 'fact':
          this.facts.push(effect.fact);
          break;
        case 'receive-ip':
          this.packets.push(effect.packet);
          break;
        case 'link-up':
          this.ups.push(effect);
          break;
        case 'link-down':
          this.downs.push(effect.detail);
          break;
        case 'send-ppp': {
          const frame = this.corrupt(effect.frame);
          this.sent.push(frame);
          this.#transmit(frame);
        }
      }
    }
  }

  get failure(): Extract<Fact, { fact: 'ppp-failed' }> | undefined {
    return this.facts.find((fact) => fact.fact === 'ppp-failed');
  }
}

export interface LinkPair {
  readonly simulation: Simulation;
  readonly client: LinkEnd;
  readonly server: LinkEnd;
}

/** For tests: both ends of a link on one simulated wire, not started yet. */
export function linkOf(
  seed: number,
  impairment: Impairment,
  configs: { client?: Partial<PppClientConfig>; server?: Partial<PppServerConfig> } = {},
): LinkPair {
  const simulation = new Simulation(seed, impairment);
  const client = new LinkEnd({ ...clientConfig, ...configs.client }, `client ${seed}`);
  const server = new LinkEnd({ ...serverConfig, ...configs.server }, `server ${seed}`);
  const to = (end: LinkEnd) => (frame: Uint8Array) =>
    simulation.carry(() => end.perform(end.engine.receive(frame, simulation.now)));
  client.connect(to(server));
  server.connect(to(client));
  simulation.add(client);
  simulation.add(server);
  return { simulation, client, server };
}

/** Starts both ends at once. */
export function start({ simulation, client, server }: LinkPair): void {
  client.perform(client.engine.start(simulation.now));
  server.perform(server.engine.start(simulation.now));
}

/** The same; gives whether both links came up. */
export function bringUp(pair: LinkPair, limit = 600_000): boolean {
  start(pair);
  return pair.simulation.run(() => pair.client.ups.length > 0 && pair.server.ups.length > 0, limit);
}

/** Runs until both links are down. */
export function comeDown({ simulation, client, server }: LinkPair): boolean {
  return simulation.run(() => client.downs.length > 0 && server.downs.length > 0, 900_000);
}

export function factNames(end: LinkEnd): string[] {
  return end.facts.map((fact) => fact.fact);
}

/** The negotiation packets that one end sent, with their protocol numbers. */
export function sentBy(end: LinkEnd): (Packet & { readonly protocol: number })[] {
  return end.sent.flatMap((bytes) => {
    const frame = decodeFrame(bytes);
    const packet = frame.ok ? decodePacket(frame.value.information) : undefined;
    if (!frame.ok || !packet?.ok) return [];
    return [{ protocol: frame.value.protocol, ...packet.value }];
  });
}
