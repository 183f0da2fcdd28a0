import { type Cell, cell } from '../../cell.ts';
import type { Check, Expectation } from '../../expectation.ts';
import type { Fabric, FabricProbe, Lab, LabNode, LabPlan } from '../../fabric/fabric.ts';
import type { Ending, PeerObservation } from '../../observation.ts';
import type { CaptureKeys, Peer, PeerDriver, RandomFault } from '../../peers/peer.ts';
import { type CellRecord, recordSchema } from '../../record.ts';
import type { Topology } from '../../topology.ts';
import type { Evidence } from '../../verdict/evidence.ts';
import type { Judgement } from '../../verdict/judge.ts';
import type { Recorder, RunEvent, RunnerParts } from '../parts.ts';
import { plan } from '../plan.ts';
import { type RunnerOptions, type RunOutcome, runCells } from '../runner.ts';
import { clientName, topologyWith, traffic, wire } from './fake-evidence.ts';

type Role = 'client' | 'responder';

/** A world without containers in which a test says what each cell does, and `log` tells in which order things were done. */
export class FakeWorld {
  readonly log: string[] = [];
  readonly events: RunEvent[] = [];
  readonly records: CellRecord[] = [];
  /** What was judged, attempt by attempt: of each client. */
  readonly evidence: (readonly Evidence[])[] = [];
  /** Files, by their paths. */
  readonly written = new Map<string, string>();
  readonly interruption = new AbortController();
  probe: FabricProbe = { fabric: 'docker', facts: { engine: 'fake' }, lacks: [] };
  /** Places for clients in every topology. */
  places = 1;
  /** What connecting does; `labCells` counts the cells that the lab has had, this one included; `client` is from 0. */
  onConnect: (cell: Cell, labCells: number, client: number) => Promise<void> | void = () => {};
  /** Whether the evidence of a client meets the expectation: by default all but the wrong key connects, as it should. */
  meets: (cell: Cell, expectation: Expectation, labCells: number, client: number) => boolean = (
    { psk },
    { outcome },
  ) => (psk === 'good') === (outcome.kind === 'connect');
  /** `who`: `client`, `client-2`, `responder`. */
  remains: (cell: Cell, who: string) => string[] = () => [];
  unsupported: (cell: Cell, role: Role) => string | undefined = () => undefined;
  roles: readonly Role[] = ['client', 'responder'];
  onConfigure: (cell: Cell) => void = () => {};
  /** What every peer gets wrong by chance. */
  randomFault: RandomFault | undefined;
  /** The outcome that is judged, as text. */
  outcome: (labCells: number) => string = () => 'fake';
  /** What the rule table would have checked. */
  checks: (cell: Cell) => Check[] = () => [];
  /** Of which client the documents contradict each other, from 0. */
  disputedClient: number | undefined;
  /** What a peer gives away to decrypt its connection; by default none does. */
  captureKeys: ((who: string) => CaptureKeys) | undefined;
  /** What a peer tells of the end of the connection of a client, from 0; by default none does. */
  ending: ((who: string, client: number) => Ending) | undefined;
  onUp: (plan: LabPlan) => Promise<void> | void = () => {};
  onBoxes: () => void = () => {};
  /** Why the fabric cannot be set so. */
  beyond: (nat: string) => string | undefined = () => undefined;
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
    const all = {
      seed: 's',
      keep: false,
      jobs: 1,
      bail: false,
      throughput: false,
      keys: false,
      attemptUnsupported: false,
      versions: {},
      probe: this.probe,
      ...changed,
    };
    return runCells(
      this.#parts(),
      this.#recorder(),
      plan(cells, repeat),
      all,
      this.interruption.signal,
      (event) => this.events.push(event),
    );
  }

  #parts(): RunnerParts {
    const judge = (expectation: Expectation, client: number): Judgement => {
      const meets = this.meets(this.#cell, expectation, this.#labCells, client);
      const why = meets ? 'as expected' : 'not as expected';
      return {
        verdict: meets ? 'pass' : 'fail',
        why,
        outcome: this.outcome(this.#labCells),
        stageReached: undefined,
        checks: [],
      };
    };
    return {
      fabric: this.#fabric(),
      peers: new Map(['ts', 'softether'].map((name) => [name, this.#driver(name)])),
      loadTopology: (name) => topologyWith(name, this.places),
      expect: (of) => {
        const { psk, clients } = of;
        const outcome: Expectation['outcome'] =
          psk === 'good' ? { kind: 'connect' } : { kind: 'stop', stage: 'phase1', reason: 'auth-failed' };
        const checks = this.checks(of);
        return Array.from({ length: clients }, (_, client) => {
          return { outcome, checks, rules: [], disputed: client === this.disputedClient };
        });
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
      proveTraffic: async ({ clientNode }) => {
        this.log.push(`traffic${ofLater(clientNode)}`);
        return traffic;
      },
      pingAgain: async ({ clientNode }) => {
        this.log.push(`ping again${ofLater(clientNode)}`);
        return { sent: 3, received: 3 };
      },
      pingBack: async ({ clientNode }) => {
        this.log.push(`ping back${ofLater(clientNode)}`);
        return { sent: 3, received: 3 };
      },
      sustain: async (_, proof) => {
        this.log.push('sustain');
        return { ...proof, sustained: true };
      },
      boxDrops: async () => [],
      observeWire: async ({ topology: { nodes } }) =>
        Object.values(nodes).flatMap(({ kind }) => (kind === 'client' ? [wire] : [])),
      keyTables: (keys) => (keys.length === 0 ? undefined : { table: JSON.stringify(keys) }),
      judge: (expectations, evidence) => {
        this.evidence.push(evidence);
        return expectations.map(judge);
      },
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
      writeFile: (relative, text) => {
        this.log.push(`write ${relative}`);
        this.written.set(relative, text);
      },
    };
  }

  #fabric(): Fabric {
    return {
      name: 'docker',
      beyond: (_topology, nat) => this.beyond(nat),
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
      probeBoxes: async () => {},
      rebind: async (nat) => {
        this.log.push(`rebind ${nat}`);
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
      roles: this.roles,
      ...(this.randomFault && { randomFault: this.randomFault }),
      unsupported: (asked, role) => this.unsupported(asked, role),
      start: async (_, { role, client }) => this.#peer(role === 'client' ? clientName(client) : role, client),
    };
  }

  #peer(who: string, number: number): Peer {
    this.log.push(`start ${who}`);
    const { captureKeys, ending } = this;
    return {
      version: '1',
      tunnelInterface: 'tun0',
      configure: async (asked) => {
        this.log.push(`configure ${who}`);
        this.#cell = asked;
        if (who === 'client') this.#labCells += 1;
        this.onConfigure(asked);
      },
      connect: async (_, progress) => {
        progress('phase1');
        this.log.push(`connect${ofLater(who)}`);
        await this.onConnect(this.#cell, this.#labCells, number);
      },
      expectClient: async (client) => void this.log.push(`expect client ${client}`),
      status: async (_, client) => this.#status(who, client),
      disconnect: async () => void this.log.push(`disconnect${ofLater(who)}`),
      remains: async () => {
        this.log.push(`remains of ${who}`);
        return this.remains(this.#cell, who);
      },
      ...(captureKeys && { captureKeys: async () => captureKeys(who) }),
      ...(ending && {
        ending: async (_: AbortSignal, client: number) => {
          this.log.push(`ending at ${who}${who === 'responder' ? ` of client ${client}` : ''}`);
          return ending(who, client);
        },
      }),
      logs: async () => `${who} log`,
      stop: async () => void this.log.push(`stop ${who}`),
    };
  }

  /** `peer` tells whose observation it is: `client-2`, and at the responder `responder of client 1`. */
  #status(who: string, client: number): PeerObservation {
    const connected = this.#cell.psk === 'good';
    const stage = connected
      ? ({ stage: 'ppp-ipcp', state: 'done', atMs: 250, detail: '' } as const)
      : ({ stage: 'phase1', state: 'stopped', reason: 'auth-failed', detail: '' } as const);
    const peer = who === 'responder' ? `responder of client ${client}` : who;
    return { peer, version: '1', stages: [stage], dns: [], unanswered: [], warnings: [] };
  }
}

/** Which client a line of the log is about, where it is not the first. */
function ofLater(who: string): string {
  return who === 'client' ? '' : ` ${who}`;
}
