import type { Cell } from '../../cell.ts';
import type { CellSettings } from '../peer.ts';
import { AgentPeer } from './agent-peer.ts';
import { alive } from './alive.ts';
import { compileScript, scriptContext, scriptFor } from './alliedware/compile.ts';
import type { LineReport } from './alliedware/interpret.ts';
import { hostScript } from './host-script.ts';

/** How long the responder may take to see the end of a connection that the client has ended. Milliseconds. */
const endOfConnectionMs = 2000;

/** Our stack as the AlliedWare router of the How-To, in its node. */
export class TsResponder extends AgentPeer {
  #notes: readonly string[] = [];

  override async configure(cell: Cell, settings: CellSettings, signal: AbortSignal): Promise<void> {
    const { topology } = this.context;
    const script = scriptFor(cell, topology, settings);
    const { endpoint, host, warnings, report } = compileScript(script, scriptContext(topology, settings));
    this.#notes = [...warnings, ...report.map(reportText)];
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

  /** Before the agent's log: what became of every line of the script. */
  override async logs(): Promise<string> {
    return [...this.#notes, await super.logs()].join('\n');
  }
}

/** `line 25 takes effect: add user=dialin1 ... (user dialin1, always at 192.168.8.50)` */
function reportText({ line, text, state, what }: LineReport): string {
  return `line ${line} ${state}: ${text} (${what})`;
}
