import { CrossnatError } from '../../error.ts';
import type { LabNode } from '../../fabric/fabric.ts';

/**
 * Sets a node up by shell scripts, each of which replaces all that the last one did. One that equals the last
 * is not run again: nothing but this peer sets its node up, and most cells of a lab ask for the same.
 */
export class NodeSetup {
  readonly #node: LabNode;
  #stands: string | undefined;

  constructor(node: LabNode) {
    this.#node = node;
  }

  /** @throws CrossnatError with what the script's programs said when one of them fails */
  async apply(script: string, signal: AbortSignal): Promise<void> {
    if (script === this.#stands) return;
    this.#stands = undefined;
    await this.once(script, signal);
    this.#stands = script;
  }

  /** Beside what stands, and for as long as whoever asks for it undoes it himself; throws as `apply` does. */
  async once(script: string, signal: AbortSignal): Promise<void> {
    const { exitCode, stderr } = await this.#node.exec(['sh', '-e', '-s'], { signal, input: script });
    if (exitCode !== 0) {
      throw new CrossnatError('broken', {
        doing: `setting up node ${this.#node.name}`,
        found: stderr.trim(),
        remedy: "Look at the node's addresses and gateway in its topology file, and at the script it plays",
      });
    }
  }
}
