import type { Ipv4, UdpAddress } from '../address.ts';
import { earliest } from '../deadline.ts';
import type { Engine, Instant, RandomSource } from '../engine.ts';
import type { Fact } from '../fact.ts';
import type { IkeEffect } from '../ike/effect.ts';
import { IkeEngine } from '../ike/engine.ts';
import { type Tampering, tamperingOf } from '../impairment/tampering.ts';
import { ipv4Addresses } from '../ip/ipv4.ts';
import { type L2tpEffect, type L2tpPeer, l2tpPort } from '../l2tp/config.ts';
import { L2tpEngine } from '../l2tp/engine.ts';
import type { PppEffect } from '../ppp/config.ts';
import { refusalOf } from './admission.ts';
import type { EndpointEffect, ResponderEndpointConfig } from './config.ts';
import { droppedFrom, EspTransport } from './esp-transport.ts';
import { ikeDatagram, receiveOnIkePort, type UdpDatagram } from './ike-datagrams.ts';
import type { ConnectionKeys, SaStatus } from './inspection.ts';
import { type Link, PppLinks } from './ppp-links.ts';
import { applySaEffect } from './sa-effect.ts';

/** An L2TP/IPsec responder for any number of clients, with the AlliedWare router's packet admission before it. */
export class ResponderEndpoint implements Engine<EndpointEffect> {
  readonly #config: ResponderEndpointConfig;
  readonly #ike: IkeEngine;
  readonly #esp: EspTransport;
  readonly #l2tp: L2tpEngine;
  /** Of an end that misbehaves on request. */
  readonly #tampering: Tampering | undefined;
  readonly #links: PppLinks;

  constructor(config: ResponderEndpointConfig, random: RandomSource) {
    this.#config = config;
    this.#tampering = tamperingOf(config.impairment, 'responder');
    this.#ike = new IkeEngine(this.#tampering?.ikeConfig(config.ike) ?? config.ike, random);
    this.#esp = new EspTransport('responder', random, config.replayWindow, config.omitsUdpChecksums);
    this.#l2tp = new L2tpEngine(config.l2tp, random);
    this.#links = new PppLinks(config, random);
  }

  receiveUdp(datagram: UdpDatagram, now: Instant): EndpointEffect[] {
    if (this.#tampering?.deaf) return [];
    const { local, peer } = datagram;
    const refusal = this.#refusal(local, false);
    if (refusal !== undefined) return [{ effect: 'fact', peer, fact: refusal }];
    if (local.port === l2tpPort) return this.#receiveClear(peer, datagram.payload, now);
    const effects = receiveOnIkePort(this.#ike, datagram, now, {
      ike: (fromIke) => this.#fromIke(fromIke, now),
      esp: (packet) => this.#receiveEsp(packet, local, peer, now),
    });
    return about(peer, effects);
  }

