import type { Ipv4, UdpAddress } from '../../../../stack/address.ts';
import { ClientEndpoint } from '../../../../stack/endpoint/client.ts';
import type { EndpointEffect } from '../../../../stack/endpoint/config.ts';
import type { ConnectionKeys, SaStatus } from '../../../../stack/endpoint/inspection.ts';
import { ResponderEndpoint } from '../../../../stack/endpoint/responder.ts';
import type { Instant, RandomSource } from '../../../../stack/engine.ts';
import type { AliveCounts, EndpointSettings } from './protocol.ts';

/** An endpoint that tells when nothing is alive in it any more. */
export class SettledEndpoint {
  readonly #endpoint: ClientEndpoint | ResponderEndpoint;
  #waiting: (() => void)[] = [];

  constructor(settings: EndpointSettings, random: RandomSource) {
    const { endpoint } = settings;
    this.#endpoint =
      endpoint.role === 'client'
        ? new ClientEndpoint(endpoint, random)
        : new ResponderEndpoint(endpoint, random);
  }

  alive(): AliveCounts {
    return this.#endpoint.summary();
  }

  securityAssociations(): readonly SaStatus[] {
    return this.#endpoint.securityAssociations();
  }

  keys(): ConnectionKeys {
    return this.#endpoint.keys();
  }

  /** Resolves as soon as every count of `alive` is zero; at once when it is so now. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#look([]);
    });
  }

  connect(now: Instant): EndpointEffect[] {
    // A responder dials nobody.
    return this.#endpoint instanceof ClientEndpoint ? this.#look(this.#endpoint.connect(now)) : [];
  }

  close(now: Instant): EndpointEffect[] {
    return this.#look(this.#endpoint.close(now));
  }

  receiveUdp(
    datagram: { readonly local: UdpAddress; readonly peer: UdpAddress; readonly payload: Uint8Array },
    now: Instant,
  ): EndpointEffect[] {
    return this.#look(this.#endpoint.receiveUdp(datagram, now));
  }

  receiveEsp(
    packet: { readonly local: Ipv4; readonly peer: Ipv4; readonly payload: Uint8Array },
    now: Instant,
  ): EndpointEffect[] {
    return this.#look(this.#endpoint.receiveEsp(packet, now));
  }

  sendIp(packet: Uint8Array, now: Instant): EndpointEffect[] {
    return this.#endpoint.sendIp(packet, now);
  }

  deadline(): Instant | undefined {
    return this.#endpoint.deadline();
  }

  tick(now: Instant): EndpointEffect[] {
    return this.#look(this.#endpoint.tick(now));
  }

  #look(effects: EndpointEffect[]): EndpointEffect[] {
    if (this.#waiting.length > 0 && Object.values(this.alive()).every((count) => count === 0)) {
      for (const resolve of this.#waiting) resolve();
      this.#waiting = [];
    }
    return effects;
  }
}
