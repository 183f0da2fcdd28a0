import type Docker from 'dockerode';
import type { StartedTestContainer } from 'testcontainers';
import { CrossnatError } from '../../error.ts';
import { networkSettings } from '../../network-settings.ts';
import { suggestion } from '../../suggestion.ts';
import type { Topology } from '../../topology.ts';
import type { Capture, Lab, LabNode } from '../fabric.ts';
import { type BoxCounter, readBoxCounters } from './box-rules.ts';
import { startCapture } from './capture.ts';
import { label } from './labels.ts';
import { lastWords } from './last-words.ts';
import { cannot } from './links.ts';
import { beyondContainers, natVersions } from './nat-kind-rules.ts';
import { DockerNode, interrupted } from './node.ts';
import { probeDockerBoxes } from './probe-boxes.ts';
import { startProcess } from './process.ts';
import { removeContainers } from './remove.ts';
import {
  countersScript,
  type NodePids,
  offloadScript,
  rebindScript,
  resetScript,
  wiringScript,
} from './wiring.ts';
import { leaks } from './wiring-state.ts';

/** A container as it was when the lab was wired: its processes are entered by number only while all of this still holds. */
export interface Member {
  readonly name: string;
  readonly container: string;
  readonly started: StartedTestContainer;
  readonly handle: Docker.Container;
  readonly startedAt: string;
  readonly pid: number;
}

/** A topology in containers. What only this fabric can do stands after what the contract asks for. */
export class DockerLab implements Lab {
  readonly id: string;
  readonly topology: Topology;
  readonly #versions: Readonly<Record<string, string>>;
  #natVersions: Readonly<Record<string, string>> = {};
  readonly #members: ReadonlyMap<string, Member>;
  readonly #wire: Member;
  readonly #nodes: ReadonlyMap<string, DockerNode>;
  /** Rules of boxes that were seen to do what they are declared to. */
  readonly #probed = new Set<string>();
  #captures = 0;

