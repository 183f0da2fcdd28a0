import { earliest } from '../deadline.ts';
import type { Engine, Instant, RandomSource } from '../engine.ts';
import { dropped, onPath, told } from '../fact.ts';
import { attribute } from './attribute.ts';
import type { ResultCode } from './attribute-format.ts';
import { stopAvps } from './avp-lists.ts';
import type { L2tpConfig, L2tpEffect, L2tpPeer, L2tpSessionKey } from './config.ts';
import { objectionToStart } from './handshake.ts';
import { type ControlPacket, decodePacket, encodeControlPacket, hasFurtherBits } from './header.ts';
import { type ControlMessage, decodeMessage, ErrorCode, unreadable } from './message.ts';
import { MessageWriter } from './message-writer.ts';
import { endedFact, resultText, StopResult } from './result-code.ts';
import { stayingTunnel } from './tie-breaker.ts';
import { Tunnel } from './tunnel.ts';
import { TunnelTable } from './tunnel-table.ts';

/**
 * L2TP over UDP (RFC 2661), as LAC or LNS, for any number of tunnels.
 *
 * A tunnel belongs to the path its first message came by: a datagram for it by another path is
 * dropped, so that clients with equal addresses and tunnel ids never mix (rule MULTI-6). Within a
 * path, replies follow the address last seen.
 *
 * Requests that are refused leave no state behind: the StopCCN is built from the request alone, and
 * a repeated request gets it again.
 */
export class L2tpEngine implements Engine<L2tpEffect> {
  readonly #config: L2tpConfig;
  readonly #random: RandomSource;
  readonly #writer: MessageWriter;
  readonly #tunnels: TunnelTable;

  /** Throws `TypeError` for settings that contradict themselves. */
  constructor(config: L2tpConfig, random: RandomSource) {
    this.#config = config;
    this.#random = random;
    this.#writer = new MessageWriter(config, random);
    this.#tunnels = new TunnelTable(config.maximumTunnels, random);
  }

  /**
   * Opens a tunnel. A LAC's one session follows in it, and `session-up` or `tunnel-down`; an LNS waits for calls
   * there. A LAC that wants a single tunnel (`tieBreaker`) calls in one that the peer has opened already.
   */
  dial(peer: L2tpPeer, now: Instant): L2tpEffect[] {
    const calls = this.#config.role === 'lac';
    const standing = this.#sendsTieBreaker() ? this.#tunnels.between(peer, 'peer') : undefined;
    if (standing !== undefined) return calls ? standing.call(now) : [];
    const localId = this.#config.countsTunnels ? this.#tunnels.nextId() : this.#tunnels.pickId();
    const tunnel = this.#newTunnel('local', localId, peer, now);
    const wanted = calls ? tunnel.call(now) : [];
    return [...wanted, ...tunnel.open(now)];
  }

  /** Takes the payload of one UDP datagram. */
  receive(datagram: { peer: L2tpPeer; message: Uint8Array }, now: Instant): L2tpEffect[] {
    return onPath(datagram.peer.path, this.#receive(datagram.peer, datagram.message, now));
  }

  #receive(peer: L2tpPeer, octets: Uint8Array, now: Instant): L2tpEffect[] {
    if (this.#config.strictHeader && hasFurtherBits(octets)) {
      return dropped('malformed', 'L2TP Flags: bits beside T, L and S, which this end does not take');
    }
    const packet = decodePacket(octets);
    if (!packet.ok) return dropped('malformed', `L2TP ${packet.error.field}: ${packet.error.detail}`);
    const tunnel = this.#tunnels.get(packet.value.tunnelId);
    const known = tunnel?.peer.path === peer.path ? tunnel : undefined;
    if (packet.value.type === 'data') {
      if (known === undefined) return dropped('unexpected', `data for tunnel ${packet.value.tunnelId}`);
      return known.receiveData(packet.value, peer, now);
    }
    const effects = this.#receiveControl(packet.value, known, peer, now);
    this.#tunnels.forget();
    return effects;
  }

