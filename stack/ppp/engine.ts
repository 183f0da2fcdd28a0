import { sooner } from '../deadline.ts';
import type { Engine, Instant, RandomSource } from '../engine.ts';
import { dropped } from '../fact.ts';
import { wholeInterval } from '../retransmission.ts';
import { AuthenticationPhase } from './authentication-phase.ts';
import type { PppConfig, PppEffect } from './config.ts';
import { decodeFrame, PppProtocol } from './frame.ts';
import type { IpcpResult } from './ipcp.ts';
import { defaultMru } from './lcp-verdict.ts';
import { LinkControl } from './link-control.ts';
import { endFact, type LinkEnd, rasErrorOf, terminateData } from './link-end.ts';
import { LinkOutput } from './link-output.ts';
import { terminateReason } from './maintenance.ts';
import { NetworkPhase } from './network-phase.ts';
import { decodePacket, type Packet, PacketCode } from './packet.ts';
import { RasError } from './ras-error.ts';

/** Whole retransmission intervals that a link may take to come up: some for each of LCP, authentication and IPCP. */
const patience = 6;

/**
 * One PPP link (RFC 1661), client or server: LCP, then PAP or CHAP, then IPCP and its companions.
 *
 * `link-up` comes when IPCP opens; again, with no `link-down` between, when the peer renegotiates.
 * `link-down` comes exactly once, at the end, whether the link was up or not; after it the engine
 * only acknowledges repeated Terminate-Requests. Before it comes the fact `ppp-failed` (the link never
 * got up) or `closed`.
 */
export class PppEngine implements Engine<PppEffect> {
  readonly #config: PppConfig;
  readonly #output: LinkOutput;
  readonly #lcp: LinkControl;
  readonly #authentication: AuthenticationPhase;
  readonly #network: NetworkPhase;
  /** RFC 1661 3.2 without its dead and terminate phases: the layer that is being opened, or was last. */
  #phase: LinkEnd['layer'] = 'lcp';
  #user: string | undefined;
  #wasUp = false;
  /** When a link that is not up is given up, however busy its negotiation (RFC 1661 4.5). */
  #patienceUntil: Instant | undefined;
  /** Why the link is ending; the first reason counts. */
  #ending: string | undefined;
  #started = false;
  #ended = false;

