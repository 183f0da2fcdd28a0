import type { Cell } from '../../cell.ts';
import type { LabNode } from '../../fabric/fabric.ts';
import type { Ending, PeerObservation } from '../../observation.ts';
import type { CaptureKeys, CellSettings, Peer, PeerContext, PeerEvents } from '../peer.ts';
import type { EndpointSettings } from './agent/protocol.ts';
import type { AgentConnection } from './agent-connection.ts';
import { captureKeysOf } from './capture-keys.ts';
import { FactLog } from './fact-log.ts';
import { NodeSetup } from './node-setup.ts';

/** What our stack has in common in both roles: an agent in the node, and the facts that it tells. */
export abstract class AgentPeer implements Peer {
  readonly version: string;
  readonly tunnelInterface = 'l2tp0';
  protected readonly agent: AgentConnection;
  protected readonly setup: NodeSetup;
  protected readonly context: PeerContext;
  #log: FactLog;
  /** Of the endpoint that runs, and how often it began anew since it was configured. */
  #config: EndpointSettings | undefined;
  #life = 0;
  #hasPower = true;

  constructor(agent: AgentConnection, node: LabNode, context: PeerContext, version: string) {
    this.agent = agent;
    this.setup = new NodeSetup(node);
    this.context = context;
    this.version = version;
    this.#log = new FactLog(agent);
  }

  abstract configure(cell: Cell, settings: CellSettings, signal: AbortSignal): Promise<void>;
  abstract connect(signal: AbortSignal, progress: (stage: string) => void): Promise<void>;
  abstract disconnect(signal: AbortSignal): Promise<void>;
  abstract remains(signal: AbortSignal): Promise<readonly string[]>;

  /** After the agent's answer no fact of the clients before is still on its way. */
  async expectClient(client: number, signal: AbortSignal): Promise<void> {
    await this.agent.request({ request: 'status' }, signal);
    this.#log.expect(client);
  }

  /** After the agent's answer no fact is still on its way. What an agent told before it died is evidence too. */
  async status(signal: AbortSignal, client: number): Promise<PeerObservation> {
    const now = await this.agent.request({ request: 'status' }, signal).catch(() => undefined);
    // A client knows nobody but itself.
    const number = this.context.role === 'client' ? 0 : client;
    return this.#log.observation('ts', this.version, number, now?.sas);
  }

  /** As with `status`. */
  async ending(signal: AbortSignal, client: number): Promise<Ending> {
    await this.agent.request({ request: 'status' }, signal).catch(() => undefined);
    return this.#log.ending(this.context.role === 'client' ? 0 : client);
  }

  async captureKeys(signal: AbortSignal): Promise<CaptureKeys> {
    return captureKeysOf(await this.agent.request({ request: 'keys' }, signal));
  }

  readonly events: PeerEvents = {
    restart: async (signal) => {
      if (this.#config === undefined) throw new Error('restarted before it was configured');
      this.#life += 1;
      const { seed } = this.#config;
      // Another seed: no cookie and no SPI of its life before may come again.
      const config = { ...this.#config, seed: `${seed}${this.#life}` };
      await this.#givePower(signal);
      await this.#begin(config, signal);
    },
    cutPower: async (signal) => {
      this.#hasPower = false;
      // Its kernel would say of every packet that comes that nobody wants it.
      await this.setup.once('iptables -I OUTPUT -j DROP\n', signal);
      await this.agent.request({ request: 'stop' }, signal);
    },
    holds: async (signal) => (await this.agent.request({ request: 'status' }, signal)).alive,
  };

  async logs(): Promise<string> {
    return this.agent.log();
  }

  stop(): Promise<void> {
    return this.agent.stop();
  }

  /** A new endpoint in place of the last one; facts count from here. */
  protected async startEndpoint(
    config: Omit<EndpointSettings, 'tunnelInterface'>,
    signal: AbortSignal,
  ): Promise<void> {
    const { tunnelInterface } = this;
    this.#config = { ...config, tunnelInterface };
    this.#life = 0;
    await this.#givePower(signal);
    await this.#begin(this.#config, signal);
  }

  async #givePower(signal: AbortSignal): Promise<void> {
    if (this.#hasPower) return;
    await this.setup.once('iptables -D OUTPUT -j DROP\n', signal);
    this.#hasPower = true;
  }

  async #begin(config: EndpointSettings, signal: AbortSignal): Promise<void> {
    await this.agent.request({ request: 'start', config }, signal);
    this.#log.close();
    this.#log = new FactLog(this.agent);
  }
}