  /** A data message with `frame`, which must fit a datagram; nothing when the session is not up. */
  sendPpp(session: L2tpSessionKey, frame: Uint8Array): L2tpEffect[] {
    const tunnel = this.#tunnels.get(session.tunnelId);
    const message = tunnel?.data?.wrap(session.sessionId, frame);
    return tunnel && message ? [{ effect: 'send-l2tp', peer: tunnel.peer, message }] : [];
  }

  /** LNS: numbers the data messages of a session from now on, or stops to; its LAC follows (RFC 2661 5.4). */
  sequenceData(session: L2tpSessionKey, enabled: boolean): void {
    this.#tunnels.get(session.tunnelId)?.data?.sequence(session.sessionId, enabled);
  }

  /** CDN; a LAC sends StopCCN after its tunnel's last session. Settings may have it otherwise (`teardown`). */
  closeSession(session: L2tpSessionKey, detail: string, now: Instant): L2tpEffect[] {
    const effects = this.#tunnels.get(session.tunnelId)?.closeSession(session.sessionId, detail, now) ?? [];
    this.#tunnels.forget();
    return effects;
  }

  /** Closes every session and tunnel; `tunnel-down` follows for each when it is acknowledged or given up. */
  close(now: Instant): L2tpEffect[] {
    const effects = this.#tunnels.all.flatMap((tunnel) => tunnel.close('closed', now));
    this.#tunnels.forget();
    return effects;
  }

  /** What carried these tunnels is gone: they end without a word to the peer. */
  pathGone(path: string, _now: Instant): L2tpEffect[] {
    const carried = this.#tunnels.all.filter((tunnel) => tunnel.peer.path === path);
    const effects = carried.flatMap((tunnel) => tunnel.drop({ by: 'local', detail: `path ${path} is gone` }));
    this.#tunnels.forget();
    return effects;
  }

  /** Tunnels that are up or being set up or cleared, and established sessions. What lingers does not count. */
  summary(): { tunnels: number; sessions: number } {
    const live = this.#tunnels.live;
    return { tunnels: live.length, sessions: live.reduce((sum, tunnel) => sum + tunnel.sessionCount, 0) };
  }

  /** Everything that is held in memory for peers, what lingers included: no peer can make it more than settings allow. */
  load(): { tunnels: number; sessions: number; unacknowledged: number; early: number } {
    const loads = this.#tunnels.all.map(({ load }) => load);
    const sum = (of: (load: Tunnel['load']) => number) => loads.reduce((total, each) => total + of(each), 0);
    return {
      tunnels: loads.length,
      sessions: sum((load) => load.sessions),
      unacknowledged: sum((load) => load.unacknowledged),
      early: sum((load) => load.early),
    };
  }

