import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { engine, statusCode } from './engine.ts';

/** The last lines that a container wrote; empty when it is gone. */
export async function containerLogs(container: Docker.Container, lines: number): Promise<string> {
  try {
    const multiplexed = await container.logs({ stdout: true, stderr: true, tail: lines, follow: false });
    const both = new PassThrough();
    const source = new PassThrough();
    engine().modem.demuxStream(source, both, both);
    source.once('end', () => both.end());
    source.end(multiplexed);
    return await text(both);
  } catch (cause) {
    if (statusCode(cause) === 404 || statusCode(cause) === 409) return '';
    throw cause;
  }
}

/** How a container ended, and its last lines; `undefined` while it runs. */
export async function lastWords(container: Docker.Container): Promise<string | undefined> {
  try {
    const { State } = await container.inspect();
    if (State.Running) return undefined;
    const how = State.OOMKilled ? 'out of memory' : State.Error || `exit code ${State.ExitCode}`;
    const said = (await containerLogs(container, 10)).trim();
    return `its container ended (${how})${said === '' ? '' : `; its last words: ${said}`}`;
  } catch (cause) {
    if (statusCode(cause) === 404) return 'its container was removed';
    throw cause;
  }
}
