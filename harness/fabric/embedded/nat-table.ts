import type { Instant } from '../../../stack/engine.ts';
import { internetChecksum } from '../../../stack/ip/checksum.ts';
import type { Dependence, NatKind } from '../../nat-kind.ts';
import {
  headerLengthOf,
  type PacketView,
  protocolEsp,
  protocolIcmp,
  protocolUdp,
  quotedIn,
  readdressed,
  viewPacket,
} from './packet.ts';

/** A port that is open from outside and where it leads; the port stays. */
export interface Forward {
  readonly protocol: number;
  /** Absent for a protocol without ports. */
  readonly port?: number;
  readonly to: number;
}

/** What became of a packet; `dropped` names the rule, as the counters of a real box do. */
export type Translated = { readonly packet: Uint8Array } | { readonly dropped: string };

interface Mapping {
  readonly protocol: number;
  readonly inside: { readonly address: number; readonly port: number };
  readonly outsidePort: number;
  /** Whom the inside spoke to by it, and until when each may answer. */
  readonly remotes: Map<string, Instant>;
  /** The last of them, which decides when the mapping goes. */
  expiresAt: Instant;
}

/** Without ports there is nothing to tell inside hosts apart by. */
const noPort = 0;
/** Where a NAT that does not preserve ports begins: above all well-known ones. */
const firstPort = 1024;
const lastPort = 65535;
/** RFC 5508 3.2 (REQ-2): an ICMP query session lives 60 seconds; TCP is not modelled apart. */
const otherSeconds = 60;

/**
 * The translations of one NAT, as a model of its kind: which outside port an inside one has, and who may answer
 * (RFC 4787 4 and 5). Times come in with each packet; randomness through the constructor.
 */
export class NatTable {
  readonly #kind: NatKind;
  readonly #outside: number;
  readonly #forwards: readonly Forward[];
  readonly #randomPort: () => number;
  readonly #mappings = new Map<string, Mapping>();
  #counter = firstPort;

  /**
   * @param outside its public address
   * @param randomPort a number from 0 to 65535, anew with each call
   */
  constructor(kind: NatKind, outside: number, forwards: readonly Forward[], randomPort: () => number) {
    this.#kind = kind;
    this.#outside = outside;
    this.#forwards = forwards;
    this.#randomPort = randomPort;
  }

  /** Forgets everything that it learned: a box that was switched off and on. */
  forget(): void {
    this.#mappings.clear();
  }