  receiveEsp(
    packet: { readonly local: Ipv4; readonly peer: Ipv4; readonly payload: Uint8Array },
    now: Instant,
  ): EndpointEffect[] {
    if (this.#tampering?.deaf) return [];
    const peer = { ip: packet.peer, port: 0 };
    return about(peer, this.#receiveEsp(packet.payload, { ip: packet.local, port: 0 }, peer, now));
  }

  /** An IP packet from the tun device goes to the client whose inner address it names. */
  sendIp(packet: Uint8Array, now: Instant): EndpointEffect[] {
    const destination = ipv4Addresses(packet)?.destination;
    if (destination === undefined) return [droppedFrom(undefined, 'malformed', 'IP packet cut short')];
    for (const link of this.#links.all) {
      if (link.up?.peerAddress === destination) return this.#fromPpp(link, link.ppp.sendIp(packet), now);
    }
    return [droppedFrom(undefined, 'unexpected', `no client has ${destination}`)];
  }

  /** Takes every link down without waiting for anybody: the router is switched off in an orderly way. */
  close(now: Instant): EndpointEffect[] {
    const links = this.#links.all;
    const effects = links.flatMap((link) =>
      this.#fromPpp(link, link.ppp.close('the router goes down', now), now),
    );
    effects.push(...this.#fromL2tp(this.#l2tp.close(now), now), ...this.#fromIke(this.#ike.close(now), now));
    return effects;
  }

  deadline(): Instant | undefined {
    const links = this.#links.all.map((link) => link.ppp.deadline());
    return earliest([this.#ike.deadline(), this.#l2tp.deadline(), this.#tampering?.deadline(), ...links]);
  }

  tick(now: Instant): EndpointEffect[] {
    const held = this.#tampering?.due(now) ?? { ike: [], l2tp: [] };
    const effects = this.#fromIke([...held.ike, ...this.#ike.tick(now)], now);
    effects.push(...this.#fromL2tp([...held.l2tp, ...this.#l2tp.tick(now)], now));
    for (const link of this.#links.all) effects.push(...this.#fromPpp(link, link.ppp.tick(now), now));
    return effects;
  }

  /** What is alive, for "nothing is left" checks; a negotiation that never got anywhere is nothing. */
  summary(): {
    phase1: number;
    phase2: number;
    tunnels: number;
    sessions: number;
    links: number;
    leases: number;
  } {
    const { phase1 } = this.#ike.summary();
    const { all, leases } = this.#links;
    return { phase1, phase2: this.#esp.size, ...this.#l2tp.summary(), links: all.length, leases };
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
    const { source: peer, destinationPort: port, payload: message } = datagram;
    const refusal = this.#refusal({ ip: local.ip, port }, true) ?? notL2tp(port);
    return refusal === undefined
      ? [...effects, ...this.#fromL2tp(this.#l2tp.receive({ peer, message }, now), now)]
      : [...effects, this.#told(peer.path, refusal)];
  }

  /** L2TP that the admission rules let in without IPsec: those of the How-To do not (`encap=ipsec`). */
  #receiveClear(address: UdpAddress, message: Uint8Array, now: Instant): EndpointEffect[] {
    const path = clearPath(address);
    const fact: EndpointEffect = { effect: 'fact', path, peer: address, fact: { fact: 'without-ipsec' } };
    return [fact, ...this.#fromL2tp(this.#l2tp.receive({ peer: { path, address }, message }, now), now)];
  }

  #refusal(local: UdpAddress, fromIpsec: boolean): Fact | undefined {
    const packet = { destination: local.ip, port: local.port, fromIpsec };
    return refusalOf(packet, this.#config.admission, this.#config.clearPolicies);
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
        case 'use-sa':
        case 'remove-sa':
        case 'peer-moved':
          applySaEffect(this.#esp, effect);
          return [];
        case 'path-gone':
          return this.#fromL2tp(this.#l2tp.pathGone(effect.path, now), now);
        case 'fact':
          return [this.#told(effect.path, effect.fact)];
      }
    });
  }

  #fromL2tp(effects: readonly L2tpEffect[], now: Instant): EndpointEffect[] {
    const leaving = this.#tampering?.fromL2tp(effects, now) ?? effects;
    return leaving.flatMap((effect): EndpointEffect[] => {
      switch (effect.effect) {
        case 'send-l2tp':
          return this.#sealed(effect.peer, effect.message, now);
        case 'session-up': {
          const link = this.#links.open(effect.session, effect.peer);
          return this.#fromPpp(link, link.ppp.start(now), now);
        }
        case 'session-down': {
          const link = this.#links.of(effect.session);
          return link === undefined ? [] : this.#forget(link, effect.detail);
        }
        case 'tunnel-down':
          return [];
        case 'receive-ppp': {
          const link = this.#links.of(effect.session);
          return link === undefined ? [] : this.#fromPpp(link, link.ppp.receive(effect.frame, now), now);
        }
        case 'fact':
          return [this.#told(effect.path, effect.fact)];
      }
    });
  }

  #sealed({ path, address }: L2tpPeer, message: Uint8Array, now: Instant): EndpointEffect[] {
    if (path === clearPath(address)) {
      const local = { ip: this.#config.localAddress, port: l2tpPort };
      return [{ effect: 'send-udp', local, peer: address, payload: message }];
    }
    const { effects, worn } = this.#esp.send(path, l2tpPort, address.port, message);
    const sealed = this.#tampering?.fromEsp(effects) ?? effects;
    return [...sealed, ...this.#fromIke(this.#ike.espTraffic(this.#esp.traffic(), worn, now), now)];
  }

  #fromPpp(link: Link, effects: readonly PppEffect[], now: Instant): EndpointEffect[] {
    return [...this.#endReplaced(now), ...this.#ofLink(link, effects, now)];
  }

  #ofLink(link: Link, effects: readonly PppEffect[], now: Instant): EndpointEffect[] {
    return effects.flatMap((effect): EndpointEffect[] => {
      switch (effect.effect) {
        case 'send-ppp':
          return this.#fromL2tp(this.#l2tp.sendPpp(link.session, effect.frame), now);
        case 'link-up': {
          const { localAddress, peerAddress, dns, mtu } = effect;
          link.up = { localAddress, peerAddress };
          return [{ effect: 'link-up', link: link.name, localAddress, peerAddress, dns, mtu }];
        }
        case 'link-down':
          return [
            ...this.#forget(link, effect.detail),
            ...this.#fromL2tp(this.#l2tp.closeSession(link.session, effect.detail, now), now),
          ];
        case 'receive-ip':
          return this.#fromClient(link, effect.packet);
        case 'fact':
          return [this.#told(link.peer.path, effect.fact)];
      }
    });
  }

  /** Only packets from the address that IPCP gave the client go on: nobody speaks for another client. */
  #fromClient(link: Link, packet: Uint8Array): EndpointEffect[] {
    const source = ipv4Addresses(packet)?.source;
    if (source !== undefined && source === link.up?.peerAddress) return [{ effect: 'deliver-ip', packet }];
    const detail = `a packet from ${source ?? 'nowhere'} on link ${link.name}`;
    return [this.#told(link.peer.path, { fact: 'packet-dropped', reason: 'unexpected', detail })];
  }

  #told(path: string | undefined, fact: Fact): EndpointEffect {
    if (path === undefined) return { effect: 'fact', peer: undefined, fact };
    return { effect: 'fact', path, peer: this.#ike.peerOnPath(path), fact };
  }

  /** Links that lost their user to a later one. They are down before that one's is up: both may have the same address. */
  #endReplaced(now: Instant): EndpointEffect[] {
    const detail = 'the same user has come in again';
    return this.#links.takeReplaced().flatMap((link): EndpointEffect[] => {
      const { up } = link;
      link.up = undefined;
      const down: EndpointEffect[] = up ? [{ effect: 'link-down', link: link.name, ...up, detail }] : [];
      return [...down, ...this.#ofLink(link, link.ppp.close(detail, now), now)];
    });
  }

  #forget(link: Link, detail: string): EndpointEffect[] {
    this.#links.forget(link);
    return link.up === undefined ? [] : [{ effect: 'link-down', link: link.name, ...link.up, detail }];
  }
}

function notL2tp(port: number): Fact | undefined {
  if (port === l2tpPort) return undefined;
  return { fact: 'packet-dropped', reason: 'unexpected', detail: `UDP ${port} inside ESP` };
}

/** In the place of the path of an SA where there is none: who has another port is another client. */
function clearPath({ ip, port }: UdpAddress): string {
  return `in the clear from ${ip}:${port}`;
}

/** Facts that an engine could not lay to anybody's door belong to the peer whose packet was being handled. */
function about(peer: UdpAddress, effects: EndpointEffect[]): EndpointEffect[] {
  return effects.map((effect) =>
    effect.effect === 'fact' && effect.peer === undefined ? { ...effect, peer } : effect,
  );
}
