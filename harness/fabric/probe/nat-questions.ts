import type { NatKind } from '../../nat-kind.ts';
import { protocolEsp, protocolUdp } from '../embedded/packet.ts';
import {
  bareProbe,
  type End,
  halves,
  readProbe,
  type SeenPacket,
  tcpProbe,
  udpProbe,
} from './probe-packets.ts';
import type { NatSite, ProbeAnswer, ProbeStep } from './probe-step.ts';

/** Steps of a question, and at the end its answer. */
export type Steps<Result> = Generator<ProbeStep, Result, ProbeAnswer>;

/** Ports of inside hosts, another for each question, so that no answer depends on an earlier one. */
export const insidePorts = {
  mapping: 7000,
  filtering: 7100,
  unasked: 7150,
  hairpin: 7200,
  timer: 7300,
  ended: 7310,
  refresh: 7320,
  fragments: 7400,
};
const remotePort = 9001;
const otherRemotePort = 9002;
export const ikePort = 500;

/** What a probe asks of a NAT box: each question by itself, whatever the box is declared to be. */
export class NatQuestions {
  readonly site: NatSite;

  constructor(site: NatSite) {
    this.site = site;
  }

  /** Outside ports of an inside one toward two ports of one address, and another address. */
  *mappedPorts(host: 0 | 1, port: number): Steps<(number | undefined)[]> {
    const [one, other] = this.site.outside.hosts;
    const found: (number | undefined)[] = [];
    for (const to of [
      { address: one, port: remotePort },
      { address: one, port: otherRemotePort },
      { address: other, port: remotePort },
    ]) {
      found.push(yield* this.#mapped({ address: this.site.inside.hosts[host], port }, to));
    }
    return found;
  }

  *filtering(): Steps<string> {
    const [one, other] = this.site.outside.hosts;
    const from = { address: this.site.inside.hosts[0], port: insidePorts.filtering };
    const port = yield* this.#mapped(from, { address: one, port: remotePort });
    if (port === undefined) return 'closed';
    const passes: boolean[] = [];
    for (const remote of [
      { address: one, port: remotePort },
      { address: one, port: otherRemotePort },
      { address: other, port: remotePort },
    ]) {
      passes.push(yield* this.#answers(remote, port, from));
    }
    const [same, otherPort, otherAddress] = passes;
    if (!same) return 'closed to answers';
    if (otherAddress) return 'endpoint-independent';
    return otherPort ? 'address-dependent' : 'address-and-port-dependent';
  }

  /** Both hosts open a port outside and send to each other's, since filtering may ask for that. */
  *hairpin(): Steps<boolean> {
    const { hosts } = this.site.inside;
    const remote = { address: this.site.outside.hosts[0], port: remotePort };
    const ends = hosts.map((address, index) => ({ address, port: insidePorts.hairpin + index }));
    const outsidePorts: number[] = [];
    for (const end of ends) outsidePorts.push((yield* this.#mapped(end, remote)) ?? 0);
    for (const [from, to] of [
      [0, 1],
      [1, 0],
      [0, 1],
    ] as const) {
      const [sender, receiver] = [ends[from], ends[to]];
      if (!sender || !receiver) continue;
      const toOutside = { address: this.site.outside.address, port: outsidePorts[to] ?? 0 };
      const { seen } = yield { step: 'send', on: 'inside', packet: udpProbe(sender, toOutside) };
      if (seen.some(({ on, packet }) => on === 'inside' && isFor(readProbe(packet), receiver))) return true;
    }
    return false;
  }

  *ike(): Steps<NatKind['ike']> {
    const remote = { address: this.site.outside.hosts[0], port: ikePort };
    const ports: (number | undefined)[] = [];
    for (const [index, address] of this.site.inside.hosts.entries()) {
      ports.push(yield* this.#mapped({ address, port: ikePort }, remote, index + 1));
    }
    return ports.every((port) => port === ikePort) ? 'keeps-port-500' : 'like-any-udp';
  }

  /** Whose ESP goes out, and to whom what comes back goes. */
  *esp(): Steps<NatKind['esp']> {
    const [first, second] = this.site.inside.hosts;
    if (!(yield* this.#espLeaves(first))) return 'dropped';
    if ((yield* this.comesIn('esp', 0)) === undefined) return 'out-only';
    if (this.site.insideHosts === 1) return 'by-addresses';
    yield* this.#espLeaves(second);
    return (yield* this.comesIn('esp', 0)) === second ? 'one-host' : 'by-addresses';
  }

  /** What becomes of a datagram in two fragments, on its way out and on its way in; each way by itself where they differ. */
  *fragments(): Steps<string> {
    const remote = { address: this.site.outside.hosts[0], port: remotePort };
    const from = { address: this.site.inside.hosts[0], port: insidePorts.fragments };
    const port = (yield* this.#mapped(from, remote)) ?? 0;
    const to = { address: this.site.outside.address, port };
    const leaves = yield* this.#cutPasses('inside', udpProbe(from, remote), (seen) => isFor(seen, remote));
    const comesIn = yield* this.#cutPasses('outside', udpProbe(remote, to), (seen) => isFor(seen, from));
    const word = (passes: boolean) => (passes ? 'forwarded' : 'dropped');
    return leaves === comesIn ? word(leaves) : `${word(leaves)} outward, ${word(comesIn)} inward`;
  }

  *#cutPasses(
    on: 'inside' | 'outside',
    packet: Uint8Array,
    isIt: (seen: SeenPacket | undefined) => boolean,
  ): Steps<boolean> {
    const across = on === 'inside' ? 'outside' : 'inside';
    let passes = false;
    for (const part of halves(packet)) {
      const { seen } = yield { step: 'send', on, packet: part };
      passes ||= seen.some((each) => each.on === across && isIt(readProbe(each.packet)));
    }
    return passes;
  }

  /** The inside address to which something goes that a stranger sends to the box; `undefined`: it goes nowhere. */
  *comesIn(protocol: 'udp' | 'tcp' | 'esp', port: number): Steps<string | undefined> {
    const from = { address: this.site.outside.hosts[0], port: 9100 };
    const to = { address: this.site.outside.address, port };
    const packet =
      protocol === 'esp'
        ? bareProbe('esp', from.address, to.address)
        : (protocol === 'udp' ? udpProbe : tcpProbe)(from, to);
    const { seen } = yield { step: 'send', on: 'outside', packet };
    const arrived = seen.flatMap((each) => (each.on === 'inside' ? (readProbe(each.packet) ?? []) : []));
    return arrived.find((each) => each.from.address === from.address && each.to.port === port)?.to.address;
  }

  /** A mapping lives for its time and no longer; what comes in renews it or does not. */
  *timersByWaiting(): Steps<[string, string, string | undefined][]> {
    const { udpSeconds, refresh } = this.site.nat.kind;
    const [before, after] = [udpSeconds * 1000 - 500, udpSeconds * 1000 + 500];
    const lives = yield* this.#answeredAfter(insidePorts.timer, [before]);
    const ends = !(yield* this.#answeredAfter(insidePorts.ended, [after]));
    const renewed = yield* this.#answeredAfter(insidePorts.refresh, [before, before]);
    const found = lives ? (ends ? `${udpSeconds} s` : 'longer') : 'shorter';
    return [
      ['UDP timer', `${udpSeconds} s`, found],
      ['refresh', refresh, renewed ? 'either-way' : 'outbound'],
    ];
  }

  /** Whether the last of several answers, each so long after the one before, still comes in. */
  *#answeredAfter(insidePort: number, waits: readonly number[]): Steps<boolean> {
    const remote = { address: this.site.outside.hosts[0], port: remotePort };
    const from = { address: this.site.inside.hosts[0], port: insidePort };
    const port = (yield* this.#mapped(from, remote)) ?? 0;
    let answered = false;
    for (const ms of waits) {
      yield { step: 'wait', ms };
      answered = yield* this.#answers(remote, port, from);
    }
    return answered;
  }

  /** What a mapping that has been answered has left, as the box says itself. */
  *timersByAsking(): Steps<[string, string, string | undefined][]> {
    const { udpSeconds } = this.site.nat.kind;
    const remote = { address: this.site.outside.hosts[0], port: remotePort };
    const from = { address: this.site.inside.hosts[0], port: insidePorts.timer };
    const port = (yield* this.#mapped(from, remote)) ?? 0;
    yield* this.#answers(remote, port, from);
    const { seconds } = yield { step: 'timer', port: insidePorts.timer };
    const isNear = seconds !== undefined && Math.abs(seconds - udpSeconds) <= 3;
    return [['UDP timer', `${udpSeconds} s`, isNear ? `${udpSeconds} s` : `${seconds ?? 'no'} s`]];
  }

  /** The outside port with which a datagram leaves by the box's address. */
  *#mapped(from: End, to: End, cookie = 0): Steps<number | undefined> {
    const { seen } = yield { step: 'send', on: 'inside', packet: udpProbe(from, to, cookie) };
    const left = seen.flatMap((each) => (each.on === 'outside' ? (readProbe(each.packet) ?? []) : []));
    return left.find((each) => each.from.address === this.site.outside.address && isFor(each, to))?.from.port;
  }

  *#answers(remote: End, outsidePort: number, inside: End): Steps<boolean> {
    const to = { address: this.site.outside.address, port: outsidePort };
    const { seen } = yield { step: 'send', on: 'outside', packet: udpProbe(remote, to) };
    return seen.some(({ on, packet }) => on === 'inside' && isFor(readProbe(packet), inside));
  }

  *#espLeaves(from: string): Steps<boolean> {
    const [to] = this.site.outside.hosts;
    const { seen } = yield { step: 'send', on: 'inside', packet: bareProbe('esp', from, to) };
    return seen.some(({ on, packet }) => {
      const view = readProbe(packet);
      return (
        on === 'outside' && view?.protocol === protocolEsp && view.from.address === this.site.outside.address
      );
    });
  }
}

function isFor(seen: SeenPacket | undefined, { address, port }: End): boolean {
  return seen?.protocol === protocolUdp && seen.to.address === address && seen.to.port === port;
}
