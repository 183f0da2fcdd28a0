import { getSystemErrorName } from 'node:util';

/** What this machine lacks or refused. The text says what was being done, what was found and how to give it. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: HostErrorCode;

  constructor(code: HostErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

export type HostErrorCode =
  | 'no-tun-device'
  | 'no-net-admin'
  | 'no-net-raw'
  | 'no-ip-command'
  | 'address-in-use'
  | 'address-missing'
  | 'port-forbidden'
  | 'system';

/** Name of a C library errno, `EPERM` for 1; `errno 77` for those that libuv does not name. */
export function errnoName(errno: number): string {
  const name = getSystemErrorName(-errno);
  return /^E[A-Z0-9]+$/.test(name) ? name : `errno ${errno}`;
}
