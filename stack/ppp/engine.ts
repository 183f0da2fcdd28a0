import { earliest } from '../deadline.ts';
import type { Engine, Instant, RandomSource } from '../engine.ts';
import { dropped, type Fact, type PppFailure, told } from '../fact.ts';
import { wholeInterval } from '../retransmission.ts';
import type { PacketSink } from './automaton.ts';
import { ChapAuthenticator, type ChapEnd, ChapPeer, type ChapStep } from './chap.ts';
import type { PppConfig, PppEffect } from './config.ts';
import { decodeFrame, encodeFrame, PppProtocol } from './frame.ts';
import type { IpcpResult } from './ipcp.ts';
import { LinkControl } from './link-control.ts';
import { terminateText } from './maintenance.ts';
import { NetworkControl } from './network-control.ts';
import { decodePacket, type Packet, PacketCode } from './packet.ts';

/** Whole retransmission intervals that a link may take to come up: some for each of LCP, CHAP and IPCP. */
const patience = 6;

/** RFC 1661 3.2 without its dead and terminate phases: the layer that is being opened, or was last. */
type Phase = 'lcp' | 'auth' | 'ipcp';

/**
 * One PPP link (RFC 1661), client or server: LCP, then CHAP, then IPCP.
 *
 * `link-up` comes when IPCP opens; again, with no `link-down` between, when the peer renegotiates.
 * `link-down` comes exactly once, at the end, whether the link was up or not; after it the engine
 * only acknowledges repeated Terminate-Requests. Before it comes the fact `ppp-failed` (the link never
 * got up) or `closed`.
 */
export class PppEngine implements Engine<PppEffect> {
  readonly #config: PppConfig;
  readonly #random: RandomSource;
  readonly #sink: PacketSink;
  readonly #lcp: LinkControl;
  #chap: ChapEnd | undefined;
  readonly #ipcp: NetworkControl;
  #phase: Phase = 'lcp';
  #user: string | undefined;
  #wasUp = false;
  #identifier = 0;
  /** When a link that is not up is given up, however busy its negotiation (RFC 1661 4.5). */
  #patienceUntil: Instant | undefined;
  /** Why the link is ending; the first reason counts. */
  #ending: string | undefined;
  #started = false;
  #ended = false;
  #effects: PppEffect[] = [];

