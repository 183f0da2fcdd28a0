import type { Cell } from '../cell.ts';
import { pingCommand } from '../measure/ping.ts';
import type {
  Ending,
  EventObservation,
  PeerObservation,
  TrafficObservation,
  WireObservation,
} from '../observation.ts';
import type { CaptureKeys, CellSettings, Peer } from '../peers/peer.ts';
import { type BoxDrop, type Evidence, enoughTransmissions, says } from '../verdict/evidence.ts';
import { saysNothingLeft } from '../verdict/nothing-sent.ts';
import { type EventEnds, playEvent } from './event.ts';
import { isConnected } from './is-connected.ts';
import { knowingOfLoss } from './link-lost.ts';
import type { Connection, RunnerParts } from './parts.ts';
import { redial } from './redial.ts';
import { signsOfLife } from './signs-of-life.ts';
import type { StandingLab } from './standing-lab.ts';
import { deadlines, type Steps } from './steps.ts';

export type TurnParts = Pick<RunnerParts, 'proveTraffic' | 'pingAgain' | 'pingBack' | 'sustain'>;

/** One client of an attempt, and what came to light of its connection. */
export class ClientTurn {
  /** In the order in which clients dial, from 0. */
  readonly number: number;
  wire: WireObservation | undefined;
  /** What this client gave away of its connection's keys, and the responder of all that stood then. */
  readonly keys: CaptureKeys[] = [];
  readonly #parts: TurnParts;
  readonly #standing: StandingLab;
  readonly #steps: Steps;
  readonly #cell: Cell;
  readonly #peer: Peer;
  #client: PeerObservation | undefined;
  #responder: PeerObservation | undefined;
  #traffic: TrafficObservation | undefined;
  #event: EventObservation | undefined;
  #left: readonly string[] | undefined;

  constructor(parts: TurnParts, standing: StandingLab, steps: Steps, cell: Cell, peer: Peer, number: number) {
    this.#parts = parts;
    this.#standing = standing;
    this.#steps = steps;
    this.#cell = cell;
    this.#peer = peer;
    this.number = number;
  }

  /** `client`, `client-2`, ...: as the nodes of topologies with several places are named. */
  get name(): string {
    return this.number === 0 ? 'client' : `client-${this.number + 1}`;
  }

  get hasProof(): boolean {
    return this.#traffic !== undefined;
  }

  get left(): readonly string[] | undefined {
    return this.#left;
  }

  /** Milliseconds from the command to connect to the end of the last negotiation; absent where that did not come. */
  get connectMs(): number | undefined {
    return this.#client?.stages.find(({ stage, state }) => stage === 'ppp-ipcp' && state === 'done')?.atMs;
  }

  evidence(
    leftAtResponder: readonly string[] | undefined,
    boxDrops: readonly BoxDrop[] | undefined,
  ): Evidence {
    return {
      client: this.#client,
      responder: this.#responder,
      wire: this.wire,
      traffic: this.#traffic,
      left: this.#left && leftAtResponder && { client: this.#left, responder: leftAtResponder },
      ...(boxDrops ? { boxDrops } : {}),
      ...(this.#event && { event: this.#event }),
    };
  }

  /** What configures this client, as a step that others may run beside. */
  configuring(settings: CellSettings): readonly [string, (signal: AbortSignal) => Promise<void>] {
    return [
      this.#of('configuring the client'),
      (signal) => this.#peer.configure(this.#cell, settings, signal),
    ];
  }

  /** Dials, and reads what both ends show of it. */
  async dial(progress: (step: string) => void): Promise<void> {
    const { responder } = this.#standing;
    if (this.number > 0) {
      await this.#steps.timed(this.#of('announcing the client'), deadlines.step, (signal) =>
        responder.expectClient(this.number, signal),
      );
    }
    await this.#steps.timed(this.#of('connecting'), deadlines.connect, (signal) =>
      this.#peer.connect(signal, progress),
    );
    await this.readStatus();
    if (this.#client && saysNothingLeft(this.#client)) await this.#sendSignsOfLife();
  }

