import { constants, openSync } from 'node:fs';
import { HostError } from './error.ts';
import * as libc from './libc.ts';
import { type ReadOutcome, watchReadable } from './readable.ts';

const device = '/dev/net/tun';
/** linux/if_tun.h and linux/if.h */
const TUNSETIFF = 0x400454ca;
const IFF_TUN = 0x0001;
const IFF_NO_PI = 0x1000;
const IFNAMSIZ = 16;
const ifreqLength = 40;

export interface TunEvents {
  /** An IP packet that the machine routed into the device; the octets are the receiver's to keep. */
  onPacket(packet: Uint8Array): void;
  /** The device is gone or broken; nothing more comes. */
  onFailure(error: Error): void;
}

/** A layer 3 device of this process: what it writes arrives at the machine's IP stack. */
export interface Tun {
  readonly name: string;
  /** Hands over one IP packet; says why the kernel did not take it (`EIO`: the device is down), never throws. */
  write(packet: Uint8Array): 'written' | libc.Failed;
  /** Removes the device and lets the process exit. */
  close(): void;
}

/**
 * Creates the tun device `name` (at most 15 characters) and starts reading. It has no address and is
 * down. Throws a HostError where the machine does not allow it.
 *
 * Cost: one system call and one copy for each packet, some 5 us. A packet is lost only where the
 * kernel's queue of the device (500 by default) is full, which `ip -s link` shows as dropped.
 */
export function openTun(name: string, events: TunEvents): Tun {
  if (name.length === 0 || Buffer.byteLength(name) >= IFNAMSIZ) {
    throw new HostError('system', `"${name}" cannot name a device: 1 to ${IFNAMSIZ - 1} octets`);
  }
  const fd = openDevice();
  const ifreq = new Uint8Array(ifreqLength);
  ifreq.set(Buffer.from(name));
  new DataView(ifreq.buffer).setUint16(IFNAMSIZ, IFF_TUN | IFF_NO_PI, true);
  const created = libc.ioctl(fd, TUNSETIFF, ifreq);
  if (typeof created !== 'number') {
    libc.close(fd);
    throw creationError(name, created.errno);
  }

  const buffer = new Uint8Array(65536);
  function readOne(): ReadOutcome {
    const length = libc.read(fd, buffer);
    if (typeof length === 'number') {
      events.onPacket(buffer.slice(0, length));
      return 'packet';
    }
    if (length.errno === 'EAGAIN' || length.errno === 'EINTR') return 'empty';
    return new HostError('system', `reading tun device ${name}: ${length.errno}. Somebody removed it.`);
  }
  const readable = watchReadable(fd, readOne, events.onFailure);

  let open = true;
  return {
    name,
    write(packet) {
      if (!open) return { errno: 'EBADF' };
      const written = libc.write(fd, packet);
      return typeof written === 'number' ? 'written' : written;
    },
    close() {
      if (!open) return;
      open = false;
      readable.close();
      libc.close(fd);
    },
  };
}

function openDevice(): number {
  try {
    return openSync(device, constants.O_RDWR | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENXIO') {
      throw new HostError(
        'no-tun-device',
        `opening a tun device: ${device} is missing (${code}). Load the module (modprobe tun); a container needs --device ${device}.`,
        error,
      );
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw new HostError(
        'no-net-admin',
        `opening a tun device: ${device} may not be opened (${code}). Run as root; a container needs --device ${device} and --cap-add NET_ADMIN.`,
        error,
      );
    }
    throw new HostError('system', `opening a tun device: ${device}: ${code}`, error);
  }
}

function creationError(name: string, errno: string): HostError {
  const doing = `creating the tun device ${name}`;
  if (errno === 'EPERM') {
    return new HostError(
      'no-net-admin',
      `${doing}: CAP_NET_ADMIN is missing (EPERM). Run as root; a container needs --cap-add NET_ADMIN.`,
    );
  }
  if (errno === 'EBUSY') {
    return new HostError(
      'address-in-use',
      `${doing}: another process holds it (EBUSY). End that process or take another name.`,
    );
  }
  return new HostError('system', `${doing}: ${errno}`);
}
