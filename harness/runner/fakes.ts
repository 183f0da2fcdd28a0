import { type Cell, cell } from '../cell.ts';
import type { Expectation } from '../expectation.ts';
import type { Fabric, FabricProbe, Lab, LabNode, LabPlan } from '../fabric/fabric.ts';
import type { PeerObservation, TrafficObservation, WireObservation } from '../observation.ts';
import type { Peer, PeerDriver } from '../peers/peer.ts';
import { type CellRecord, recordSchema } from '../record.ts';
import type { Topology } from '../topology.ts';
import type { Judgement } from '../verdict/judge.ts';
import type { Recorder, RunEvent, RunnerParts } from './parts.ts';
import { plan } from './plan.ts';
import { type RunnerOptions, type RunOutcome, runCells } from './runner.ts';

const topology: Topology = {
  name: 'direct',
  summary: '',
  segments: {},
  nodes: {
    client: { kind: 'client', label: '', interfaces: {}, routes: [] },
    responder: { kind: 'responder', label: '', interfaces: {}, routes: [] },
  },
  dial: '198.18.1.1',
  server: 'responder',
  path: ['client', 'wire', 'responder'],
  variants: {},
};

const traffic: TrafficObservation = {
  target: '192.168.2.10',
  pingToServer: { sent: 3, received: 3 },
  pingToClient: { sent: 3, received: 3 },
  traceroute: [],
  bytesEachWay: 1,
  failures: [],
  sustained: false,
};

const wire: WireObservation = {
  capturedPackets: 1,
  droppedByCapture: 0,
  damaged: [],
  path: [],
  segments: {},
  mainModeMessages: 6,
  quickModeMessages: 3,
  informationalMessages: 0,
  retransmissions: 0,
  portFloat: false,
  unanswered: [],
};

/** A world without containers in which a test says what each cell does, and `log` tells in which order things were done. */
export class FakeWorld {
  readonly log: string[] = [];
  readonly events: RunEvent[] = [];
  readonly records: CellRecord[] = [];
  readonly interruption = new AbortController();
  probe: FabricProbe = { fabric: 'docker', facts: { engine: 'fake' }, lacks: [] };
  /** What connecting does; `labCells` counts the cells that the lab has had, this one included. */
  onConnect: (cell: Cell, labCells: number) => Promise<void> | void = () => {};
  /** Whether the evidence meets the expectation: by default all but the wrong key connects, as it should. */
  meets: (cell: Cell, expectation: Expectation, labCells: number) => boolean = ({ psk }, { outcome }) =>
    (psk === 'good') === (outcome.kind === 'connect');
  remains: (cell: Cell) => string[] = () => [];
  unsupported: (cell: Cell) => string | undefined = () => undefined;
  onUp: (plan: LabPlan) => Promise<void> | void = () => {};
  onBoxes: () => void = () => {};
  onCapture: () => Promise<void> | void = () => {};
  onAppend: (record: CellRecord) => void = () => {};
  #labs = 0;
  #labCells = 0;
  #cell = cell('direct');

  /** Runs these cells; `--bail`, `--keep` and the like in `options`. */
  run(
    cells: readonly Cell[],
    options: Partial<RunnerOptions> & { repeat?: number } = {},
  ): Promise<RunOutcome> {
    const { repeat = 1, ...changed } = options;
    const all = { seed: 's', keep: false, bail: false, throughput: false, versions: {}, ...changed };
    return runCells(
      this.#parts(),
      this.#recorder(),
      plan(cells, repeat),
      { probe: this.probe, ...all },
      this.interruption.signal,
      (event) => this.events.push(event),
    );
  }

