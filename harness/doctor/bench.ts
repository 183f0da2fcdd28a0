import { setMaxListeners } from 'node:events';
import { CrossnatError } from '../error.ts';
import { type EngineStatus, engine, engineStatus, errorText } from '../fabric/docker/engine.ts';
import { ensureImages } from '../fabric/docker/images.ts';
import { type ContainerNeeds, LabContainer } from '../fabric/docker/lab-container.ts';
import { containerLabels, label, type RunIdentity } from '../fabric/docker/labels.ts';
import { nodeNeeds, wireNeeds, withPpp } from '../fabric/docker/needs.ts';
import { DockerNode } from '../fabric/docker/node.ts';
import { removeContainers } from '../fabric/docker/remove.ts';
import type { LabNode } from '../fabric/fabric.ts';

/** What the throw-away containers of the bench are allowed; by default what a lab's are. */
export interface BenchNeeds {
  readonly node: ContainerNeeds;
  readonly wire: ContainerNeeds;
  readonly endpoint: ContainerNeeds;
}

export const labNeeds: BenchNeeds = {
  node: nodeNeeds({ kind: 'nat' }),
  wire: wireNeeds,
  endpoint: withPpp(nodeNeeds({ kind: 'client' })),
};

/**
 * What probes work in: throw-away containers like those of a lab, each started once, when first asked for.
 * A part that cannot be had throws the same CrossnatError to everyone who asks for it.
 */
export class Bench implements AsyncDisposable {
  readonly signal: AbortSignal;
  readonly #run: RunIdentity;
  readonly #needs: BenchNeeds;
  readonly #progress: (text: string) => void;
  readonly #parts = new Map<string, Promise<unknown>>();
  readonly #lab: string;

  constructor(run: RunIdentity, needs: BenchNeeds, signal: AbortSignal, progress: (text: string) => void) {
    this.#run = run;
    this.#needs = needs;
    this.#progress = progress;
    this.#lab = `${run.id}-doctor`;
    this.signal = signal;
    setMaxListeners(0, signal);
  }

  status(): Promise<EngineStatus> {
    return this.#once('status', engineStatus);
  }

  /** The tag of the image that every container here is made of. */
  image(): Promise<string> {
    return this.#once('image', async () => {
      await this.status();
      const { box = '' } = await ensureImages(['box'], { signal: this.signal, progress: this.#progress });
      return box;
    });
  }

  /** A container like a NAT box: without a network, with the right to configure its own. */
  node(): Promise<LabNode> {
    return this.#started('node');
  }

  /** A container like the wire: sees every process, may enter the others. */
  wire(): Promise<LabNode> {
    return this.#started('wire');
  }

  /** A container like a client or responder: with /dev/net/tun, and the right to /dev/ppp. */
  endpoint(): Promise<LabNode> {
    return this.#started('endpoint');
  }

  /**
   * Node and wire, started beside each other, and the node's first process as the engine's host counts.
   * Where neither starts, it is always the node's error that is thrown: one cause has one name.
   */
  async pair(): Promise<{ readonly node: LabNode; readonly wire: LabNode; readonly pid: number }> {
    const [node, wire] = await Promise.allSettled([this.node(), this.wire()]);
    if (node.status === 'rejected') throw node.reason;
    if (wire.status === 'rejected') throw wire.reason;
    const { State } = await engine().getContainer(node.value.container).inspect();
    return { node: node.value, wire: wire.value, pid: State.Pid };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#parts.values());
    if (this.#parts.has('image')) await removeContainers({ [label.lab]: this.#lab }).catch(() => {});
  }

  #started(role: keyof BenchNeeds): Promise<LabNode> {
    return this.#once(role, async () => {
      const image = await this.image();
      const { kind } = await this.status();
      const marks = { lab: this.#lab, topology: 'doctor', keep: false };
      const name = `crossnat-${this.#lab}-${role}`;
      const labels = containerLabels(this.#run, marks, role);
      try {
        const started = await new LabContainer(image, name, labels, this.#needs[role], kind).start();
        return new DockerNode(role, name, engine().getContainer(started.getId()));
      } catch (cause) {
        throw new CrossnatError('unavailable', {
          doing: `starting a container like a lab's ${role}`,
          found: errorText(cause),
          remedy: 'The engine refuses what a lab needs: use a local one that root started (npm run engine)',
          cause,
        });
      }
    });
  }

  #once<Part>(name: string, make: () => Promise<Part>): Promise<Part> {
    const known = this.#parts.get(name) as Promise<Part> | undefined;
    if (known) return known;
    const made = make();
    this.#parts.set(name, made);
    return made;
  }
}