  /** Of a packet that leaves by the outside. */
  outward(packet: Uint8Array, now: Instant): Translated {
    const view = viewPacket(packet);
    if (view === undefined) return { dropped: 'drop-invalid' };
    if (view.protocol === protocolEsp) return this.#espOutward(packet, view, now);
    if (view.ports === undefined) return { dropped: 'drop-invalid' };
    const { source, destination } = view;
    const forward = this.#forwards.find(
      ({ protocol, port, to }) => protocol === view.protocol && port === view.ports?.source && to === source,
    );
    if (forward) return { packet: readdressed(packet, 'source', { address: this.#outside }) };
    const remotePort = remotePortOf(view.protocol, view.ports.destination);
    const mapping = this.#mappingFor(view, view.ports.source, destination, remotePort, now);
    if (mapping === undefined) return { dropped: 'drop-no-port' };
    this.#touch(mapping, destination, remotePort, now);
    const to = { address: this.#outside, port: mapping.outsidePort };
    return { packet: readdressed(packet, 'source', to) };
  }

  /** Of a packet for the outside address that came in by it. */
  inward(packet: Uint8Array, now: Instant): Translated {
    const view = viewPacket(packet);
    if (view === undefined) return { dropped: 'drop-invalid' };
    if (view.protocol === protocolEsp) return this.#espInward(packet, view, now);
    const { ports } = view;
    if (ports === undefined) return this.#errorInward(packet, view, now);
    const remotePort = remotePortOf(view.protocol, ports.source);
    const mapping = [...this.#mappings.values()].find(
      (each) =>
        each.protocol === view.protocol &&
        each.outsidePort === ports.destination &&
        this.#lives(each, now) &&
        this.#mayAnswer(each, view.source, remotePort, now),
    );
    if (mapping !== undefined) {
      if (this.#kind.refresh === 'either-way') this.#touch(mapping, view.source, remotePort, now);
      return { packet: readdressed(packet, 'destination', mapping.inside) };
    }
    const forward = this.#forwards.find(
      ({ protocol, port }) => protocol === view.protocol && port === ports.destination,
    );
    if (forward === undefined) return { dropped: 'drop-to-box' };
    return { packet: readdressed(packet, 'destination', { address: forward.to }) };
  }

  /**
   * RFC 5508 4 (REQ-4): an error goes to whoever sent what it is about, and quotes it as that one sent it. It renews no
   * mapping (REQ-6).
   */
  #errorInward(packet: Uint8Array, view: PacketView, now: Instant): Translated {
    const quoted = quotedIn(view);
    const inside = quoted && this.#senderOf(quoted, now);
    if (quoted === undefined || inside === undefined) return { dropped: 'drop-to-box' };
    const restored = readdressed(quoted, 'source', inside);
    const copy = packet.slice();
    const start = headerLengthOf(packet);
    copy.set(restored.subarray(0, view.payload.length - 8), start + 8);
    copy.fill(0, start + 2, start + 4);
    const sum = internetChecksum(copy, start, view.payload.length);
    copy.set([sum >>> 8, sum & 0xff], start + 2);
    return { packet: readdressed(copy, 'destination', { address: inside.address }) };
  }

  /** The inside end that a packet came from which this NAT has translated; absent where it has not. */
  #senderOf(packet: Uint8Array, now: Instant): { address: number; port?: number } | undefined {
    const view = viewPacket(packet);
    if (view?.source !== this.#outside) return undefined;
    const { protocol, destination, ports } = view;
    const forward = this.#forwards.find((each) => each.protocol === protocol && each.port === ports?.source);
    if (protocol === protocolEsp) {
      const mapping = this.#mappings.get(`esp ${destination}`);
      const isLearned = mapping !== undefined && this.#lives(mapping, now);
      return isLearned ? { address: mapping.inside.address } : forward && { address: forward.to };
    }
    if (ports === undefined) return undefined;
    const remotePort = remotePortOf(protocol, ports.destination);
    const remote = remoteKey('address-and-port-dependent', destination, remotePort);
    const mapping = [...this.#mappings.values()].find(
      (each) =>
        each.protocol === protocol &&
        each.outsidePort === ports.source &&
        this.#lives(each, now) &&
        each.remotes.has(remote),
    );
    return mapping?.inside ?? (forward && { address: forward.to });
  }

  #mappingFor(
    { protocol, source }: PacketView,
    port: number,
    remote: number,
    remotePort: number,
    now: Instant,
  ): Mapping | undefined {
    const scope = remoteKey(this.#kind.mapping, remote, remotePort);
    const key = `${protocol} ${source}:${port} ${scope}`;
    const known = this.#mappings.get(key);
    if (known !== undefined && this.#lives(known, now)) return known;
    const outsidePort = this.#freePort(protocol, port, remote, remotePort, now);
    if (outsidePort === undefined) return undefined;
    const mapping = {
      protocol,
      inside: { address: source, port },
      outsidePort,
      remotes: new Map<string, Instant>(),
      expiresAt: now,
    };
    this.#mappings.set(key, mapping);
    return mapping;
  }

  #freePort(
    protocol: number,
    port: number,
    remote: number,
    remotePort: number,
    now: Instant,
  ): number | undefined {
    const isFree = (wanted: number) =>
      !this.#forwards.some((each) => each.protocol === protocol && each.port === wanted) &&
      ![...this.#mappings.values()].some(
        (each) =>
          each.protocol === protocol &&
          each.outsidePort === wanted &&
          this.#lives(each, now) &&
          this.#clashes(each, remote, remotePort, now),
      );
    if (this.#kind.ports === 'preserved' && isFree(port)) return port;
    // As many tries as there are ports.
    for (let tries = firstPort; tries <= lastPort; tries++) {
      const candidate = this.#kind.ports === 'random' ? this.#randomPort() : this.#nextPort();
      if (candidate >= firstPort && isFree(candidate)) return candidate;
    }
    return undefined;
  }

  #nextPort(): number {
    const port = this.#counter;
    this.#counter = port === lastPort ? firstPort : port + 1;
    return port;
  }

  /** Two inside ends may share an outside port where the remote end tells their answers apart (RFC 7857 3). */
  #clashes(mapping: Mapping, remote: number, remotePort: number, now: Instant): boolean {
    const { mapping: kind } = this.#kind;
    if (kind !== 'address-and-port-dependent') return true;
    return (mapping.remotes.get(remoteKey(kind, remote, remotePort)) ?? now) > now;
  }

  #mayAnswer(mapping: Mapping, remote: number, remotePort: number, now: Instant): boolean {
    const { filtering } = this.#kind;
    if (filtering === 'endpoint-independent') return true;
    const wanted = remoteKey(filtering, remote, remotePort);
    return [...mapping.remotes].some(
      ([key, until]) => until > now && (key === wanted || key.startsWith(`${wanted}:`)),
    );
  }