  constructor(config: PppConfig, random: RandomSource) {
    this.#config = config;
    this.#random = random;
    this.#sink = {
      send: (protocol, packet) =>
        this.#effects.push({ effect: 'send-ppp', frame: encodeFrame(protocol, packet) }),
      nextIdentifier: () => this.#nextIdentifier(),
    };
    this.#lcp = new LinkControl(
      config,
      random,
      {
        opened: (now) => this.#authenticate(now),
        lowered: () => this.#lowered(),
        finished: () => this.#lcpFinished(),
        disagreed: (now) => this.#lcpDisagreed(now),
        terminatedByPeer: (packet) => this.#terminatedByPeer(packet),
        protocolRejected: (protocol, now) => this.#protocolRejected(protocol, now),
        rejectedForGood: (detail) => this.#endedBy('peer', 'option-refused', detail),
        dead: (now) => this.#dead(now),
      },
      this.#sink,
    );
    this.#ipcp = new NetworkControl(
      config,
      {
        opened: (result) => this.#ipcpUp(result),
        failed: (reason, detail, now) => this.#fail('ipcp', reason, detail, now),
      },
      this.#sink,
    );
  }

  /** Sends the first Configure-Request. What came before it was dropped. */
  start(now: Instant): PppEffect[] {
    if (this.#started || this.#ended) return [];
    this.#started = true;
    this.#patienceUntil = now + patience * wholeInterval(this.#config.retransmission);
    this.#lcp.start(now);
    return this.#drain();
  }

  /** Takes one frame from the peer. What is malformed is dropped and told as a fact. */
  receive(bytes: Uint8Array, now: Instant): PppEffect[] {
    if (!this.#started) return [];
    const frame = decodeFrame(bytes);
    if (!frame.ok) return dropped('malformed', `PPP ${frame.error.field}: ${frame.error.detail}`);
    const { protocol, information } = frame.value;
    if (protocol === PppProtocol.ip) {
      return this.#ipcp.isOpen ? [{ effect: 'receive-ip', packet: information }] : [];
    }
    if (protocol !== PppProtocol.lcp && protocol !== PppProtocol.chap && protocol !== PppProtocol.ipcp) {
      // RFC 1661 3.5: before the network phase other protocols are discarded.
      if (this.#phase === 'ipcp') this.#lcp.rejectProtocol(protocol, information);
      return this.#drain();
    }
    const packet = decodePacket(information);
    if (!packet.ok) return dropped('malformed', `PPP ${packet.error.field}: ${packet.error.detail}`);
    if (protocol === PppProtocol.lcp) this.#receiveLcp(packet.value, now);
    else if (protocol === PppProtocol.chap) this.#take(this.#chap?.receive(packet.value, now), now);
    else this.#receiveIpcp(packet.value, now);
    return this.#drain();
  }

  /** Frames an IP packet for the peer; nothing when the link is not up. */
  sendIp(packet: Uint8Array): PppEffect[] {
    return this.#ipcp.isOpen ? [{ effect: 'send-ppp', frame: encodeFrame(PppProtocol.ip, packet) }] : [];
  }

  /** Terminates LCP, and IPCP with it; `link-down` follows when that is acknowledged or timed out. */
  close(detail: string, now: Instant): PppEffect[] {
    if (this.#ended) return [];
    this.#tellEnd(detail, { fact: 'closed', layer: 'ppp', by: 'local', detail });
    if (!this.#lcp.close(detail, now)) this.#end();
    return this.#drain();
  }

  deadline(): Instant | undefined {
    if (this.#ended) return undefined;
    return earliest([this.#patienceUntil, this.#lcp.deadline, this.#chap?.deadline, this.#ipcp.deadline]);
  }

  tick(now: Instant): PppEffect[] {
    if (this.#ended) return [];
    if (this.#patienceUntil !== undefined && now >= this.#patienceUntil) {
      this.#patienceUntil = undefined;
      this.#fail(this.#phase, 'no-answer', 'the link did not come up in time', now);
    }
    this.#lcp.tick(now);
    this.#take(this.#chap?.tick(now), now);
    this.#ipcp.tick(now);
    return this.#drain();
  }

  // LCP

  #receiveLcp(packet: Packet, now: Instant): void {
    if (this.#ended) this.#lcp.acknowledgeTermination(packet);
    else this.#lcp.receive(packet, now);
    // The automaton has acknowledged it; nothing more can come of this link.
    if (packet.code === PacketCode.terminateRequest) this.#end();
  }

  #lowered(): void {
    this.#phase = 'lcp';
    this.#chap = undefined;
    this.#ipcp.stop();
  }

  #lcpFinished(): void {
    const { refusal } = this.#lcp.options;
    if (refusal === undefined) this.#failed('lcp', 'no-answer', 'the peer does not answer LCP');
    else this.#failed('lcp', 'auth-refused', refusal);
    this.#end();
  }

  #lcpDisagreed(now: Instant): void {
    const { refusal } = this.#lcp.options;
    if (refusal === undefined) this.#fail('lcp', 'option-refused', 'LCP does not converge', now);
    else this.#fail('lcp', 'auth-refused', refusal, now);
  }

  #terminatedByPeer(packet: Packet): void {
    const detail = `terminated by the peer${terminateText(packet.data)}`;
    const { refusal } = this.#lcp.options;
    if (this.#phase === 'lcp' && refusal !== undefined) this.#failed('lcp', 'auth-refused', refusal);
    // RFC 1994 4.2: the Failure may have been lost; the termination says the same.
    if (this.#phase === 'auth' && this.#config.role === 'client') this.#failed('auth', 'auth-failed', detail);
    this.#endedBy('peer', 'terminated', detail);
  }

  #protocolRejected(protocol: number, now: Instant): void {
    if (protocol === PppProtocol.chap && this.#phase === 'auth') {
      this.#fail('auth', 'auth-refused', 'the peer rejects CHAP', now);
    }
    if (protocol !== PppProtocol.ipcp || !this.#ipcp.running) return;
    this.#endedBy('peer', 'option-refused', 'the peer rejects IPCP');
    this.#lcp.close('IPCP was rejected', now);
  }

  /** One Terminate-Request, for a peer that is there after all; nobody waits for its answer. */
  #dead(now: Instant): void {
    const detail = `${this.#config.echoFailures} LCP echo requests stayed unanswered`;
    this.#endedBy('timeout', 'no-answer', detail);
    this.#lcp.close(detail, now);
    this.#end();
  }

  // Authentication

  #authenticate(now: Instant): void {
    const { demanded, given, mru } = this.#lcp.options;
    this.#fact({ fact: 'lcp-opened', authentication: demanded ?? given ?? 'none', mru });
    this.#phase = 'auth';
    if (this.#config.role === 'server' && demanded) {
      this.#chap = new ChapAuthenticator(this.#config, demanded, this.#nextIdentifier(), this.#random);
    } else if (this.#config.role === 'client' && given) {
      this.#chap = new ChapPeer(this.#config, given, this.#random);
    } else {
      this.#startNetwork(now);
    }
    this.#take(this.#chap?.start(now), now);
  }

  #take(step: ChapStep | undefined, now: Instant): void {
    if (step?.packet) this.#sink.send(PppProtocol.chap, step.packet);
    if (step?.outcome === undefined) return;
    const { outcome } = step;
    if (!outcome.authenticated) {
      this.#fail('auth', outcome.reason, outcome.detail, now);
    } else if (this.#phase === 'auth') {
      if (this.#user === undefined) this.#fact({ fact: 'ppp-authenticated', user: outcome.user });
      this.#user = outcome.user;
      this.#startNetwork(now);
    }
  }

  // IPCP

  #startNetwork(now: Instant): void {
    this.#phase = 'ipcp';
    this.#ipcp.start(this.#user, now);
  }

  #receiveIpcp(packet: Packet, now: Instant): void {
    // RFC 1661 3.5: discarded before the network phase.
    if (!this.#ipcp.running) return;
    this.#ipcp.receive(packet, now);
    if (packet.code !== PacketCode.terminateRequest) return;
    // A link without IP is of no use to anybody.
    this.#endedBy('peer', 'terminated', `IPCP terminated by the peer${terminateText(packet.data)}`);
    this.#lcp.close('IPCP was terminated', now);
  }

  #ipcpUp({ localAddress, peerAddress, dns }: IpcpResult): void {
    this.#wasUp = true;
    this.#patienceUntil = undefined;
    this.#fact({ fact: 'ipcp-opened', localAddress, peerAddress, dns });
    const mtu = this.#lcp.options.mru;
    this.#effects.push({ effect: 'link-up', localAddress, peerAddress, dns, mtu });
  }

  // The end

  /** Gives the link up: it is terminated, and down when that is acknowledged or timed out. */
  #fail(layer: Phase, reason: PppFailure, detail: string, now: Instant): void {
    if (this.#ending !== undefined) return;
    this.#failed(layer, reason, detail);
    // A stranger does not learn whether it was the name or the password.
    const text = layer === 'auth' ? 'Authentication failed' : detail;
    if (!this.#lcp.close(text, now)) this.#end();
  }

  #failed(layer: Phase, reason: PppFailure, detail: string): void {
    this.#tellEnd(detail, { fact: 'ppp-failed', layer, reason, detail });
  }

  /** The end of a link that was up is no failure. */
  #endedBy(by: 'peer' | 'timeout', reason: PppFailure, detail: string): void {
    if (this.#wasUp) this.#tellEnd(detail, { fact: 'closed', layer: 'ppp', by, detail });
    else this.#failed(this.#phase, reason, detail);
  }

  #tellEnd(detail: string, fact: Fact): void {
    if (this.#ending !== undefined) return;
    this.#ending = detail;
    this.#fact(fact);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#lowered();
    this.#effects.push({ effect: 'link-down', detail: this.#ending ?? 'ended' });
  }

  // Output

  #nextIdentifier(): number {
    this.#identifier = (this.#identifier + 1) & 0xff;
    return this.#identifier;
  }

  #fact(fact: Fact): void {
    this.#effects.push(...told(fact));
  }

  #drain(): PppEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
