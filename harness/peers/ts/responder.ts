import type { Cell } from '../../cell.ts';
import { CrossnatError } from '../../error.ts';
import type { LabNode } from '../../fabric/fabric.ts';
import type { PeerObservation } from '../../observation.ts';
import type { CellSettings, Peer, PeerContext } from '../peer.ts';
import type { AgentConnection } from './agent-connection.ts';
import { alive } from './alive.ts';
import { compileScript, scriptContext, scriptFor } from './alliedware/compile.ts';
import type { ResponderHostConfig } from './alliedware/host.ts';
import { FactLog } from './fact-log.ts';
import { hostScript } from './host-script.ts';

/** How long the responder may take to see the end of a connection that the client has ended. Milliseconds. */
const endOfConnectionMs = 2000;

/** Our stack as the AlliedWare router of the How-To, in its node. */
export class TsResponder implements Peer {
  readonly version: string;
  readonly tunnelInterface = 'l2tp0';
  readonly #agent: AgentConnection;
  readonly #node: LabNode;
  readonly #context: PeerContext;
  #log: FactLog;
  #notes: readonly string[] = [];

  constructor(agent: AgentConnection, node: LabNode, context: PeerContext, version: string) {
    this.#agent = agent;
    this.#node = node;
    this.#context = context;
    this.version = version;
    this.#log = new FactLog(agent);
  }

  async configure(cell: Cell, settings: CellSettings, signal: AbortSignal): Promise<void> {
    const { topology } = this.#context;
    const script = scriptFor(cell, topology, settings);
    const compiled = compileScript(script, scriptContext(topology, settings));
    this.#notes = [...compiled.warnings, ...compiled.report.map((line) => JSON.stringify(line))];
    await this.#applyToHost(compiled.host, signal);
    await this.#agent.request(
      {
        request: 'start',
        config: {
          endpoint: compiled.endpoint,
          seed: `${settings.seed}/responder`,
          tunnelInterface: this.tunnelInterface,
          tunnelRoutes: [],
        },
      },
      signal,
    );
    this.#log.close();
    this.#log = new FactLog(this.#agent);
  }

  /** A responder dials nobody. */
  async connect(): Promise<void> {}

  /** After the agent's answer no fact is still on its way. What an agent told before it died is evidence too. */
  async status(signal: AbortSignal): Promise<PeerObservation> {
    await this.#agent.request({ request: 'status' }, signal).catch(() => undefined);
    return this.#log.observation('ts', this.version);
  }

  /** The client ends the connection; the responder only watches. */
  async disconnect(): Promise<void> {}

  async remains(signal: AbortSignal): Promise<readonly string[]> {
    return alive(await this.#agent.request({ request: 'settle', withinMs: endOfConnectionMs }, signal));
  }

  async logs(): Promise<string> {
    return [...this.#notes, this.#agent.log()].join('\n');
  }

  stop(): Promise<void> {
    return this.#agent.stop();
  }

  async #applyToHost(host: ResponderHostConfig, signal: AbortSignal): Promise<void> {
    const argv = ['sh', '-e', '-s'];
    const input = hostScript(host, this.tunnelInterface);
    const { exitCode, stderr } = await this.#node.exec(argv, { signal, input });
    if (exitCode === 0) return;
    throw new CrossnatError('broken', {
      doing: `setting up node ${this.#node.name} as the script asks`,
      found: stderr.trim(),
      remedy: 'Look at the addresses, routes and firewall of the script',
    });
  }
}