  /** What the captures have to show, or they could not prove that nothing left. */
  async #sendSignsOfLife(): Promise<void> {
    const { lab } = this.#standing;
    const signs = signsOfLife(lab.topology, this.number);
    await this.#steps.timed(this.#of('showing that the captures are alive'), deadlines.step, (signal) =>
      Promise.all(
        signs.map(({ node, target }) =>
          lab.node(node).exec(pingCommand({ address: target, count: enoughTransmissions }), { signal }),
        ),
      ),
    );
  }

  /** Whatever the ends can say still, where the turn ended in trouble. */
  async salvageStatus(): Promise<void> {
    if (!this.#client) await this.readStatus();
  }

  async readStatus(): Promise<void> {
    const { responder } = this.#standing;
    const [ofClient, ofResponder] = await Promise.all([
      this.#steps.salvage(this.#of("reading the client's status"), (signal) =>
        this.#peer.status(signal, this.number),
      ),
      this.#steps.salvage(this.#of("reading the responder's status"), (signal) =>
        responder.status(signal, this.number),
      ),
    ]);
    if (ofClient) this.#client = ofClient;
    if (ofResponder) this.#responder = ofResponder;
  }

  async proveTraffic(): Promise<void> {
    const connection = this.#connection();
    if (!connection) return;
    this.#traffic = await this.#steps.timed(this.#of('traffic'), deadlines.traffic, (signal) =>
      this.#parts.proveTraffic(connection, signal),
    );
  }

  /** Adds its sustained throughput to the proof of traffic of a connection that had one. */
  async sustain(): Promise<void> {
    const connection = this.#connection();
    const proof = this.#traffic;
    if (!connection || !proof) return;
    this.#traffic = await this.#steps.timed('throughput', deadlines.sustained, (signal) =>
      this.#parts.sustain(connection, proof, signal),
    );
  }

  /** Whether a connection that had its proof still passes, now that others have dialled. */
  async pingAgain(): Promise<void> {
    const connection = this.#connection();
    if (!connection || !this.#traffic) return;
    const pingAfterOthers = await this.#steps.timed(this.#of('traffic again'), deadlines.traffic, (signal) =>
      this.#parts.pingAgain(connection, signal),
    );
    this.#traffic = { ...this.#traffic, pingAfterOthers };
    if (pingAfterOthers.received < pingAfterOthers.sent) await this.#readLoss();
  }

  /** What both ends say of a link that carries nothing any more. */
  async #readLoss(): Promise<void> {
    const [client, responder] = [this.#client, this.#responder];
    await this.readStatus();
    this.#client = knowingOfLoss(client, this.#client);
    this.#responder = knowingOfLoss(responder, this.#responder);
  }

  /**
   * Whether a connection that had its proof passes after what happened to it while it stood. After an idle time the
   * office speaks first, after a rebinding the client.
   */
  async pingAfterHold(event: 'idle' | 'rebinding'): Promise<void> {
    const connection = this.#connection();
    if (!connection || !this.#traffic) return;
    const ping = event === 'idle' ? this.#parts.pingBack : this.#parts.pingAgain;
    const pingAfterHold = await this.#steps.timed(
      this.#of('traffic after that'),
      deadlines.traffic,
      (signal) => ping(connection, signal),
    );
    this.#traffic = { ...this.#traffic, pingAfterHold };
  }

  /** Has the cell's event happen to a connection that had its proof, where its peers can have it happen. */
  async liveThrough({ lifetimes, echoSeconds }: CellSettings): Promise<void> {
    const connection = this.#connection();
    const { event } = this.#cell;
    const [client, responder] = [this.#peer.events, this.#standing.responder.events];
    if (event === 'none' || !connection || !this.#traffic || !client || !responder) return;
    const ends: EventEnds = {
      client,
      responder,
      longestLife: lifetimes?.phase1Seconds ?? 0,
      echoSeconds: echoSeconds ?? 0,
      ping: (signal) => this.#parts.pingAgain(connection, signal),
      read: (signal) =>
        Promise.all([this.#peer, this.#standing.responder].map((peer) => peer.status(signal, this.number))),
      redial: (signal) => redial(connection, client, this.number, this.#parts.pingAgain, signal),
    };
    this.#event = await this.#steps.timed(event, deadlines.event, (signal) => playEvent(event, ends, signal));
    // What both told of the connection before is what they are asked of one that lives on; not so where it is another.
    if (this.#event.redial) return;
    await this.readStatus();
    await this.pingAfterHold('idle');
  }

  async disconnect(): Promise<void> {
    await this.#steps.salvage(this.#of('disconnecting'), (signal) => this.#peer.disconnect(signal));
  }

  async readRemains(): Promise<void> {
    this.#left = await this.#steps.salvage(this.#of('reading what is left at the client'), (signal) =>
      this.#peer.remains(signal),
    );
  }

  /** What both ends tell of the end that is behind them, where they told of the connection. */
  async readEnding(): Promise<void> {
    const { responder } = this.#standing;
    const [client, atResponder] = [this.#client, this.#responder];
    const [ofClient, ofResponder] = await Promise.all([
      this.#endingOf('the client', this.#peer, client),
      this.#endingOf('the responder', responder, atResponder),
    ]);
    if (client && ofClient) this.#client = { ...client, ending: ofClient };
    if (atResponder && ofResponder) this.#responder = { ...atResponder, ending: ofResponder };
  }

  async #endingOf(who: string, peer: Peer, saw: PeerObservation | undefined): Promise<Ending | undefined> {
    if (!saw || !peer.ending) return undefined;
    return this.#steps.salvage(this.#of(`asking ${who} what was said at the end`), async (signal) =>
      peer.ending?.(signal, this.number),
    );
  }

  logs(): Promise<string> {
    return this.#peer.logs();
  }

  /** Of an IPsec connection that stands, whatever became of L2TP and PPP in it. */
  async readKeys(): Promise<void> {
    if (!this.#client || says(this.#client, 'phase2') !== 'done') return;
    for (const peer of [this.#peer, this.#standing.responder]) {
      if (!peer.captureKeys) continue;
      const keys = await this.#steps.salvage(this.#of('asking for the keys of the capture'), async (signal) =>
        peer.captureKeys?.(signal),
      );
      if (keys) this.keys.push(keys);
    }
  }

  /** The connection, where the client has one. */
  #connection(): Connection | undefined {
    const [clientSaw, responderSaw] = [this.#client, this.#responder];
    if (!clientSaw || !responderSaw || !isConnected(clientSaw)) return undefined;
    const { lab, nodes, responder } = this.#standing;
    return {
      cell: this.#cell,
      lab,
      clientNode: nodes.clients[this.number] ?? '',
      responderNode: nodes.responder,
      client: this.#peer,
      responder,
      clientSaw,
      responderSaw,
    };
  }

  /** What is being done, and with which client where there are several. */
  #of(doing: string): string {
    return this.#cell.clients === 1 ? doing : `${doing} (client ${this.number + 1})`;
  }
}