  #parts(): RunnerParts {
    const judge = (expectation: Expectation): Judgement => {
      const meets = this.meets(this.#cell, expectation, this.#labCells);
      const why = meets ? 'as expected' : 'not as expected';
      return { verdict: meets ? 'pass' : 'fail', why, outcome: 'fake', stageReached: undefined, checks: [] };
    };
    return {
      fabric: this.#fabric(),
      peers: new Map(['ts', 'softether'].map((name) => [name, this.#driver(name)])),
      loadTopology: (name) => ({ ...topology, name }),
      expect: ({ psk, clients }) => {
        const outcome: Expectation['outcome'] =
          psk === 'good' ? { kind: 'connect' } : { kind: 'stop', stage: 'phase1', reason: 'auth-failed' };
        return Array.from({ length: clients }, () => ({ outcome, checks: [], rules: [], disputed: false }));
      },
      settings: ({ user }, { dial }, seed) => ({
        preSharedKey: 'k',
        clientPreSharedKey: 'k',
        user,
        password: 'p',
        l2tpPort: 1701,
        callers: [],
        dial,
        timerFactor: 1,
        seed,
      }),
      proveTraffic: async () => {
        this.log.push('traffic');
        return traffic;
      },
      pingAgain: async () => {
        this.log.push('ping again');
        return { sent: 3, received: 3 };
      },
      sustain: async (_, proof) => {
        this.log.push('sustain');
        return { ...proof, sustained: true };
      },
      boxDrops: async () => [],
      observeWire: async ({ topology: { nodes } }) =>
        Object.values(nodes).flatMap(({ kind }) => (kind === 'client' ? [wire] : [])),
      judge,
    };
  }

  #recorder(): Recorder {
    return {
      run: 'r',
      path: '/run',
      cellDirectory: (name) => `cells/${name}`,
      append: (record) => {
        this.onAppend(record);
        this.records.push(recordSchema.parse(JSON.parse(JSON.stringify(record))));
      },
      writeFile: (relative) => this.log.push(`write ${relative}`),
    };
  }

  #fabric(): Fabric {
    return {
      name: 'docker',
      up: async (planned) => {
        await this.onUp(planned);
        this.#labCells = 0;
        const id = `lab${++this.#labs}`;
        this.log.push(`up ${id}`);
        return this.#lab(id, planned.topology);
      },
    };
  }

  #lab(id: string, of: Topology): Lab {
    const node = (name: string): LabNode => ({
      name,
      container: `${id}-${name}`,
      exec: () => Promise.reject(new Error('not in a fake')),
      spawn: () => Promise.reject(new Error('not in a fake')),
      copyIn: () => Promise.reject(new Error('not in a fake')),
      logs: async () => 'container log',
    });
    return {
      id,
      topology: of,
      node,
      versions: { lab: id },
      resetBoxes: async (variant) => {
        this.log.push(`boxes ${variant}`);
        this.onBoxes();
      },
      startCapture: async (directory) => {
        this.log.push('capture');
        await this.onCapture();
        return {
          stop: async () => {
            this.log.push('capture ends');
            return { files: { wire: `${directory}/wire.pcap` }, droppedByCapture: 0 };
          },
        };
      },
      down: async () => void this.log.push(`down ${id}`),
    };
  }

  #driver(name: string): PeerDriver {
    return {
      name,
      image: name,
      roles: ['client', 'responder'],
      unsupported: (asked) => this.unsupported(asked),
      start: async (_, { role }) => this.#peer(role),
    };
  }

  #peer(role: 'client' | 'responder'): Peer {
    this.log.push(`start ${role}`);
    return {
      version: '1',
      tunnelInterface: 'tun0',
      configure: async (asked) => {
        this.#cell = asked;
        if (role === 'client') this.#labCells += 1;
      },
      connect: async (_, progress) => {
        progress('phase1');
        this.log.push('connect');
        await this.onConnect(this.#cell, this.#labCells);
      },
      expectClient: async (client) => void this.log.push(`expect client ${client}`),
      status: async () => this.#status(role),
      disconnect: async () => void this.log.push('disconnect'),
      remains: async () => this.remains(this.#cell),
      logs: async () => `${role} log`,
      stop: async () => void this.log.push(`stop ${role}`),
    };
  }

  #status(peer: string): PeerObservation {
    const connected = this.#cell.psk === 'good';
    const stage = connected
      ? ({ stage: 'ppp-ipcp', state: 'done', atMs: 250, detail: '' } as const)
      : ({ stage: 'phase1', state: 'stopped', reason: 'auth-failed', detail: '' } as const);
    return { peer, version: '1', stages: [stage], dns: [], unanswered: [], warnings: [] };
  }
}
