import { setTimeout as delay } from 'node:timers/promises';
import type { Cell } from '../../cell.ts';
import { CrossnatError } from '../../error.ts';
import type { LabNode } from '../../fabric/fabric.ts';
import type { PeerObservation } from '../../observation.ts';
import { linesOfClient } from '../lines-of-client.ts';
import type { CellSettings, Peer, PeerContext, PeerDriver, TrafficTarget } from '../peer.ts';
import { unsupported } from './capabilities.ts';
import { SoftEtherServer } from './server.ts';
import { leftInLog, namesClient, observeLog } from './server-log.ts';
import { setupCommands, trafficTarget } from './setup.ts';

/** SoftEther VPN Server as a responder: an implementation that is not ours, in a plain container. */
export const softetherDriver: PeerDriver = {
  name: 'softether',
  roles: ['responder'],
  image: 'softether',
  unsupported,
  randomFault: {
    stage: 'phase1',
    reason: 'short-public-value',
    source:
      'one public value in 256 lacks its leading zero: seen in captures; strongSwan and libreswan refuse it',
  },
  start,
};

async function start(node: LabNode, { signal }: PeerContext): Promise<Peer> {
  const { stdout, stderr } = await node.exec(['dpkg', '-s', 'softether-vpnserver'], { signal });
  const version = /^Version: (.+)$/m.exec(stdout)?.[1];
  if (version === undefined) {
    throw new CrossnatError('broken', {
      doing: `looking for SoftEther in node ${node.name}`,
      found: stderr.trim(),
      remedy: 'Give the node the image "softether"',
    });
  }
  return new SoftEther(node, version, await SoftEtherServer.start(node, signal));
}

/** How long the server may take to notice the end of a connection: it ends a session within a second. Milliseconds. */
const endOfConnectionMs = 2000;

class SoftEther implements Peer {
  readonly version: string;
  /** None: tunnels end inside the server's process. */
  readonly tunnelInterface = '';
  readonly trafficTarget: TrafficTarget = trafficTarget;
  readonly #node: LabNode;
  #server: SoftEtherServer;
  #configured = false;
  /** Where the log of each client begins, in the order in which they dial. */
  #beginnings = [0];
  #secrets: readonly string[] = [];

  constructor(node: LabNode, version: string, server: SoftEtherServer) {
    this.#node = node;
    this.version = version;
    this.#server = server;
  }

  /**
   * Every cell has a server of its own. A used one keeps dead SAs for a while and begins quick modes of its
   * own with the next client, and DHCP leases stay for two hours: its next cell would not be like its first.
   */
  async configure(cell: Cell, settings: CellSettings, signal: AbortSignal): Promise<void> {
    if (this.#configured) {
      await this.#server.stop();
      this.#server = await SoftEtherServer.start(this.#node, signal);
    }
    this.#configured = true;
    this.#beginnings = [0];
    const passwords = settings.callers.map(({ password }) => password);
    this.#secrets = [settings.preSharedKey, settings.clientPreSharedKey, ...passwords];
    await this.#server.command(setupCommands(cell, settings), signal);
    await this.#server.ikeReady(signal);
  }

  /** A responder dials nobody. */
  async connect(): Promise<void> {}

  async expectClient(_: number, signal: AbortSignal): Promise<void> {
    this.#beginnings.push((await this.#lines(signal)).length);
  }

  async status(signal: AbortSignal, client: number): Promise<PeerObservation> {
    const lines = linesOfClient(await this.#lines(signal), this.#beginnings, client, namesClient);
    return observeLog(lines, this.version);
  }

  /** The client ends the connection; the responder only watches. */
  async disconnect(): Promise<void> {}

  /** Read from its log, which is there when the server is not: so it is asked whether it still runs. */
  async remains(signal: AbortSignal): Promise<readonly string[]> {
    await this.#server.answers(signal);
    const patience = AbortSignal.timeout(endOfConnectionMs);
    for (;;) {
      const left = leftInLog(await this.#server.log(signal));
      if (left.length === 0 || patience.aborted) return left;
      await delay(100, undefined, { signal });
    }
  }

  async logs(): Promise<string> {
    const log = await this.#server.log(new AbortController().signal);
    return this.#secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), log);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** Every whole line that it logged. */
  async #lines(signal: AbortSignal): Promise<string[]> {
    return (await this.#server.log(signal)).split('\n').slice(0, -1);
  }
}
