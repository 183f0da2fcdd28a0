import koffi from 'koffi';
import { errnoName, HostError } from './error.ts';

/**
 * The few C library calls that Node does not offer, by koffi; Linux, LP64. Synchronous calls only,
 * and koffi is imported on the main thread (loaded in a worker alone it crashes at exit while a
 * poll handle is open). Lengths are always those of the buffer that is passed, so that no call
 * here can reach beyond it.
 */
const library = koffi.load(null);
const cRead: (fd: number, buffer: Uint8Array, length: number) => number = library.func(
  'intptr_t read(int fd, void *buffer, size_t length)',
);
const cWrite: (fd: number, buffer: Uint8Array, length: number) => number = library.func(
  'intptr_t write(int fd, const void *buffer, size_t length)',
);
const cClose: (fd: number) => number = library.func('int close(int fd)');
const cIoctl: (fd: number, request: number, argument: Uint8Array) => number = library.func(
  'int ioctl(int fd, unsigned long request, void *argument)',
);
const cSocket: (domain: number, type: number, protocol: number) => number = library.func(
  'int socket(int domain, int type, int protocol)',
);
const cBind: (fd: number, address: Uint8Array, length: number) => number = library.func(
  'int bind(int fd, const void *address, unsigned int length)',
);
const cSendto: (
  fd: number,
  payload: Uint8Array,
  length: number,
  flags: number,
  address: Uint8Array,
  addressLength: number,
) => number = library.func(
  'intptr_t sendto(int fd, const void *payload, size_t length, int flags, const void *address, unsigned int addressLength)',
);

/** A C call that failed: errno by its name. */
export interface Failed {
  readonly errno: string;
}

/** The result of a call that returns -1 on failure, with errno read before anything else can change it. */
function result(returned: number): number | Failed {
  return returned < 0 ? { errno: errnoName(koffi.errno()) } : returned;
}

/** Octets read into `buffer`. */
export function read(fd: number, buffer: Uint8Array): number | Failed {
  return result(cRead(fd, buffer, buffer.length));
}

export function write(fd: number, octets: Uint8Array): number | Failed {
  return result(cWrite(fd, octets, octets.length));
}

/** Failure to close is a fault of this program. */
export function close(fd: number): void {
  const closed = result(cClose(fd));
  if (typeof closed !== 'number') throw new HostError('system', `close(${fd}): ${closed.errno}`);
}

/** `argument` is the structure that the request takes and is changed in place. */
export function ioctl(fd: number, request: number, argument: Uint8Array): number | Failed {
  return result(cIoctl(fd, request, argument));
}

export function socket(domain: number, type: number, protocol: number): number | Failed {
  return result(cSocket(domain, type, protocol));
}

/** `address` is a struct sockaddr. */
export function bind(fd: number, address: Uint8Array): number | Failed {
  return result(cBind(fd, address, address.length));
}

export function sendto(fd: number, payload: Uint8Array, address: Uint8Array): number | Failed {
  return result(cSendto(fd, payload, payload.length, 0, address, address.length));
}
