import { type Ipv4, ipv4ToBytes } from '../address.ts';
import { parseIpv4 } from '../ip/ipv4.ts';
import { HostError } from './error.ts';
import * as libc from './libc.ts';
import { type ReadOutcome, watchReadable } from './readable.ts';

/** sys/socket.h on Linux */
const AF_INET = 2;
const SOCK_RAW = 3;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

export interface RawPacket {
  readonly source: Ipv4;
  readonly destination: Ipv4;
  /** What follows the IP header; the receiver's to keep. */
  readonly payload: Uint8Array;
}

export interface RawSocketEvents {
  onPacket(packet: RawPacket): void;
  onFailure(error: Error): void;
}

/** A socket of one IP protocol and one local address. */
export interface RawSocket {
  /** Sends one packet from the local address; says why the kernel did not take it, never throws. */
  send(to: Ipv4, payload: Uint8Array): 'sent' | libc.Failed;
  close(): void;
}

/**
 * Opens a raw IPv4 socket for `protocol` (50 for ESP), bound to `localAddress`. The kernel puts fragments
 * together before this socket sees them, and answers nothing itself as long as the socket is open.
 * Cost: one system call and one copy for each packet. Throws a HostError where it may not be opened.
 */
export function openRawSocket(protocol: number, localAddress: Ipv4, events: RawSocketEvents): RawSocket {
  const fd = openSocket(protocol);
  const bound = libc.bind(fd, sockaddr(localAddress));
  if (typeof bound !== 'number') {
    libc.close(fd);
    throw bindingError(protocol, localAddress, bound.errno);
  }

  const buffer = new Uint8Array(65536);
  function readOne(): ReadOutcome {
    const length = libc.read(fd, buffer);
    if (typeof length !== 'number') {
      if (length.errno === 'EAGAIN' || length.errno === 'EINTR') return 'empty';
      return new HostError('system', `reading the raw socket for IP protocol ${protocol}: ${length.errno}`);
    }
    const packet = parseIpv4(buffer.subarray(0, length));
    // The kernel checked the header already; it delivers none that does not parse.
    if (packet.ok) {
      const { source, destination, payload } = packet.value;
      events.onPacket({ source, destination, payload: payload.slice() });
    }
    return 'packet';
  }
  const readable = watchReadable(fd, readOne, events.onFailure);

  let open = true;
  return {
    send(to, payload) {
      if (!open) return { errno: 'EBADF' };
      const sent = libc.sendto(fd, payload, sockaddr(to));
      return typeof sent === 'number' ? 'sent' : sent;
    },
    close() {
      if (!open) return;
      open = false;
      readable.close();
      libc.close(fd);
    },
  };
}

/** struct sockaddr_in: family in host order, port, address in network order, eight octets of zero. */
function sockaddr(ip: Ipv4): Uint8Array {
  const address = new Uint8Array(16);
  new DataView(address.buffer).setUint16(0, AF_INET, true);
  address.set(ipv4ToBytes(ip), 4);
  return address;
}

function openSocket(protocol: number): number {
  const fd = libc.socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (typeof fd !== 'number') throw openingError(protocol, fd.errno);
  return fd;
}

function openingError(protocol: number, errno: string): HostError {
  const doing = `opening a raw socket for IP protocol ${protocol}`;
  if (errno === 'EPERM' || errno === 'EACCES') {
    return new HostError(
      'no-net-raw',
      `${doing}: CAP_NET_RAW is missing (${errno}). Run as root; a container needs --cap-add NET_RAW.`,
    );
  }
  return new HostError('system', `${doing}: ${errno}`);
}

function bindingError(protocol: number, localAddress: Ipv4, errno: string): HostError {
  const doing = `binding the raw socket for IP protocol ${protocol} to ${localAddress}`;
  if (errno === 'EADDRNOTAVAIL') {
    return new HostError(
      'address-missing',
      `${doing}: no interface has that address. Set it first (ip address add).`,
    );
  }
  return new HostError('system', `${doing}: ${errno}`);
}
