import type { Cell } from '../../cell.ts';
import type { CellSettings } from '../peer.ts';
import { AgentPeer } from './agent-peer.ts';
import { alive } from './alive.ts';
import { hostScript } from './host-script.ts';
import { responderSetUp } from './responder-set-up.ts';

/** How long the responder may take to see the end of a connection that the client has ended. Milliseconds. */
const endOfConnectionMs = 2000;

/** Our stack as a responder, in its node: the AlliedWare router of the How-To, or one that its profile sets up. */
export class TsResponder extends AgentPeer {
  #notes: readonly string[] = [];

  override async configure(cell: Cell, settings: CellSettings, signal: AbortSignal): Promise<void> {
    const { endpoint, host, notes } = responderSetUp(cell, this.context.topology, settings);
    this.#notes = notes;
    await this.setup.apply(hostScript(host, this.tunnelInterface), signal);
    await this.startEndpoint({ endpoint, seed: `${settings.seed}/responder`, tunnelRoutes: [] }, signal);
  }

  /** A responder dials nobody. */
  override async connect(): Promise<void> {}

  /** The client ends the connection; the responder only watches. */
  override async disconnect(): Promise<void> {}

  override async remains(signal: AbortSignal): Promise<readonly string[]> {
    return alive(await this.agent.request({ request: 'settle', withinMs: endOfConnectionMs }, signal));
  }

  /** Before the agent's log: what became of every line of a script. */
  override async logs(): Promise<string> {
    return [...this.#notes, await super.logs()].join('\n');
  }
}
