import { createInterface } from 'node:readline';
import type { NatSetting, NetworkSettings } from '../../network-settings.ts';
import type { Topology } from '../../topology.ts';
import type { NodeProcess } from '../fabric.ts';
import type { Mismatch, ProbeAnswer, ProbeSite, ProbeStep, Sighting } from '../probe/probe-step.ts';
import { misbehaving, type PlannedProbe, plannedProbes } from '../probe/probes.ts';
import { spokenToFile } from './box-rules.ts';
import { frameRelay, phantomMac } from './frame-relay.ts';
import { insideHosts, realisation } from './nat-kind-rules.ts';
import { kernelUdpSeconds, type NodePids } from './wiring.ts';

/**
 * How long nothing may come before it counts as dropped, seconds. A packet takes some microseconds; a machine that has
 * much else to do takes longer, so what does not fit is asked once more, with patience.
 */
const quiet = { first: 0.02, again: 0.4 };

/** Starts a program in the wire container. */
export type StartInWire = (argv: readonly string[]) => Promise<NodeProcess>;

/**
 * Measures every box of a lab from the wires beside it, with the very probes of the embedded fabric. Throws
 * CrossnatError `broken` where a box is not what it is declared to be.
 */
export async function probeDockerBoxes(
  topology: Topology,
  settings: NetworkSettings,
  clients: number,
  pids: NodePids,
  start: StartInWire,
): Promise<void> {
  const hostsOf = (box: string) => {
    const kind = settings.nats[box]?.kind;
    // What is exact is so for any number of hosts, and several show more.
    return kind && realisation(kind, 2).how === 'exact' ? 2 : insideHosts(topology, box, clients);
  };
  // A kernel that was left its own timers shows the longer one only after seconds; others are read at once.
  const timersOf = ({ kind }: NatSetting) => (kind.udpSeconds === kernelUdpSeconds ? 'unasked' : 'by-asking');
  for (const planned of plannedProbes(topology, settings, hostsOf, timersOf)) {
    const first = await probeBox(planned, pids, start, quiet.first);
    if (first.length === 0) continue;
    const again = await probeBox(planned, pids, start, quiet.again);
    if (again.length > 0) throw misbehaving(topology, planned.site.box, again);
  }
}

async function probeBox(
  { site, probe }: PlannedProbe,
  pids: NodePids,
  start: StartInWire,
  quietSeconds: number,
): Promise<readonly Mismatch[]> {
  const sides = [site.inside, site.outside];
  const segments = sides.map(({ segment }) => segment);
  const relay = new Relay(await start(['perl', '-e', frameRelay, String(quietSeconds), ...segments]));
  const enter = `nsenter -t ${pids[site.box]} -n`;
  const neighbours = sides.flatMap(({ segment, hosts }) => {
    const there = segment === site.inside.segment ? [...hosts, ...site.targets] : hosts;
    return there.map((host) => ({ segment, host }));
  });
  const neighbour = (change: string, tail: string) =>
    neighbours
      .map(({ segment, host }) => `${enter} ip neigh ${change} ${host} dev ${segment}${tail};`)
      .join(' ');
  try {
    const forget = `${enter} sh -c 'conntrack -F; [ ! -e ${spokenToFile} ] || echo / >${spokenToFile}'`;
    await relay.ask(`run ${neighbour('replace', ` lladdr ${phantomMac} nud permanent`)} ${forget}`);
    const macs = new Map<string, string>();
    for (const segment of segments) {
      const link = await relay.ask(`run ${enter} ip -br link show dev ${segment}`);
      macs.set(segment, /([0-9a-f]{2}(:[0-9a-f]{2}){5})/.exec(link.join(' '))?.[1] ?? '');
    }
    await relay.ask(`boxes ${segments.map((segment) => `${segment}=${macs.get(segment)}`).join(' ')}`);
    const running = probe();
    let next = running.next({ seen: [] });
    while (!next.done) next = running.next(await answer(relay, site, macs, enter, next.value));
    return next.value;
  } finally {
    await relay.ask(`run ${neighbour('del', '')} true`).catch(() => {});
    await relay.end();
  }
}

async function answer(
  relay: Relay,
  site: ProbeSite,
  macs: ReadonlyMap<string, string>,
  enter: string,
  step: ProbeStep,
): Promise<ProbeAnswer> {
  if (step.step === 'wait') throw new RangeError('no probe in containers lets time pass');
  if (step.step === 'timer') {
    const listed = await relay.ask(`run ${enter} conntrack -L -p udp --orig-port-src ${step.port}`);
    const seconds = /^udp +17 +(\d+) /m.exec(listed.join('\n'))?.[1];
    return { seen: [], ...(seconds !== undefined && { seconds: Number(seconds) }) };
  }
  const { segment } = site[step.on];
  const hex = Buffer.from(step.packet).toString('hex');
  const lines = await relay.ask(`send ${segment} ${macs.get(segment)} ${hex}`);
  const seen = lines.flatMap((line): Sighting[] => {
    const [verb, where, octets = ''] = line.split(' ');
    if (verb !== 'seen') return [];
    const on = where === site.inside.segment ? 'inside' : 'outside';
    return [{ on, packet: new Uint8Array(Buffer.from(octets, 'hex')) }];
  });
  return { seen };
}

/** A frame relay that runs: one line in, its answer out. */
class Relay {
  readonly #process: NodeProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #words: string[] = [];
  #isReady: Promise<unknown>;

  constructor(process: NodeProcess) {
    this.#process = process;
    this.#lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
    createInterface({ input: process.stderr }).on('line', (line) => this.#words.push(line));
    this.#isReady = this.#answer();
  }

  async ask(line: string): Promise<string[]> {
    await this.#isReady;
    this.#process.stdin.write(`${line}\n`);
    const answered = this.#answer();
    this.#isReady = answered;
    return answered;
  }

  async end(): Promise<void> {
    this.#process.stdin.end();
    await this.#process.exit;
  }

  async #answer(): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const next = await this.#lines.next();
      if (next.done === true) throw new Error(`the probe's relay ended: ${this.#words.join(' | ')}`);
      if (next.value === 'done') return lines;
      lines.push(next.value);
    }
  }
}
