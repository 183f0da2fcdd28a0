import { CrossnatError } from '../error.ts';

/**
 * Runs one piece of work that must end within `ms` milliseconds. Its signal aborts at the deadline and when
 * `outer` does, and the returned promise settles then even if the work ignores its signal, so that a hung
 * peer can hold up nothing. Past the deadline: CrossnatError `broken`, naming `doing`. When `outer` aborts: its reason.
 */
export async function withDeadline<T>(
  doing: string,
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(tooLate(doing, ms)), ms);
  const signal = AbortSignal.any([outer, deadline.signal]);
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(signal), aborted.promise]);
  } catch (error) {
    // Work that heeds its signal rejects with an error of its own kind; the reason says more.
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function tooLate(doing: string, ms: number): CrossnatError {
  return new CrossnatError('broken', {
    doing,
    found: `no end within ${ms / 1000} s`,
    remedy: 'The logs of the cell hold the last words of both peers',
  });
}
