import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cell } from '../../../cell.ts';
import type { ExecResult, Lab, LabNode } from '../../../fabric/fabric.ts';
import { isakmpMessage, pcapFile, udpFrame } from '../../../measure/testing/forged-capture.ts';
import type { PeerObservation } from '../../../observation.ts';
import { loadTopology } from '../../../topologies.ts';
import type { CellSettings, Peer, PeerDriver } from '../../peer.ts';
import type { Bench } from './bench.ts';
import { connectedEnd, quietEnd, refusedEnd } from './example-ends.ts';
import { otherOf, type Role } from './opposite.ts';

const topology = loadTopology('direct');
const clientAddress = '198.18.1.10';
const silent = '198.18.2.99';

/** What a test changes of a peer that keeps every rule. */
export interface Quirks {
  /** In place of a proper start. */
  readonly start?: () => Promise<Peer>;
  /** What the start throws, where it does; asked at each. */
  readonly startFailure?: () => Error | undefined;
  readonly peer?: (proper: Peer, world: FakeWorld) => Partial<Peer>;
  /** What /proc/net/udp shows. */
  readonly sockets?: string;
  readonly answersInClear?: boolean;
  /** No datagram in clear gets to it. */
  readonly isOutOfReach?: boolean;
  readonly losesPings?: boolean;
}

/** A connection that came about, or was refused for its key. */
interface Connection {
  readonly number: number;
  readonly refused: boolean;
}

/** For tests of the probe: two peers and the wire between them. Both keep every rule, but for the quirks of one. */
export class FakeWorld {
  readonly bench: Bench;
  readonly #quirks: Quirks;
  /** Frames since the capture began. */
  #frames: Uint8Array[] = [];
  #number = 0;
  #isUp = false;
  readonly #settings: Partial<Record<Role, CellSettings>> = {};
  readonly #shown: Partial<Record<Role, Connection>> = {};

  constructor(role: Role, quirks: Quirks = {}) {
    this.#quirks = quirks;
    const proper = async () => {
      const failure = quirks.startFailure?.();
      if (failure) throw failure;
      return this.#quirky(this.#peer('probed', role));
    };
    const other = otherOf(role);
    this.bench = {
      driver: driverOf('probed', quirks.start ?? proper),
      role,
      opposite: driverOf('opposite', async () => this.#peer('opposite', other)),
      cell: cell('direct', { [role]: 'probed', [other]: 'opposite' }),
      outcome: { kind: 'connect' },
      lab: this.#lab(),
      silent,
      patience: { step: 500, abort: 50, wait: 50 },
    };
  }

  /** A datagram from the client's place to the responder's, or back. */
  send(way: 'to-responder' | 'to-client', port: number, data: Uint8Array): void {
    const ends = { client: clientAddress, responder: topology.dial };
    const [from, to] = way === 'to-responder' ? [ends.client, ends.responder] : [ends.responder, ends.client];
    this.#frames.push(udpFrame({ from, to, fromPort: port, toPort: port, data }));
  }

  #quirky(proper: Peer): Peer {
    return { ...proper, ...this.#quirks.peer?.(proper, this) };
  }

  #peer(name: string, role: Role): Peer {
    let cells = 0;
    return {
      version: '1',
      tunnelInterface: 'ppp0',
      configure: async (_, settings) => {
        this.#settings[role] = settings;
        delete this.#shown[role];
        cells += 1;
      },
      connect: (signal, progress) => this.#connect(signal, progress),
      expectClient: async () => {},
      // The one connection of a cell is the first client's.
      status: async (_, client) => this.#observation(name, role, client === 0),
      disconnect: async () => {
        this.#isUp = false;
      },
      remains: async () => (this.#isUp ? ['an SA'] : []),
      logs: async () => `log of cell ${cells}`,
      stop: async () => {},
    };
  }

  async #connect(signal: AbortSignal, progress: (stage: string) => void): Promise<void> {
    const { client, responder } = this.#settings;
    const message = isakmpMessage({ initiatorCookie: '1111111111111111', exchangeType: 2, body: 'SA' });
    this.send('to-responder', 500, message);
    if (client?.dial === silent) {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    }
    this.#number += 1;
    const refused = client?.clientPreSharedKey !== responder?.preSharedKey;
    for (const role of ['client', 'responder'] as const)
      this.#shown[role] = { number: this.#number, refused };
    this.#isUp = !refused;
    progress('reach');
  }

  #observation(peer: string, role: Role, isFirst: boolean): PeerObservation {
    const connection = isFirst ? this.#shown[role] : undefined;
    if (!connection) return quietEnd(peer);
    return connection.refused ? refusedEnd(peer) : connectedEnd(peer, role, connection.number);
  }

  #lab(): Lab {
    return {
      id: 'fake',
      topology,
      node: (name) => this.#node(name),
      resetBoxes: async () => {},
      probeBoxes: async () => {},
      rebind: async () => {},
      startCapture: async (directory) => {
        this.#frames = [];
        const file = join(directory, 'internet.pcap');
        const stop = async () => {
          writeFileSync(file, pcapFile(this.#frames));
          return { files: { internet: file }, droppedByCapture: 0 };
        };
        return { stop };
      },
      versions: {},
      down: async () => {},
    };
  }

  #node(name: string): LabNode {
    const never = () => Promise.reject(new Error('not in a fake'));
    return {
      name,
      container: name,
      exec: async (argv) => this.#run(argv.join(' ')),
      spawn: never,
      copyIn: never,
      logs: async () => '',
    };
  }

  /** What the probe has to have done in a node. */
  #run(command: string): ExecResult {
    const said = (stdout: string): ExecResult => ({ exitCode: 0, stdout, stderr: '' });
    if (command === 'cat /proc/net/udp')
      return said(this.#quirks.sockets ?? ' 12: 00000000:01F4 00000000:0000 07');
    if (command.startsWith('ping '))
      return said(this.#isUp && !this.#quirks.losesPings ? threeAnswers : noAnswer);
    if (command.includes('/dev/udp/198.18.2.10/1701')) {
      if (!this.#quirks.isOutOfReach) this.send('to-responder', 1701, Buffer.from('SCCRQ'));
      if (this.#quirks.answersInClear) this.send('to-client', 1701, Buffer.from('SCCRP'));
      return said('');
    }
    throw new Error(`nobody knows ${command}`);
  }
}

function driverOf(name: string, start: PeerDriver['start']): PeerDriver {
  return { name, roles: ['client', 'responder'], image: 'ts', unsupported: () => undefined, start };
}

/** As ping of iputils prints them. */
const threeAnswers = `${[1, 2, 3].map((sequence) => `64 bytes from 192.168.2.10: icmp_seq=${sequence} ttl=63 time=1.00 ms\n`).join('')}
3 packets transmitted, 3 received, 0% packet loss, time 20ms
`;
const noAnswer = '3 packets transmitted, 0 received, 100% packet loss, time 20ms\n';
