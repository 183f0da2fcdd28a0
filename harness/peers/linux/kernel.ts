import type { CrossnatError } from '../../error.ts';
import type { LabNode } from '../../fabric/fabric.ts';

/** A kernel with ESP, L2TP and PPP on which a Linux peer's programs run: one of its own, or the host's. */
export interface Kernel extends LabNode {
  /** Runs a shell script that must succeed, and gives what it printed. @throws CrossnatError with its complaint. */
  script(script: string, doing: string, signal: AbortSignal): Promise<string>;
  /** The error for what went wrong on it. */
  broken(doing: string, found: string): CrossnatError;
  /** Ends every program that was started on it, and leaves nothing of a connection in the node. */
  stop(): Promise<void>;
}

/** What `Kernel.script` does, on either kind. */
export async function runScript(
  kernel: Pick<Kernel, 'exec' | 'broken'>,
  script: string,
  doing: string,
  signal: AbortSignal,
): Promise<string> {
  const { exitCode, stdout, stderr } = await kernel.exec(['sh', '-es'], { signal, input: script });
  if (exitCode === 0) return stdout;
  throw kernel.broken(doing, stderr.trim() || `its script ended with ${exitCode}`);
}