  deadline(): Instant | undefined {
    return earliest(this.#tunnels.all.map((tunnel) => tunnel.deadline()));
  }

  tick(now: Instant): L2tpEffect[] {
    const effects = this.#tunnels.all.flatMap((tunnel) => {
      const deadline = tunnel.deadline();
      return deadline !== undefined && now >= deadline ? tunnel.tick(now) : [];
    });
    this.#tunnels.forget();
    return effects;
  }

  #receiveControl(
    packet: ControlPacket,
    known: Tunnel | undefined,
    peer: L2tpPeer,
    now: Instant,
  ): L2tpEffect[] {
    if (packet.body.length === 0) {
      return (
        known?.receiveControl(packet, undefined, peer, now) ?? dropped('unexpected', 'ZLB for no tunnel')
      );
    }
    // A message may be held until those before it come: not in a buffer that is the caller's.
    const message = decodeMessage(packet.body.slice(), this.#config.tunnelSecret);
    if (!message.ok) {
      const drop = dropped('malformed', `L2TP ${message.error.field}: ${message.error.detail}`);
      if (known === undefined) return drop;
      return [...drop, ...known.receiveControl(packet, unreadable(message.error), peer, now)];
    }
    const isRequest = message.value.name === 'SCCRQ' && packet.tunnelId === 0 && packet.ns === 0;
    const tunnel = known ?? this.#tunnels.namedByPeer(message.value, packet, peer);
    // Who counts tunnels asks for the first one again after each start, and a repetition comes by the same SA.
    const beganAnew = isRequest && tunnel !== undefined && tunnel.peer.spi !== peer.spi;
    if (tunnel !== undefined && !beganAnew) return tunnel.receiveControl(packet, message.value, peer, now);
    if (isRequest) {
      const over = tunnel?.drop({ by: 'peer', detail: 'the peer began anew' }) ?? [];
      return [...over, ...this.#requested(packet, message.value, peer, now)];
    }
    // RFC 2661 7.2.1: an SCCRP in state idle is answered with StopCCN.
    if (message.value.name === 'SCCRP') {
      const code = { result: StopResult.generalRequest };
      return this.#refuse(packet, message.value, peer, packet.tunnelId, code);
    }
    return dropped('unexpected', `${message.value.name} for tunnel ${packet.tunnelId}`);
  }

  #requested(packet: ControlPacket, message: ControlMessage, peer: L2tpPeer, now: Instant): L2tpEffect[] {
    const code = this.#objectionTo(message);
    if (code !== undefined) return this.#refuse(packet, message, peer, this.#tunnels.pickId(), code);
    const own = this.#config.tieBreaker === 'ignored' ? undefined : this.#tunnels.between(peer, 'local');
    const accept = () =>
      this.#newTunnel('peer', this.#tunnels.pickId(), peer, now).receiveControl(packet, message, peer, now);
    if (own === undefined) return accept();
    const stays = stayingTunnel(own.tieBreaker, attribute.tieBreaker.in(message.avps));
    // A peer that lost sends its SCCRQ on until it has this end's.
    if (stays === 'own') return dropped('unexpected', 'SCCRQ that loses the tie');
    if (!own.outstanding || stays === 'both') return accept();
    if (stays === 'none') {
      return own.drop({ by: 'local', detail: 'both ends asked with equal tie breakers', failure: 'refused' });
    }
    // RFC 2661 7.2.1: what waits for the losing tunnel waits for the winning one.
    const { wantsCall } = own;
    own.discard();
    const tunnel = this.#newTunnel('peer', this.#tunnels.pickId(), peer, now);
    const wanted = wantsCall ? tunnel.call(now) : [];
    return [...wanted, ...tunnel.receiveControl(packet, message, peer, now)];
  }

  #sendsTieBreaker(): boolean {
    return this.#config.tieBreaker !== undefined && this.#config.tieBreaker !== 'ignored';
  }

  #objectionTo(message: ControlMessage): ResultCode | undefined {
    const { role, answersTunnels, maximumTunnels } = this.#config;
    if (role !== 'lns' && !answersTunnels) return { result: StopResult.notAuthorized };
    const code = objectionToStart(message, this.#config);
    if (code !== undefined || this.#tunnels.live.length < maximumTunnels) return code;
    return { result: StopResult.generalError, error: ErrorCode.noResources, message: 'no tunnel is free' };
  }

  /** A StopCCN without a tunnel of its own: the numbers that the peer expects next are those of its own message. */
  #refuse(
    packet: ControlPacket,
    message: ControlMessage,
    peer: L2tpPeer,
    localId: number,
    code: ResultCode,
  ): L2tpEffect[] {
    const detail = resultText('StopCCN', code);
    const stop = encodeControlPacket({
      tunnelId: attribute.assignedTunnelId.in(message.avps) ?? 0,
      sessionId: 0,
      ns: packet.nr,
      nr: (packet.ns + 1) & 0xffff,
      body: this.#writer.body('StopCCN', stopAvps(this.#config, localId, code)),
    });
    const received = message.name ?? 'message';
    return [
      ...told({ fact: 'l2tp-message', direction: 'received', message: received, transmission: 1 }),
      { effect: 'send-l2tp', peer, message: stop },
      ...told(
        { fact: 'l2tp-message', direction: 'sent', message: 'StopCCN', transmission: 1 },
        endedFact('sent', 'StopCCN', code),
        { fact: 'l2tp-failed', reason: 'refused', detail },
      ),
    ];
  }

  #newTunnel(originator: 'local' | 'peer', localId: number, peer: L2tpPeer, now: Instant): Tunnel {
    const tunnel = new Tunnel({
      config: this.#config,
      writer: this.#writer,
      random: this.#random,
      pickSessionId: (taken) => this.#tunnels.randomId(taken),
      localId,
      originator,
      peer,
      now,
    });
    this.#tunnels.add(tunnel);
    return tunnel;
  }
}
