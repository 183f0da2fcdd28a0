import { connect, createServer, type Server, type Socket } from 'node:net';

/** Where the engine listens. */
function engineAddress() {
  const { protocol, pathname, hostname, port } = new URL(
    process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock',
  );
  return protocol === 'unix:' ? { path: pathname } : { host: hostname, port: Number(port) };
}

/** A program's input may end long before its output. */
const halfOpen = { allowHalfOpen: true };

/** A socket in front of the engine's that can be held: an engine that hangs, for one run alone. */
export class EngineProxy {
  /** For `DOCKER_HOST`. */
  readonly host: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isHeld = false;

  /** @param path where the socket will be */
  constructor(path: string) {
    this.host = `unix://${path}`;
    this.#server = createServer(halfOpen, (client) => this.#accept(client)).listen(path);
  }

  /** From now on nothing comes through. */
  hold(): void {
    this.#isHeld = true;
    for (const socket of this.#sockets) socket.pause();
  }

  release(): void {
    this.#isHeld = false;
    for (const socket of this.#sockets) socket.resume();
  }

  [Symbol.dispose](): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(client: Socket): void {
    const upstream = connect({ ...engineAddress(), ...halfOpen });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      if (this.#isHeld) from.pause();
      from.on('error', () => to.destroy()).once('close', () => this.#sockets.delete(from));
    }
  }
}
