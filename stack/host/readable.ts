import koffi from 'koffi';

/** Packets taken in one turn of the event loop before timers and other sockets get theirs. */
const packetsPerTurn = 64;

/** Watches a non-blocking descriptor. `close` ends it at once; then the descriptor may be closed. */
export interface Readable {
  close(): void;
}

/** What one read gave: a packet (there may be more), nothing for now, or the end of the descriptor. */
export type ReadOutcome = 'packet' | 'empty' | Error;

/**
 * Calls `readOne` while the descriptor has something, from the event loop. Where it returns an
 * error, the watch ends and `onFailure` hears it; what it throws is a bug and stays an uncaught exception.
 *
 * This is libuv's poll, which koffi exposes: no thread waits in a read, so closing is immediate and
 * the process can exit. koffi calls back outside Node's callback scope, where an exception is lost
 * and `process.nextTick` does not run; hence the packets are read in a `setImmediate`. libuv ends a
 * watch by itself on an error condition of the descriptor (status below zero): it is started again,
 * because `readOne` returns an error if the descriptor is really lost.
 */
export function watchReadable(
  fd: number,
  readOne: () => ReadOutcome,
  onFailure: (error: Error) => void,
): Readable {
  let scheduled = false;
  let closed = false;

  // koffi 3.3 passes (status, events), though its declarations name the events alone.
  function onReady(status: unknown): void {
    if (scheduled || closed) return;
    scheduled = true;
    setImmediate(takeTurn, typeof status === 'number' && status < 0);
  }

  function takeTurn(stopped: boolean): void {
    scheduled = false;
    for (let count = 0; count < packetsPerTurn && !closed; count += 1) {
      const outcome = readOne();
      if (outcome === 'empty') break;
      if (outcome !== 'packet') {
        close();
        onFailure(outcome);
      }
    }
    if (stopped && !closed) handle.start({ readable: true }, onReady);
  }

  function close(): void {
    if (closed) return;
    closed = true;
    handle.close();
  }

  const handle = koffi.node.poll(fd, { readable: true }, onReady);
  return { close };
}
