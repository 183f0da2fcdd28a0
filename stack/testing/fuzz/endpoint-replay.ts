import type { Ipv4, UdpAddress } from '../../address.ts';
import { ClientEndpoint } from '../../endpoint/client.ts';
import type { EndpointEffect } from '../../endpoint/config.ts';
import { ResponderEndpoint } from '../../endpoint/responder.ts';
import type { RandomSource } from '../../engine.ts';
import { natTraversalPort } from '../../nat-traversal/datagram.ts';
import type { Scenario } from './scenarios.ts';
import { type ScriptStep, Step } from './script.ts';
import { FaultFound } from './target.ts';

/** Timers that run out at one instant: what an engine may have for each of its tables, and never more and more. */
const ticksAtOneInstant = 200;

/** What went in and out of an endpoint, in octets of UDP and ESP payload. */
export interface Traffic {
  datagrams: number;
  received: number;
  sent: number;
}

/** An endpoint alone, under a clock of its own, that lives through the steps of scripts. */
export class Replayed<Endpoint extends ClientEndpoint | ResponderEndpoint> {
  readonly endpoint: Endpoint;
  readonly #address: Ipv4;
  /** The peer of the recording, as this end saw it. */
  readonly #peer: Ipv4;
  readonly traffic: Traffic = { datagrams: 0, received: 0, sent: 0 };
  /** The link came up, at least once. */
  wasUp = false;
  now = 0;
  /** Told of everything that is sent. */
  sees: (payload: Uint8Array) => void = () => {};

  constructor(endpoint: Endpoint, address: Ipv4, peer: Ipv4) {
    this.endpoint = endpoint;
    this.#address = address;
    this.#peer = peer;
  }

  step({ step, sender, port, afterMs, octets }: ScriptStep): void {
    const kind = step % (Step.wait + 1);
    const inside = kind === Step.connect || kind === Step.sendIp || kind === Step.close;
    this.#advance(this.now + afterMs, inside);
    const { endpoint, now } = this;
    const peer = { ip: sender === 0 ? this.#peer : `198.18.66.${sender}`, port };
    switch (kind) {
      case Step.ike:
        return this.#datagram(500, peer, octets);
      case Step.natTraversal:
        return this.#datagram(natTraversalPort, peer, octets);
      case Step.l2tp:
        return this.#datagram(1701, peer, octets);
      case Step.esp:
        this.#arrived(octets);
        return this.#perform(
          endpoint.receiveEsp({ local: this.#address, peer: peer.ip, payload: octets }, now),
        );
      case Step.connect:
        if (endpoint instanceof ClientEndpoint) this.#perform(endpoint.connect(now));
        return;
      case Step.sendIp:
        return this.#perform(endpoint.sendIp(octets, now));
      case Step.close:
        return this.#perform(endpoint.close(now));
    }
  }

  /** Lets so many milliseconds pass. */
  pass(milliseconds: number): void {
    this.#advance(this.now + milliseconds, true);
  }

  /** Everything is taken down: nothing is alive and no timer runs, an hour after the end at the latest. */
  requireNothingLeft(): void {
    this.#perform(this.endpoint.close(this.now));
    this.pass(3_600_000);
    const left = Object.entries(this.endpoint.summary()).filter(([, count]) => count > 0);
    if (left.length > 0) {
      throw new FaultFound('grows', `left after the end: ${left.map((entry) => entry.join(' ')).join(', ')}`);
    }
    const deadline = this.endpoint.deadline();
    if (deadline !== undefined) throw new FaultFound('grows', 'a timer runs an hour after the end');
  }

  #datagram(localPort: number, peer: UdpAddress, payload: Uint8Array): void {
    this.#arrived(payload);
    const local = { ip: this.#address, port: localPort };
    this.#perform(this.endpoint.receiveUdp({ local, peer, payload }, this.now));
  }

  #arrived(octets: Uint8Array): void {
    this.traffic.datagrams++;
    this.traffic.received += octets.length;
  }

  #perform(effects: readonly EndpointEffect[]): void {
    for (const effect of effects) {
      if (effect.effect === 'send-udp' || effect.effect === 'send-esp') {
        this.traffic.sent += effect.payload.length;
        this.sees(effect.payload);
      }
      if (effect.effect === 'link-up') this.wasUp = true;
    }
  }

  /** Timers run out up to `instant`; those due right then only where what follows comes from inside. */
  #advance(instant: number, inclusive: boolean): void {
    let ticks = 0;
    for (;;) {
      const deadline = this.endpoint.deadline();
      if (deadline === undefined || deadline > instant || (deadline === instant && !inclusive)) break;
      ticks = deadline > this.now ? 0 : ticks + 1;
      if (ticks > ticksAtOneInstant)
        throw new FaultFound('hangs', `its time does not get past ${this.now} ms`);
      this.now = Math.max(this.now, deadline);
      this.#perform(this.endpoint.tick(this.now));
    }
    this.now = Math.max(this.now, instant);
  }
}

export function replayedClient({ client }: Scenario, random: RandomSource): Replayed<ClientEndpoint> {
  return new Replayed(new ClientEndpoint(client, random), client.localAddress, client.dial);
}

export function replayedResponder(
  { way, client, responder }: Scenario,
  random: RandomSource,
): Replayed<ResponderEndpoint> {
  const endpoint = new ResponderEndpoint(responder, random);
  return new Replayed(endpoint, responder.localAddress, way.clientNat ?? client.localAddress);
}
