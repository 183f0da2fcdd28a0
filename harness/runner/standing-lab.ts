import { clientPlaces } from '../client-places.ts';
import { CrossnatError } from '../error.ts';
import type { Lab, LabNode } from '../fabric/fabric.ts';
import type { Peer, PeerDriver } from '../peers/peer.ts';
import type { LabTimes } from '../records/summary.ts';
import type { Topology } from '../topology.ts';
import { withDeadline } from './deadline.ts';
import type { RunnerParts } from './parts.ts';

/** Generous: nothing here is a measurement, and a host that builds an image first is slow. Milliseconds. */
const deadlines = { up: 20 * 60_000, peer: 90_000, down: 60_000 };

/** Above what replacing a lab can take. Milliseconds. */
export const longestUpMs = deadlines.down + deadlines.up + 3 * deadlines.peer;

type Role = 'client' | 'responder';
/** What plays each of the two places. */
export type Drivers = Readonly<Record<Role, PeerDriver>>;

/** What stands in a lab's places: as many clients as the topology has nodes for them, and one responder. */
interface Places<T> {
  readonly clients: readonly T[];
  readonly responder: T;
}

/** A lab that is up, with a peer in each of its places. */
export class StandingLab {
  readonly lab: Lab;
  readonly nodes: Places<string>;
  /** Cells that began here. */
  cells = 0;
  /** Milliseconds of each cell that connected and had its proof of traffic, and of each other one. */
  readonly connectingMs: number[] = [];
  readonly otherMs: number[] = [];
  readonly #upMs: number;
  #drivers: Drivers;
  #peers: Places<Peer>;

  private constructor(lab: Lab, nodes: Places<string>, drivers: Drivers, peers: Places<Peer>, upMs: number) {
    this.lab = lab;
    this.nodes = nodes;
    this.#drivers = drivers;
    this.#peers = peers;
    this.#upMs = upMs;
  }

  /** Brings the topology up and starts all peers; takes it down again when that fails. */
  static async up(
    { fabric }: Pick<RunnerParts, 'fabric'>,
    topology: Topology,
    drivers: Drivers,
    keep: boolean,
    signal: AbortSignal,
  ): Promise<StandingLab> {
    const started = performance.now();
    const nodes = { clients: clientPlaces(topology), responder: responderPlace(topology) };
    const images = {
      ...Object.fromEntries(nodes.clients.map((node) => [node, drivers.client.image])),
      [nodes.responder]: drivers.responder.image,
    };
    const lab = await comeUp(topology.name, signal, (inner) => fabric.up({ topology, images, keep }, inner));
    try {
      const peers = await startPeers(lab, nodes, drivers, signal);
      return new StandingLab(lab, nodes, drivers, peers, performance.now() - started);
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  get times(): LabTimes {
    const { lab, connectingMs, otherMs } = this;
    return { topology: lab.topology.name, id: lab.id, upMs: this.#upMs, connectingMs, otherMs };
  }

  /** In the order in which they dial. */
  get clients(): readonly Peer[] {
    return this.#peers.clients;
  }

  get responder(): Peer {
    return this.#peers.responder;
  }

  get versions(): Readonly<Record<string, string>> {
    return {
      ...this.lab.versions,
      client: `${this.#drivers.client.name} ${this.clients[0]?.version ?? ''}`,
      responder: `${this.#drivers.responder.name} ${this.responder.version}`,
    };
  }

  /** Puts new peers in the place of those that still hold something of an earlier connection. */
  async restartPeers(signal: AbortSignal): Promise<void> {
    await this.stopPeers(signal);
    this.#peers = await startPeers(this.lab, this.nodes, this.#drivers, signal);
  }

  async stopPeers(signal: AbortSignal): Promise<void> {
    const { clients, responder } = this.#peers;
    await withDeadline('stopping the peers', deadlines.peer, signal, () =>
      Promise.all([...clients, responder].map((peer) => peer.stop())),
    );
  }

  /** Removes everything; gives the lab's times. Not abortable: it is what an interruption calls. */
  async down(): Promise<LabTimes> {
    const started = performance.now();
    const never = new AbortController().signal;
    // One that does not stop goes with its container.
    await this.stopPeers(never).catch(() => {});
    await withDeadline(`taking ${this.lab.topology.name} down`, deadlines.down, never, () => this.lab.down());
    return { ...this.times, downMs: performance.now() - started };
  }
}

/**
 * The lab that `up` gives. When that is aborted, what it has begun is gone before this rejects: a run that ended
 * while its fabric still worked would leave that behind, with nobody to watch over it.
 */
async function comeUp(
  name: string,
  signal: AbortSignal,
  up: (signal: AbortSignal) => Promise<Lab>,
): Promise<Lab> {
  let coming: Promise<Lab> | undefined;
  try {
    return await withDeadline(`bringing ${name} up`, deadlines.up, signal, (inner) => {
      coming = up(inner);
      return coming;
    });
  } catch (error) {
    const gone = async () => {
      const lab = await coming?.catch(() => undefined);
      await lab?.down();
    };
    const never = new AbortController().signal;
    await withDeadline(`removing what there is of ${name}`, deadlines.down, never, gone).catch(() => {});
    throw error;
  }
}

async function startPeers(
  lab: Lab,
  nodes: Places<string>,
  drivers: Drivers,
  signal: AbortSignal,
): Promise<Places<Peer>> {
  const start = (role: Role, nodeName: string, client: number) => {
    const node = lab.node(nodeName);
    const context = { role, topology: lab.topology, nodeName, client };
    return withDeadline(`starting the ${role} (${drivers[role].name})`, deadlines.peer, signal, (inner) =>
      drivers[role].start(node, { ...context, signal: inner }).catch((error) => withLastWords(error, node)),
    );
  };
  const [clients, responder] = await Promise.all([
    Promise.all(nodes.clients.map((node, number) => start('client', node, number))),
    start('responder', nodes.responder, 0),
  ]);
  return { clients, responder };
}

/** A peer that did not start says why in its container's log, which is gone with the lab. */
async function withLastWords(error: unknown, node: LabNode): Promise<never> {
  if (!(error instanceof CrossnatError)) throw error;
  const words = (await node.logs().catch(() => '')).trim().split('\n').slice(-3).join(' | ');
  throw new CrossnatError(error.code, {
    doing: error.doing,
    found: words === '' ? error.found : `${error.found}; its last words: ${words}`,
    remedy: error.remedy,
    cause: error,
  });
}

function responderPlace(topology: Topology): string {
  const place = Object.entries(topology.nodes).find(([, node]) => node.kind === 'responder')?.[0];
  if (place !== undefined) return place;
  throw new CrossnatError('bad-data', {
    doing: `placing the responder in ${topology.name}`,
    found: 'no node is of kind responder',
    remedy: `Give one node of topologies/${topology.name}.yaml that kind`,
  });
}