  constructor(
    id: string,
    topology: Topology,
    versions: Readonly<Record<string, string>>,
    wire: Member,
    members: readonly Member[],
  ) {
    this.id = id;
    this.topology = topology;
    this.#versions = versions;
    this.#wire = wire;
    this.#members = new Map(members.map((member) => [member.name, member]));
    this.#nodes = new Map(
      members.map(({ name, container, handle }) => [name, new DockerNode(name, container, handle)]),
    );
  }

  get versions(): Readonly<Record<string, string>> {
    return { ...this.#versions, ...this.#natVersions };
  }

  node(name: string): LabNode {
    const found = this.#nodes.get(name);
    if (found) return found;
    throw new CrossnatError('usage', {
      doing: `looking for the node "${name}" in ${this.topology.name}`,
      found: 'there is none of that name',
      remedy: suggestion(name, [...this.#nodes.keys()]),
    });
  }

  /** Wires the started containers, once. @throws CrossnatError when a node then has anything but what the topology says. */
  async wireUp(signal: AbortSignal): Promise<void> {
    const printed = await this.#inWire(
      'wiring the topology',
      (pids) => wiringScript(this.topology, networkSettings(this.topology, 'default'), pids),
      signal,
    );
    const found = leaks(this.topology, printed);
    if (found.length === 0) return;
    throw new CrossnatError('broken', {
      doing: `checking the wires of ${this.topology.name}`,
      found: found.join('; '),
      remedy: 'Nothing ran: the nodes would not have been where the topology says',
    });
  }

  async resetBoxes(nat: string, clients: number, signal: AbortSignal): Promise<void> {
    const settings = networkSettings(this.topology, nat);
    const found = beyondContainers(this.topology, settings, clients);
    if (found !== undefined) throw notHere(this.topology, `setting nat=${nat}`, found);
    await this.#inWire(
      "setting the boxes' rules",
      (pids) => resetScript(this.topology, settings, pids),
      signal,
    );
    this.#natVersions = natVersions(this.topology, settings, clients);
  }

  async probeBoxes(nat: string, clients: number, signal: AbortSignal): Promise<void> {
    const settings = networkSettings(this.topology, nat);
    const rules = JSON.stringify([settings.nats, settings.filters, settings.links]);
    if (this.#probed.has(rules)) return;
    await this.resetBoxes(nat, clients, signal);
    const pids = Object.fromEntries([...this.#members.values()].map(({ name, pid }) => [name, pid]));
    await probeDockerBoxes(this.topology, settings, clients, pids, (argv) =>
      startProcess(this.#wire.handle, 'wire', argv, signal),
    );
    this.#probed.add(rules);
  }

  async rebind(nat: string, signal: AbortSignal): Promise<void> {
    const settings = networkSettings(this.topology, nat);
    await this.#inWire('rebinding', (pids) => rebindScript(this.topology, settings, pids), signal);
  }

  startCapture(directory: string, signal: AbortSignal): Promise<Capture> {
    this.#captures += 1;
    return startCapture(
      this.#wire.handle,
      Object.keys(this.topology.segments),
      this.#captures,
      directory,
      signal,
    );
  }

  async down(): Promise<void> {
    await removeContainers({ [label.lab]: this.id });
  }

  /** What each rule of a NAT box has counted since `resetBoxes`: where packets were let through, and where dropped. */
  async boxCounters(node: string, signal: AbortSignal): Promise<BoxCounter[]> {
    this.node(node);
    const saved = await this.#inWire(
      `reading the counters of ${node}`,
      (pids) => countersScript(this.topology, node, pids),
      signal,
    );
    return readBoxCounters(saved);
  }

  /**
   * Lets the veth ends leave checksums and segmentation to each other (`on`), for sustained throughput, or
   * sends wire-sized packets with full checksums (`off`), which is how a lab comes up and what evidence needs.
   */
  async setOffloads(state: 'on' | 'off', signal: AbortSignal): Promise<void> {
    await this.#inWire(
      `turning offloads ${state}`,
      (pids) => offloadScript(this.topology, pids, state),
      signal,
    );
  }

  /** Runs a script in the wire container after making sure that every node is still the one that was started. */
  async #inWire(doing: string, script: (pids: NodePids) => string, signal: AbortSignal): Promise<string> {
    if (signal.aborted) throw interrupted(doing, signal);
    const everyone = [this.#wire, ...this.#members.values()];
    await Promise.all(everyone.map((member) => checkStillThere(doing, member)));
    const pids = Object.fromEntries([...this.#members.values()].map(({ name, pid }) => [name, pid]));
    const { exitCode, stdout, stderr } = await this.#wire.started.exec(['sh', '-euc', script(pids)]);
    if (signal.aborted) throw interrupted(doing, signal);
    if (exitCode === 0) return stdout;
    const lacking = stderr.split('\n').find((line) => line.startsWith(cannot));
    if (lacking !== undefined) throw notHere(this.topology, doing, lacking);
    throw new CrossnatError('broken', {
      doing,
      found: stderr.trim() || `the script in the wire container ended with ${exitCode}`,
      remedy: 'Type "npm run doctor": it says what this engine does not allow',
    });
  }
}

function notHere({ name }: Topology, doing: string, found: string): CrossnatError {
  return new CrossnatError('unavailable', {
    doing: `${doing} in ${name}`,
    found,
    remedy: 'Play this cell in the embedded fabric: --fabric embedded',
  });
}

/** Process numbers are used again: another process under a node's number must never be entered. */
async function checkStillThere(doing: string, { name, handle, startedAt, pid }: Member): Promise<void> {
  const state = await handle.inspect().then(
    ({ State }) => State,
    () => undefined,
  );
  if (state?.Running && state.StartedAt === startedAt && state.Pid === pid) return;
  throw new CrossnatError('broken', {
    doing,
    found: `${name}: ${(await lastWords(handle)) ?? 'its container was started anew'}`,
    remedy: 'Run it again; nothing outside the lab was touched',
  });
}