  #lives({ expiresAt }: Mapping, now: Instant): boolean {
    return expiresAt > now;
  }

  #touch(mapping: Mapping, remote: number, remotePort: number, now: Instant): void {
    const seconds = mapping.protocol === protocolUdp ? this.#kind.udpSeconds : otherSeconds;
    mapping.expiresAt = now + seconds * 1000;
    mapping.remotes.set(remoteKey('address-and-port-dependent', remote, remotePort), mapping.expiresAt);
  }

  #espOutward(packet: Uint8Array, { source, destination }: PacketView, now: Instant): Translated {
    const forwarded = this.#forwards.some(({ protocol, to }) => protocol === protocolEsp && to === source);
    if (!forwarded) {
      if (this.#kind.esp === 'dropped') return { dropped: 'drop-esp' };
      if (this.#kind.esp === 'out-only')
        return { packet: readdressed(packet, 'source', { address: this.#outside }) };
      const key = `esp ${destination}`;
      const known = this.#mappings.get(key);
      const isTaken = known && this.#lives(known, now) && known.inside.address !== source;
      // Linux keeps the first flow between two addresses; a pass-through follows whoever spoke last.
      if (isTaken && this.#kind.esp === 'by-addresses') return { dropped: 'drop-esp' };
      const mapping = {
        protocol: protocolEsp,
        inside: { address: source, port: noPort },
        outsidePort: noPort,
        remotes: new Map<string, Instant>(),
        expiresAt: now,
      };
      this.#touch(mapping, destination, noPort, now);
      this.#mappings.set(key, mapping);
    }
    return { packet: readdressed(packet, 'source', { address: this.#outside }) };
  }

  #espInward(packet: Uint8Array, { source }: PacketView, now: Instant): Translated {
    const forward = this.#forwards.find(({ protocol }) => protocol === protocolEsp);
    const mapping = this.#mappings.get(`esp ${source}`);
    const learned = mapping && this.#lives(mapping, now) ? mapping.inside.address : undefined;
    const to = learned ?? forward?.to;
    if (to === undefined) return { dropped: 'drop-esp' };
    return { packet: readdressed(packet, 'destination', { address: to }) };
  }
}

/** An echo has one identifier, and that is of the end which asks: the remote end has none of its own (RFC 5508 3.1). */
function remotePortOf(protocol: number, port: number): number {
  return protocol === protocolIcmp ? noPort : port;
}

function remoteKey(dependence: Dependence, remote: number, port: number): string {
  if (dependence === 'endpoint-independent') return '';
  return dependence === 'address-dependent' ? String(remote) : `${remote}:${port}`;
}
