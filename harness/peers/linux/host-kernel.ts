import { CrossnatError } from '../../error.ts';
import type { ExecResult, LabNode, NodeProcess } from '../../fabric/fabric.ts';
import { configDirectory } from './configuration.ts';
import { emptyIpsec } from './ipsec.ts';
import { type Kernel, runScript } from './kernel.ts';

/**
 * What a peer leaves in its node when its programs were killed. A PPP link goes with the program that holds it,
 * but not at the same moment.
 */
const emptyScript = `ip xfrm state flush
ip xfrm policy flush
for link in $(ip -o link show type ppp | cut -d: -f2); do ip link delete dev "$link" 2>/dev/null || true; done
if ip -o link show type ppp | grep . >&2; then exit 1; fi
rm -rf ${configDirectory}`;

/**
 * The kernel of the engine's host, as it is seen from a node: SAs, policies, L2TP tunnels and PPP links belong to
 * the node's network namespace, so that peers on one host share nothing. Programs run in the node itself; its
 * place in the network is the node's.
 */
export class HostKernel implements Kernel {
  readonly name: string;
  readonly container: string;
  readonly #node: LabNode;
  readonly #running = new Set<NodeProcess>();

  private constructor(node: LabNode) {
    this.name = node.name;
    this.container = node.container;
    this.#node = node;
  }

  /** Takes a node whose kernel lacks nothing (`lacksOfHost`) and blocks L2TP in clear there. */
  static async take(node: LabNode, signal: AbortSignal): Promise<HostKernel> {
    const kernel = new HostKernel(node);
    await kernel.script(emptyIpsec(), 'keeping L2TP out of the clear', signal);
    return kernel;
  }

  exec(argv: readonly string[], options: { signal: AbortSignal; input?: string }): Promise<ExecResult> {
    return this.#node.exec(argv, options);
  }

  script(script: string, doing: string, signal: AbortSignal): Promise<string> {
    return runScript(this, script, doing, signal);
  }

  async spawn(argv: readonly string[], signal: AbortSignal): Promise<NodeProcess> {
    const process = await this.#node.spawn(argv, signal);
    this.#running.add(process);
    const forget = () => this.#running.delete(process);
    process.exit.then(forget, forget);
    return process;
  }

  copyIn(from: string, to: string, accept: (relativePath: string) => boolean): Promise<void> {
    return this.#node.copyIn(from, to, accept);
  }

  logs(): Promise<string> {
    return this.#node.logs();
  }

  /** Ends the programs that run, and removes SAs, policies, PPP links and the settings of the last cell. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((process) => process.kill()));
    await this.script(emptyScript, 'removing what a Linux peer left', new AbortController().signal);
  }

  broken(doing: string, found: string): CrossnatError {
    return new CrossnatError('broken', {
      doing: `${doing} in node ${this.name}`,
      found,
      remedy: 'The log of this peer is beside the record',
    });
  }
}
