import type { ResponderEndpointConfig } from '../../../stack/endpoint/config.ts';
import { type Cell, peerOf } from '../../cell.ts';
import type { Topology } from '../../topology.ts';
import type { CellSettings } from '../peer.ts';
import { AgentPeer } from './agent-peer.ts';
import { alive } from './alive.ts';
import { compileScript, scriptContext, scriptFor } from './alliedware/compile.ts';
import type { LineReport } from './alliedware/interpret.ts';
import type { ResponderHostConfig } from './forwarding.ts';
import { hostScript } from './host-script.ts';
import { compilePlainEndpoint, compilePlainHost } from './plain/compile.ts';
import { loadResponderProfile } from './profiles/responder-profile.ts';

/** How long the responder may take to see the end of a connection that the client has ended. Milliseconds. */
const endOfConnectionMs = 2000;

/** Our stack as a responder, in its node: the AlliedWare router of the How-To, or one that its profile sets up. */
export class TsResponder extends AgentPeer {
  #notes: readonly string[] = [];

  override async configure(cell: Cell, settings: CellSettings, signal: AbortSignal): Promise<void> {
    const { endpoint, host, notes } = setUpFor(cell, this.context.topology, settings);
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

interface ResponderSetUp {
  readonly endpoint: ResponderEndpointConfig;
  readonly host: ResponderHostConfig;
  /** For the log. */
  readonly notes: readonly string[];
}

function setUpFor(cell: Cell, topology: Topology, settings: CellSettings): ResponderSetUp {
  const profile = loadResponderProfile(peerOf(cell.responder).profile ?? '');
  if (profile.setUpBy === 'profile') {
    const endpoint = compilePlainEndpoint(profile, cell, topology, settings);
    return { endpoint, host: compilePlainHost(topology), notes: [] };
  }
  const script = scriptFor(cell, topology, settings);
  const { endpoint, host, warnings, report } = compileScript(script, scriptContext(topology, settings));
  return { endpoint, host, notes: [...warnings, ...report.map(reportText)] };
}

/** `line 25 takes effect: add user=dialin1 ... (user dialin1, always at 192.168.8.50)` */
function reportText({ line, text, state, what }: LineReport): string {
  return `line ${line} ${state}: ${text} (${what})`;
}