  constructor(config: PppConfig, random: RandomSource) {
    this.#config = config;
    this.#output = new LinkOutput(config, () => this.#lcp);
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
        rejectedForGood: (detail) =>
          this.#tell({ layer: this.#phase, reason: 'option-refused', by: 'peer', detail }),
        identified: (text) => this.#output.fact({ fact: 'ppp-identification', text }),
        dead: (now) => this.#dead(now),
      },
      this.#output,
    );
    this.#authentication = new AuthenticationPhase(
      config,
      random,
      {
        authenticated: (user, now) => this.#authenticated(user, now),
        failed: (outcome, now) => {
          const by = outcome.reason === 'no-answer' ? 'timeout' : 'local';
          this.#fail({ layer: 'auth', by, ...outcome }, now);
        },
      },
      this.#output,
    );
    this.#network = new NetworkPhase(
      config,
      random,
      {
        ipcpOpened: (result) => this.#ipcpUp(result),
        ipv6cpOpened: (result) => this.#output.fact({ fact: 'ipv6cp-opened', ...result }),
        failed: (end, now) => this.#fail({ layer: 'ipcp', ...end }, now),
      },
      this.#output,
      () => this.#terminateData('no compression', RasError.notConverging),
    );
  }

  /** Sends the first Configure-Request. What came before it was dropped. */
  start(now: Instant): PppEffect[] {
    if (this.#started || this.#ended) return [];
    this.#started = true;
    this.#patienceUntil = now + patience * wholeInterval(this.#config.retransmission);
    this.#lcp.start(now);
    return this.#output.drain();
  }

  /** Takes one frame from the peer. What is malformed is dropped and told as a fact. */
  receive(bytes: Uint8Array, now: Instant): PppEffect[] {
    if (!this.#started) return [];
    const frame = decodeFrame(bytes);
    if (!frame.ok) return dropped('malformed', `PPP ${frame.error.field}: ${frame.error.detail}`);
    const { protocol, information } = frame.value;
    if (protocol === PppProtocol.ip || (protocol === PppProtocol.ipv6 && this.#config.ipv6cp)) {
      return this.#carries(protocol) ? [{ effect: 'receive-ip', packet: information }] : [];
    }
    if (!this.#speaks(protocol)) {
      // RFC 1661 3.5: before the network phase other protocols are discarded.
      if (this.#phase === 'ipcp') this.#lcp.rejectProtocol(protocol, information);
      return this.#output.drain();
    }
    const packet = decodePacket(information);
    if (!packet.ok) return dropped('malformed', `PPP ${packet.error.field}: ${packet.error.detail}`);
    const limit = Math.max(defaultMru, this.#config.mru);
    if (information.length > limit) return dropped('malformed', `PPP packet of ${information.length} octets`);
    if (protocol === PppProtocol.lcp) this.#receiveLcp(packet.value, now);
    else if (this.#network.speaks(protocol)) this.#receiveNetwork(protocol, packet.value, now);
    else this.#authentication.receive(protocol, packet.value, now);
    return this.#output.drain();
  }

  /** Frames an IP packet for the peer; nothing when the link is not up for its version. */
  sendIp(packet: Uint8Array): PppEffect[] {
    const protocol = (packet[0] ?? 0) >> 4 === 6 ? PppProtocol.ipv6 : PppProtocol.ip;
    if (!this.#carries(protocol)) return [];
    const { mru } = this.#lcp.options;
    // RFC 1332 2: an IP packet is as long as the information field at the most.
    if (packet.length > mru)
      return dropped('unexpected', `${packet.length} octets of IP for an MRU of ${mru}`);
    this.#output.send(protocol, packet);
    return this.#output.drain();
  }

  /** Terminates LCP, and IPCP with it; `link-down` follows when that is acknowledged or timed out. */
  close(detail: string, now: Instant): PppEffect[] {
    if (this.#ended) return [];
    if (this.#ending === undefined) {
      this.#ending = detail;
      this.#output.fact({ fact: 'closed', layer: 'ppp', by: 'local', detail });
    }
    if (!this.#lcp.close(this.#terminateData(detail, RasError.none), now)) this.#end();
    return this.#output.drain();
  }

  deadline(): Instant | undefined {
    if (this.#ended) return undefined;
    const parts = sooner(this.#lcp.deadline, sooner(this.#authentication.deadline, this.#network.deadline));
    return sooner(this.#patienceUntil, parts);
  }

  tick(now: Instant): PppEffect[] {
    if (this.#ended) return [];
    if (this.#patienceUntil !== undefined && now >= this.#patienceUntil) {
      this.#patienceUntil = undefined;
      const detail = 'the link did not come up in time';
      this.#fail({ layer: this.#phase, reason: 'no-answer', by: 'timeout', detail }, now);
    }
    this.#lcp.tick(now);
    this.#authentication.tick(now);
    this.#network.tick(now);
    return this.#output.drain();
  }

  #receiveLcp(packet: Packet, now: Instant): void {
    if (this.#ended) this.#lcp.acknowledgeTermination(packet);
    else this.#lcp.receive(packet, now);
    // The automaton has acknowledged it; nothing more can come of this link.
    if (packet.code === PacketCode.terminateRequest) this.#end();
  }

  #lowered(): void {
    this.#phase = 'lcp';
    this.#authentication.stop();
    this.#network.stop();
  }

  #lcpFinished(): void {
    this.#tell(this.#lcpEnd('no-answer', 'timeout', 'the peer does not answer LCP'));
    this.#end();
  }

  #lcpDisagreed(now: Instant): void {
    this.#fail(this.#lcpEnd('option-refused', 'local', 'LCP does not converge'), now);
  }

  /** What LCP names as its reason, else what is given. */
  #lcpEnd(reason: LinkEnd['reason'], by: LinkEnd['by'], detail: string): LinkEnd {
    return { layer: 'lcp', by, ...(this.#lcp.options.refusal ?? { reason, detail }) };
  }

  #terminatedByPeer({ data }: Packet): void {
    const { text, errorNumber } = terminateReason(data);
    const detail = `terminated by the peer${text}`;
    const { refusal } = this.#lcp.options;
    const { standingRefusal } = this.#authentication;
    if (this.#phase === 'lcp' && refusal !== undefined) this.#tell({ layer: 'lcp', by: 'peer', ...refusal });
    if (standingRefusal !== undefined) this.#tell({ layer: 'auth', by: 'local', ...standingRefusal });
    // RFC 1994 4.2: the Failure may have been lost; the termination says the same.
    const refused = this.#phase === 'auth' && this.#config.role === 'client';
    const reason = refused ? 'auth-failed' : 'terminated';
    this.#tell({ layer: this.#phase, reason, by: 'peer', detail, errorNumber });
  }

  #protocolRejected(protocol: number, now: Instant): void {
    if (protocol === this.#authentication.protocol && this.#phase === 'auth') {
      const name = protocol === PppProtocol.pap ? 'PAP' : 'CHAP';
      const detail = `the peer rejects ${name}`;
      this.#fail({ layer: 'auth', reason: 'auth-refused', by: 'peer', detail }, now);
    }
    this.#network.rejected(protocol, now);
  }

  /** One Terminate-Request, for a peer that is there after all; nobody waits for its answer. */
  #dead(now: Instant): void {
    const detail = `${this.#config.echoFailures} LCP echo requests stayed unanswered`;
    this.#fail({ layer: this.#phase, reason: 'no-answer', by: 'timeout', detail }, now);
    this.#end();
  }

  #authenticate(now: Instant): void {
    const { demanded, given, mru } = this.#lcp.options;
    const agreed = this.#config.role === 'server' ? demanded : given;
    this.#output.fact({ fact: 'lcp-opened', authentication: agreed ?? 'none', mru });
    this.#phase = 'auth';
    if (agreed === undefined) this.#startNetwork(now);
    else this.#authentication.start(agreed, now);
  }

  #authenticated(user: string, now: Instant): void {
    if (this.#phase !== 'auth') return;
    if (this.#user === undefined) this.#output.fact({ fact: 'ppp-authenticated', user });
    this.#user = user;
    this.#startNetwork(now);
  }

  #startNetwork(now: Instant): void {
    this.#phase = 'ipcp';
    this.#network.start(this.#user, now);
  }

  #speaks(protocol: number): boolean {
    const here = [PppProtocol.lcp, this.#authentication.protocol];
    return here.includes(protocol) || this.#network.speaks(protocol);
  }

  #carries(protocol: number): boolean {
    return this.#network.isOpen(protocol === PppProtocol.ip ? PppProtocol.ipcp : PppProtocol.ipv6cp);
  }

  #receiveNetwork(protocol: number, packet: Packet, now: Instant): void {
    this.#network.receive(protocol, packet, now);
    if (protocol !== PppProtocol.ipcp || packet.code !== PacketCode.terminateRequest) return;
    // A link without IP is of no use to anybody.
    const { text, errorNumber } = terminateReason(packet.data);
    const detail = `IPCP terminated by the peer${text}`;
    this.#fail({ layer: 'ipcp', reason: 'terminated', by: 'peer', detail, errorNumber }, now);
  }

  #ipcpUp({ localAddress, peerAddress, dns, wins }: IpcpResult): void {
    this.#wasUp = true;
    this.#patienceUntil = undefined;
    const named = wins.length > 0 ? { wins } : {};
    this.#output.fact({ fact: 'ipcp-opened', localAddress, peerAddress, dns, ...named });
    const mtu = this.#lcp.options.mru;
    this.#output.push({ effect: 'link-up', localAddress, peerAddress, dns, mtu });
  }

  /** Gives the link up: it is terminated, and down when that is acknowledged or timed out. */
  #fail(end: LinkEnd, now: Instant): void {
    if (this.#ending !== undefined) return;
    this.#tell(end);
    // A stranger does not learn whether it was the name or the password.
    const text = end.layer === 'auth' ? 'Authentication failed' : end.detail;
    if (!this.#lcp.close(this.#terminateData(text, rasErrorOf(end)), now)) this.#end();
  }

  #tell(end: LinkEnd): void {
    if (this.#ending !== undefined) return;
    this.#ending = end.detail;
    this.#output.fact(endFact(end, this.#wasUp));
  }

  #terminateData(text: string, error: number): Uint8Array {
    return terminateData(this.#config, this.#lcp.options.magicNumber, text, error);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#lowered();
    this.#output.push({ effect: 'link-down', detail: this.#ending ?? 'ended' });
  }
}
