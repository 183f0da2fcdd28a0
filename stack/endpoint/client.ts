import type { Ipv4, UdpAddress } from '../address.ts';
import { earliest } from '../deadline.ts';
import type { Engine, Instant, RandomSource } from '../engine.ts';
import type { Fact } from '../fact.ts';
import type { IkeEffect } from '../ike/effect.ts';
import { IkeEngine } from '../ike/engine.ts';
import { type Tampering, tamperingOf } from '../impairment/tampering.ts';
import { type L2tpEffect, type L2tpPeer, type L2tpSessionKey, l2tpPort } from '../l2tp/config.ts';
import { L2tpEngine } from '../l2tp/engine.ts';
import { ikePort, natTraversalPort } from '../nat-traversal/datagram.ts';
import type { PppEffect } from '../ppp/config.ts';
import { PppEngine } from '../ppp/engine.ts';
import type { ClientEndpointConfig, EndpointEffect } from './config.ts';
import { droppedFrom, EspTransport } from './esp-transport.ts';
import { ikeDatagram, receiveOnIkePort, type UdpDatagram } from './ike-datagrams.ts';
import type { ConnectionKeys, SaStatus } from './inspection.ts';
import { keyWarning } from './key-warning.ts';
import { applySaEffect } from './sa-effect.ts';

/**
 * An L2TP/IPsec client: phase 1, quick mode, then L2TP and PPP through the SA (RFC 3193). It has
 * one link at a time and does everything by itself after `connect`; `close` takes the link down in
 * the reverse order (PPP, L2TP, phase 2, phase 1).
 */
export class ClientEndpoint implements Engine<EndpointEffect> {
  readonly #config: ClientEndpointConfig;
  readonly #random: RandomSource;
  readonly #ike: IkeEngine;
  readonly #esp: EspTransport;
  readonly #l2tp: L2tpEngine;
  /** Of an end that misbehaves on request. */
  readonly #tampering: Tampering | undefined;
  #ppp: PppEngine | undefined;
  #session: L2tpSessionKey | undefined;
  #link: { readonly localAddress: Ipv4; readonly peerAddress: Ipv4 } | undefined;
  #path: string | undefined;
  /** Rule AssumeUDPEncapsulationContextOnSend refused, reading b: both phases complete, ESP never leaves. */
  #withholdsEsp = false;
  #phase: 'idle' | 'open' | 'closing-ppp' | 'closing-l2tp' | 'closed' = 'idle';

  constructor(config: ClientEndpointConfig, random: RandomSource) {
    this.#config = config;
    this.#random = random;
    this.#tampering = tamperingOf(config.impairment, 'client');
    this.#ike = new IkeEngine(this.#tampering?.ikeConfig(config.ike) ?? config.ike, random);
    this.#esp = new EspTransport('client', random, config.replayWindow, config.omitsUdpChecksums);
    this.#l2tp = new L2tpEngine(config.l2tp, random);
  }

