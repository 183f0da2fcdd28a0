import { CrossnatError } from '../../error.ts';
import type { LabNode, NodeProcess } from '../../fabric/fabric.ts';

/** vpnserver keeps everything in these. */
const directories = '/run/softether /var/log/softether /var/lib/softether';
const logs = '/var/log/softether/server_log/*.log';
/** Its only listener, for vpncmd: port 5555 in /proc/net/tcp, state 0A. */
const admin = 'localhost:5555';
const adminListens = 'grep -q ":15B3 00000000:0000 0A" /proc/net/tcp';
/** UDP 500 and 4500 in /proc/net/udp: it binds them about a second after IPsec is switched on. */
const ikeListens = 'grep -q ":01F4 " /proc/net/udp && grep -q ":1194 " /proc/net/udp';

/** One run of vpnserver in a node, with a state directory of its own. */
export class SoftEtherServer {
  readonly #node: LabNode;
  readonly #process: NodeProcess;
  #ended = false;

  private constructor(node: LabNode, process: NodeProcess) {
    this.#node = node;
    this.#process = process;
    process.exit.finally(() => {
      this.#ended = true;
    });
    // Read and thrown away: its words are in its log, and a full pipe would stop it.
    process.stdout.resume();
    process.stderr.resume();
  }

  /** Starts a server that knows nothing of earlier ones; resolves when it takes commands. */
  static async start(node: LabNode, signal: AbortSignal): Promise<SoftEtherServer> {
    const script = `rm -rf ${directories}; mkdir -p ${directories}
      cp /etc/crossnat/vpn_server.config /var/lib/softether/ && exec vpnserver execsvc`;
    // It outlives this call: it ends by stop(), or with its container.
    const process = await node.spawn(['sh', '-c', script], new AbortController().signal);
    const server = new SoftEtherServer(node, process);
    try {
      await server.#until(adminListens, signal);
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Gives these commands to vpncmd. @throws CrossnatError when one of them is not answered by success. */
  async command(lines: readonly string[], signal: AbortSignal): Promise<void> {
    const file = '/run/softether/commands';
    const script = `umask 077; cat >${file}; vpncmd ${admin} /SERVER /IN:${file}; rm ${file}`;
    const { stdout } = await this.#node.exec(['sh', '-c', script], {
      signal,
      input: `${lines.join('\n')}\n`,
    });
    // Its exit code tells of the last command only.
    const successes = stdout.match(/^The command completed successfully\.$/gm)?.length ?? 0;
    if (successes === lines.length) return;
    const complaint =
      /Error occurred\. \(Error code: \d+\)\s*.*/.exec(stdout)?.[0] ?? `${successes} successes`;
    throw this.#broken(`giving SoftEther ${lines.length} commands`, complaint);
  }

  /** Resolves when UDP 500 and 4500 are bound. */
  async ikeReady(signal: AbortSignal): Promise<void> {
    await this.#until(ikeListens, signal);
  }

  /** Resolves when it answers a command. @throws CrossnatError with its last words when it does not run any more. */
  async answers(signal: AbortSignal): Promise<void> {
    if (!this.#ended) return this.command(['ServerStatusGet'], signal);
    const [words] = (await this.log(signal)).trim().split('\n').slice(-1);
    throw this.#broken('running SoftEther', `its last words: ${words}`);
  }

  /** Its server log, whole. */
  async log(signal: AbortSignal): Promise<string> {
    const { stdout } = await this.#node.exec(['sh', '-c', `cat ${logs}`], { signal });
    return stdout;
  }

  async stop(): Promise<void> {
    await this.#process.kill();
  }

  /** Waits inside the node for a shell condition, for as long as the server lives. */
  async #until(condition: string, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const script = `until ${condition}; do sleep 0.02; done`;
    const waiting = this.#node.exec(['sh', '-c', script], { signal: AbortSignal.any([signal, over.signal]) });
    const died = this.#process.exit.then(async (code) => {
      throw this.#broken('starting SoftEther', `vpnserver ended with exit code ${code}`);
    });
    try {
      await Promise.race([waiting, died]);
    } finally {
      over.abort();
      waiting.catch(() => undefined);
      died.catch(() => undefined);
    }
  }

  #broken(doing: string, found: string): CrossnatError {
    return new CrossnatError('broken', {
      doing: `${doing} in node ${this.#node.name}`,
      found: this.#ended ? `${found}; vpnserver is not running any more` : found,
      remedy: 'The log of this peer is beside the record',
    });
  }
}
