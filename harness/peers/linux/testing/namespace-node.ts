import type { ExecResult, LabNode, NodeProcess } from '../../../fabric/fabric.ts';
import type { Kernel } from '../kernel.ts';

const never = new AbortController().signal;

/**
 * For tests: a node made of namespaces (network, processes, mounts) of a kernel that is another node's own. What
 * runs in it has that kernel for its host's, as a container has its engine's, so that the host's kernel can be
 * tested where no engine has one with ESP, L2TP and PPP.
 */
export class NamespaceNode implements LabNode {
  readonly name: string;
  readonly container: string;
  readonly #host: Kernel;
  /** The number that its first process has on the host. */
  readonly pid: string;
  #started = 0;

  private constructor(name: string, host: Kernel, pid: string) {
    this.name = name;
    this.container = `${host.container}/${name}`;
    this.#host = host;
    this.pid = pid;
  }

  static async make(name: string, host: Kernel): Promise<NamespaceNode> {
    // Its first process waits for orphans, as a container's init does.
    const first = 'mount -t tmpfs run /run; ip link set lo up; echo made; while :; do sleep 1000; done';
    const script = `echo $$; exec unshare -n -m -p -f --mount-proc sh -ec '${first}'`;
    const { stdout } = await host.spawn(['sh', '-c', script], never);
    let said = '';
    for await (const chunk of stdout) {
      said += chunk;
      if (said.includes('made')) break;
    }
    const [parent = ''] = said.split('\n');
    const child = await host.exec(['pgrep', '-P', parent], { signal: never });
    return new NamespaceNode(name, host, child.stdout.trim());
  }

  exec(argv: readonly string[], options: { signal: AbortSignal; input?: string }): Promise<ExecResult> {
    return this.#host.exec(this.#inside(argv), options);
  }

  /** Killed by a mark in its environment, as in a container: xl2tpd leaves the group in which it was started. */
  async spawn(argv: readonly string[], signal: AbortSignal): Promise<NodeProcess> {
    this.#started += 1;
    const mark = `CROSSNAT_PROCESS=${this.#started}`;
    const process = await this.#host.spawn(this.#inside(['env', mark, ...argv]), signal);
    const script = `kill -KILL $(grep -lzxs '${mark}' /proc/[0-9]*/environ | cut -d/ -f3)`;
    const kill = async () => {
      await this.exec(['sh', '-c', script], { signal: never });
      await process.exit;
    };
    return { ...process, kill };
  }

  copyIn(from: string, to: string, accept: (relativePath: string) => boolean): Promise<void> {
    return this.#host.copyIn(from, to, accept);
  }

  async logs(): Promise<string> {
    return '';
  }

  #inside(argv: readonly string[]): string[] {
    return ['nsenter', '-t', this.pid, '-n', '-m', '-p', '--', ...argv];
  }
}
