import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { CrossnatError } from '../../error.ts';
import type { ExecResult, LabNode, NodeProcess } from '../fabric.ts';
import { containerLogs } from './last-words.ts';
import { neverStarted, startFailure, startProcess } from './process.ts';

/** A node of a docker lab: programs are exec'd in its container. */
export class DockerNode implements LabNode {
  readonly name: string;
  readonly container: string;
  readonly #handle: Docker.Container;

  constructor(name: string, container: string, handle: Docker.Container) {
    this.name = name;
    this.container = container;
    this.#handle = handle;
  }

  async exec(argv: readonly string[], options: { signal: AbortSignal; input?: string }): Promise<ExecResult> {
    const { signal } = options;
    const process = await this.spawn(argv, signal);
    process.stdin.end(options.input ?? '');
    const [exitCode, stdout, stderr] = await Promise.all([
      process.exit,
      text(process.stdout),
      text(process.stderr),
    ]);
    if (signal.aborted) throw interrupted(`running ${argv[0]} in ${this.name}`, signal);
    if (exitCode !== 0 && stdout.startsWith(neverStarted)) {
      throw await startFailure(this.#handle, this.name, argv, stdout);
    }
    return { exitCode, stdout, stderr };
  }

  spawn(argv: readonly string[], signal: AbortSignal): Promise<NodeProcess> {
    if (signal.aborted) return Promise.reject(interrupted(`starting ${argv[0]} in ${this.name}`, signal));
    return startProcess(this.#handle, this.name, argv, signal);
  }

  async copyIn(from: string, to: string, accept: (relativePath: string) => boolean): Promise<void> {
    const archive = pack();
    const entries = await readdir(from, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((each) => each.isFile())) {
      const file = join(entry.parentPath, entry.name);
      const path = file.slice(from.length + 1).replaceAll(sep, '/');
      if (!accept(path)) continue;
      const { mode } = await stat(file);
      archive.entry({ name: posix.join(to, path), mode: mode & 0o777 }, await readFile(file));
    }
    archive.finalize();
    await this.#handle.putArchive(Readable.from(archive), { path: '/' });
  }

  logs(): Promise<string> {
    return containerLogs(this.#handle, 40);
  }
}

/** What an abort is to the person at the keyboard. */
export function interrupted(doing: string, signal: AbortSignal): CrossnatError {
  const timedOut = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return new CrossnatError('interrupted', {
    doing,
    found: timedOut ? 'its time was up' : 'it was interrupted',
    remedy: timedOut ? 'See how far it came in the evidence' : 'Run it again',
    cause: signal.reason,
  });
}
