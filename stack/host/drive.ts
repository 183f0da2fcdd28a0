import type { Ipv4, UdpAddress } from '../address.ts';
import type { EndpointEffect } from '../endpoint/config.ts';
import type { Engine, Instant } from '../engine.ts';
import { monotonicNow } from './clock.ts';

/** What an endpoint has beside its role's own actions. */
export interface DrivenEndpoint extends Engine<EndpointEffect> {
  receiveUdp(
    datagram: { local: UdpAddress; peer: UdpAddress; payload: Uint8Array },
    now: Instant,
  ): EndpointEffect[];
  /** `payload` is that of IP protocol 50. */
  receiveEsp(packet: { local: Ipv4; peer: Ipv4; payload: Uint8Array }, now: Instant): EndpointEffect[];
  /** An IP packet that the machine routed into the tunnel. */
  sendIp(packet: Uint8Array, now: Instant): EndpointEffect[];
}

type FactEffect = Extract<EndpointEffect, { effect: 'fact' }>;
export type LinkEffect = Extract<EndpointEffect, { effect: 'link-up' | 'link-down' }>;
type SendUdp = Extract<EndpointEffect, { effect: 'send-udp' }>;
type SendEsp = Extract<EndpointEffect, { effect: 'send-esp' }>;

/** Where effects go. A send or delivery that fails returns why, in words; a lost packet is no failure of the loop. */
export interface Wires {
  sendUdp(datagram: SendUdp): string | undefined;
  sendEsp(packet: SendEsp): string | undefined;
  deliverIp(packet: Uint8Array): string | undefined;
  /** Resolves when the tun device has the link's address; rejects where that cannot be. */
  changeLink(change: LinkEffect): Promise<void>;
}

export interface DriveListener {
  onFact(at: Instant, told: FactEffect): void;
  /** After the tun device was changed. */
  onLink(at: Instant, change: LinkEffect): void;
  /** The endpoint can no longer work on this machine; the owner should close it. */
  onFailure(error: Error): void;
}

export interface Drive {
  /** Lets the endpoint act at the present instant and applies what it says. */
  run(action: (now: Instant) => EndpointEffect[]): void;
  /** Reports a loss on the machine's side as a `warning` fact, each text once. */
  warn(detail: string): void;
  /** Resolves when no link change is under way: the address of every link is there or gone. */
  linksSettled(): Promise<void>;
  /** Stops the timer; effects of later actions go nowhere. Resolves when no link change is under way. */
  close(): Promise<void>;
}

/** Packets that wait for an address; more than this arrived too early and are lost. */
const maximumWaiting = 1000;
/** Distinct warnings reported, so that a broken machine does not flood the record. */
const maximumWarnings = 50;
/** Node's timers hold 31 bits. */
const longestTimer = 0x7fffffff;

/**
 * The loop around an endpoint: feeds it, applies its effects in order and keeps one timer for its
 * deadline. Sending and facts happen at once. Link changes take a while, so they and the packets for
 * the tun device form a queue of their own, in order.
 */
export function drive(endpoint: Engine<EndpointEffect>, wires: Wires, listener: DriveListener): Drive {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let armedFor: Instant | undefined;
  let tunWork: Promise<void> | undefined;
  const waiting: (LinkEffect | { effect: 'deliver-ip'; packet: Uint8Array })[] = [];
  const warned = new Set<string>();

  function run(action: (now: Instant) => EndpointEffect[]): void {
    if (closed) return;
    for (const effect of action(monotonicNow())) apply(effect);
    arm();
  }

  function apply(effect: EndpointEffect): void {
    switch (effect.effect) {
      case 'send-udp':
        warn(wires.sendUdp(effect));
        break;
      case 'send-esp':
        warn(wires.sendEsp(effect));
        break;
      case 'fact':
        listener.onFact(monotonicNow(), effect);
        break;
      case 'deliver-ip':
        if (tunWork === undefined) warn(wires.deliverIp(effect.packet));
        else if (waiting.length < maximumWaiting) waiting.push(effect);
        else warn('packets were lost that came before their link was up');
        break;
      case 'link-up':
      case 'link-down':
        waiting.push(effect);
        tunWork ??= workOnTun();
    }
  }

  async function workOnTun(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined && !closed; next = waiting.shift()) {
      if (next.effect === 'deliver-ip') warn(wires.deliverIp(next.packet));
      else await changeLink(next);
    }
    tunWork = undefined;
  }

  async function changeLink(change: LinkEffect): Promise<void> {
    const failure = await wires.changeLink(change).then(
      () => undefined,
      (error: Error) => error,
    );
    if (closed) return;
    if (failure === undefined) listener.onLink(monotonicNow(), change);
    else listener.onFailure(failure);
  }

  function arm(): void {
    const deadline = endpoint.deadline();
    if (deadline === armedFor) return;
    clearTimeout(timer);
    armedFor = deadline;
    if (deadline === undefined) return;
    const wait = Math.min(Math.max(0, Math.ceil(deadline - monotonicNow())), longestTimer);
    timer = setTimeout(() => {
      armedFor = undefined;
      run((now) => endpoint.tick(now));
    }, wait);
  }

  function warn(detail: string | undefined): void {
    if (detail === undefined || closed || warned.has(detail) || warned.size >= maximumWarnings) return;
    warned.add(detail);
    listener.onFact(monotonicNow(), { effect: 'fact', peer: undefined, fact: { fact: 'warning', detail } });
  }

  arm();
  return {
    run,
    warn,
    async linksSettled() {
      await tunWork;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await tunWork;
    },
  };
}