  connect(now: Instant): EndpointEffect[] {
    const detail = this.#tampering?.cannotDial;
    if (detail !== undefined) {
      return [this.#fact({ fact: 'ike-failed', phase: 1, reason: 'not-dialled', detail }, undefined)];
    }
    this.#phase = 'open';
    if (this.#config.withoutIpsec) {
      return [this.#fact({ fact: 'without-ipsec' }, clearPath), ...this.#usable(clearPath, now)];
    }
    const local = { ip: this.#config.localAddress, port: ikePort };
    const dialled = this.#ike.connect(local, { ip: this.#config.dial, port: ikePort }, now);
    return [...this.#warnings(), ...this.#fromIke(dialled, now)];
  }

  close(now: Instant): EndpointEffect[] {
    if (this.#phase !== 'open') return [];
    if (this.#ppp !== undefined) {
      this.#phase = 'closing-ppp';
      return this.#fromPpp(this.#ppp.close('the user hung up', now), now);
    }
    return this.#closeL2tp(now);
  }

  receiveUdp(datagram: UdpDatagram, now: Instant): EndpointEffect[] {
    if (this.#tampering?.deaf) return [];
    const { local, peer } = datagram;
    if (this.#config.withoutIpsec) return this.#receiveClear(datagram, now);
    if (local.port !== ikePort && local.port !== natTraversalPort) {
      return [droppedFrom(peer, 'not-in-ipsec', `clear UDP ${local.port}`)];
    }
    return receiveOnIkePort(this.#ike, datagram, now, {
      ike: (effects) => this.#fromIke(effects, now),
      esp: (packet) => this.#receiveEsp(packet, local, peer, now),
    });
  }

  receiveEsp(
    packet: { readonly local: Ipv4; readonly peer: Ipv4; readonly payload: Uint8Array },
    now: Instant,
  ): EndpointEffect[] {
    if (this.#tampering?.deaf) return [];
    return this.#receiveEsp(packet.payload, { ip: packet.local, port: 0 }, { ip: packet.peer, port: 0 }, now);
  }

  /** An IP packet from the tun device; dropped silently while no link is up, as an interface that is down does. */
  sendIp(packet: Uint8Array, now: Instant): EndpointEffect[] {
    return this.#ppp === undefined ? [] : this.#fromPpp(this.#ppp.sendIp(packet), now);
  }

  deadline(): Instant | undefined {
    const engines = [this.#ike.deadline(), this.#l2tp.deadline(), this.#ppp?.deadline()];
    return earliest([...engines, this.#tampering?.deadline()]);
  }

  tick(now: Instant): EndpointEffect[] {
    const held = this.#tampering?.due(now) ?? { ike: [], l2tp: [] };
    const effects = this.#fromIke([...held.ike, ...this.#ike.tick(now)], now);
    effects.push(...this.#fromL2tp([...held.l2tp, ...this.#l2tp.tick(now)], now));
    if (this.#ppp !== undefined) effects.push(...this.#fromPpp(this.#ppp.tick(now), now));
    return effects;
  }

  /** What is alive, for "nothing is left" checks; a negotiation that never got anywhere is nothing. */
  summary(): { phase1: number; phase2: number; tunnels: number; sessions: number; links: number } {
    const { phase1 } = this.#ike.summary();
    return { phase1, phase2: this.#esp.size, ...this.#l2tp.summary(), links: this.#link ? 1 : 0 };
  }

  /** The SAs that are installed now. */
  securityAssociations(): readonly SaStatus[] {
    return this.#esp.status();
  }

  /** Secrets: see `ConnectionKeys`. */
  keys(): ConnectionKeys {
    return { ike: this.#ike.keys(), esp: this.#esp.keys() };
  }

  #receiveEsp(packet: Uint8Array, local: UdpAddress, from: UdpAddress, now: Instant): EndpointEffect[] {
    const { datagram, effects, strayed } = this.#esp.receive(packet, from);
    if (strayed !== undefined) {
      effects.push(...this.#fromIke(this.#ike.peerSeen(strayed, { local, peer: from }, now), now));
    }
    effects.push(...this.#fromIke(this.#ike.espTraffic(this.#esp.traffic(), undefined, now), now));
    if (datagram === undefined) return effects;
    if (datagram.destinationPort !== this.#config.l2tpPort) {
      return [...effects, droppedFrom(from, 'unexpected', `UDP ${datagram.destinationPort} inside ESP`)];
    }
    const { source: peer, payload: message } = datagram;
    return [...effects, ...this.#fromL2tp(this.#l2tp.receive({ peer, message }, now), now)];
  }

  #fromIke(effects: readonly IkeEffect[], now: Instant): EndpointEffect[] {
    const leaving = this.#tampering?.fromIke(effects, now, () => this.#ike.close(now)) ?? effects;
    return leaving.flatMap((effect): EndpointEffect[] => {
      switch (effect.effect) {
        case 'send-ike':
        case 'send-keepalive':
          return [ikeDatagram(effect)];
        case 'expect-sa':
        case 'install-sa':
        case 'remove-sa':
        case 'peer-moved':
          applySaEffect(this.#esp, effect);
          return [];
        case 'use-sa':
          applySaEffect(this.#esp, effect);
          return this.#usable(effect.path, now);
        case 'path-gone':
          return this.#fromL2tp(this.#l2tp.pathGone(effect.path, now), now);
        case 'fact':
          if (effect.fact.fact === 'nat-refused') this.#withholdsEsp = true;
          return [this.#fact(effect.fact, effect.path)];
      }
    });
  }

  /** The first pair of the connection may be used: L2TP begins. */
  #usable(path: string, now: Instant): EndpointEffect[] {
    const first = this.#path === undefined;
    this.#path = path;
    if (!first || this.#phase !== 'open') return [];
    const address = { ip: this.#config.dial, port: l2tpPort };
    return this.#fromL2tp(this.#l2tp.dial({ path, address }, now), now);
  }

  #fromL2tp(effects: readonly L2tpEffect[], now: Instant): EndpointEffect[] {
    const leaving = this.#tampering?.fromL2tp(effects, now) ?? effects;
    return leaving.flatMap((effect): EndpointEffect[] => {
      switch (effect.effect) {
        case 'send-l2tp':
          if (this.#withholdsEsp) return this.#withhold(now);
          return this.#sealed(effect.peer, effect.message, now);
        case 'session-up':
          this.#session = effect.session;
          this.#ppp = new PppEngine(this.#config.ppp, this.#random);
          return this.#fromPpp(this.#ppp.start(now), now);
        case 'session-down':
          this.#session = undefined;
          this.#ppp = undefined;
          return this.#linkDown(effect.detail);
        case 'tunnel-down':
          return this.#phase === 'closed' ? [] : this.#closeIke(now);
        case 'receive-ppp':
          return this.#ppp === undefined ? [] : this.#fromPpp(this.#ppp.receive(effect.frame, now), now);
        case 'fact':
          return [this.#fact(effect.fact, effect.path)];
      }
    });
  }

  #receiveClear({ local, peer: address, payload: message }: UdpDatagram, now: Instant): EndpointEffect[] {
    if (local.port !== this.#config.l2tpPort) {
      return [droppedFrom(address, 'unexpected', `UDP ${local.port} at a client without IPsec`)];
    }
    return this.#fromL2tp(this.#l2tp.receive({ peer: { path: clearPath, address }, message }, now), now);
  }

  #sealed({ path, address }: L2tpPeer, message: Uint8Array, now: Instant): EndpointEffect[] {
    if (this.#config.withoutIpsec) {
      const { localAddress: ip, l2tpPort: port } = this.#config;
      return [{ effect: 'send-udp', local: { ip, port }, peer: address, payload: message }];
    }
    const { effects, worn } = this.#esp.send(path, this.#config.l2tpPort, address.port, message);
    const sealed = this.#tampering?.fromEsp(effects) ?? effects;
    return [...sealed, ...this.#fromIke(this.#ike.espTraffic(this.#esp.traffic(), worn, now), now)];
  }

  #fromPpp(effects: readonly PppEffect[], now: Instant): EndpointEffect[] {
    return effects.flatMap((effect): EndpointEffect[] => {
      switch (effect.effect) {
        case 'send-ppp':
          if (this.#session === undefined) return [];
          return this.#fromL2tp(this.#l2tp.sendPpp(this.#session, effect.frame), now);
        case 'link-up': {
          const { localAddress, peerAddress, dns, mtu } = effect;
          this.#link = { localAddress, peerAddress };
          return [{ effect: 'link-up', link: 'l2tp', localAddress, peerAddress, dns, mtu }];
        }
        case 'link-down':
          this.#ppp = undefined;
          return [...this.#linkDown(effect.detail), ...this.#closeL2tp(now)];
        case 'receive-ip':
          // IPv6 may come once IPV6CP is open, whether IPCP is or not: without a link nothing is there to take it.
          return this.#link ? [{ effect: 'deliver-ip', packet: effect.packet }] : [];
        case 'fact':
          return [this.#fact(effect.fact, effect.path)];
      }
    });
  }

  #linkDown(detail: string): EndpointEffect[] {
    if (this.#link === undefined) return [];
    const link = this.#link;
    this.#link = undefined;
    return [{ effect: 'link-down', link: 'l2tp', ...link, detail }];
  }

  #closeL2tp(now: Instant): EndpointEffect[] {
    if (this.#phase === 'closing-l2tp' || this.#phase === 'closed') return [];
    this.#phase = 'closing-l2tp';
    const effects = this.#fromL2tp(this.#l2tp.close(now), now);
    // Without a tunnel there is nobody whose acknowledgement has to be awaited.
    return this.#l2tp.summary().tunnels === 0 ? [...effects, ...this.#closeIke(now)] : effects;
  }

  #closeIke(now: Instant): EndpointEffect[] {
    if (this.#phase === 'closed') return [];
    this.#phase = 'closed';
    return this.#fromIke(this.#ike.close(now), now);
  }

  /**
   * Windows Vista and later with rule 0 (field facts C2): phase 2 is there, no ESP is sent, and each
   * L2TP attempt starts a new quick mode and deletes the SA before it.
   */
  #withhold(now: Instant): EndpointEffect[] {
    const stale = this.#path === undefined ? undefined : this.#esp.newestSpi(this.#path);
    const effects: EndpointEffect[] = [
      this.#fact(
        { fact: 'esp-withheld', detail: 'the rule forbids ESP to a responder behind NAT' },
        this.#path,
      ),
      ...this.#fromIke(this.#ike.requestQuickMode(now), now),
    ];
    if (stale !== undefined) {
      this.#esp.remove(stale);
      effects.push(...this.#fromIke(this.#ike.removeSa(stale, now), now));
    }
    return effects;
  }

  #warnings(): EndpointEffect[] {
    const detail = keyWarning(this.#config.ike.preSharedKey);
    return detail === undefined ? [] : [this.#fact({ fact: 'warning', detail }, undefined)];
  }

  #fact(fact: Fact, path: string | undefined): EndpointEffect {
    const peer = { ip: this.#config.dial, port: ikePort };
    return { effect: 'fact', ...(path !== undefined && { path }), peer, fact };
  }
}

/** In the place of the path of an SA where there is none. */
const clearPath = 'in the clear';
