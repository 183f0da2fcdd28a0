import type { Ipv4 } from '../address.ts';
import type { EndpointEffect } from '../endpoint/config.ts';
import type { Instant } from '../engine.ts';
import { type DriveListener, type DrivenEndpoint, drive, type LinkEffect, type Wires } from './drive.ts';
import { addAddress, removeAddress } from './ip-command.ts';
import { openRawSocket } from './raw-socket.ts';
import { openTun, type Tun } from './tun.ts';
import { openUdpSocket, type UdpSocket } from './udp-socket.ts';

const protocolEsp = 50;

export interface RunEndpointOptions extends DriveListener {
  readonly endpoint: DrivenEndpoint;
  /** Address of this machine that all sockets are bound to. */
  readonly localAddress: Ipv4;
  readonly tunName: string;
  /** 500 and 4500; 1701 too where L2TP in the clear is to be seen. */
  readonly udpPorts: readonly number[];
}

export interface RunningEndpoint {
  /** Lets the endpoint act: connect, close, ask for state. */
  run(action: (now: Instant) => EndpointEffect[]): void;
  /** Resolves when the machine has the address of every link that the endpoint has opened. */
  linksSettled(): Promise<void>;
  /** Sends what is still to be sent, closes sockets and device. What the endpoint has to say before, `run` it first. */
  close(): Promise<void>;
}

/**
 * Runs an endpoint on this machine: UDP sockets, a raw socket for ESP and a tun device, all open when
 * it resolves. Rejects with a HostError, and nothing left open, where one cannot be had. Links share
 * the device; its MTU is the smallest of theirs.
 */
export async function runEndpoint(options: RunEndpointOptions): Promise<RunningEndpoint> {
  const { endpoint, localAddress, tunName } = options;
  const sockets = new Map<number, UdpSocket>();
  const closers: (() => void | Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0)) await close();
  };

  try {
    const tun = openTun(tunName, {
      onPacket: (packet) => loop.run((now) => endpoint.sendIp(packet, now)),
      onFailure: (error) => options.onFailure(error),
    });
    closers.push(() => tun.close());
    const raw = openRawSocket(protocolEsp, localAddress, {
      onPacket: ({ source, destination, payload }) =>
        loop.run((now) => endpoint.receiveEsp({ local: destination, peer: source, payload }, now)),
      onFailure: (error) => options.onFailure(error),
    });
    closers.push(() => raw.close());

    const wires: Wires = {
      sendUdp({ local, peer, payload }) {
        const socket = sockets.get(local.port);
        if (socket === undefined || local.ip !== localAddress)
          return `no socket at ${local.ip}:${local.port}`;
        socket.send(peer, payload);
        return undefined;
      },
      sendEsp({ peer, payload }) {
        const sent = raw.send(peer, payload);
        return sent === 'sent' ? undefined : `sending ESP to ${peer}: ${sent.errno}`;
      },
      deliverIp(packet) {
        const written = tun.write(packet);
        return written === 'written' ? undefined : `writing to ${tunName}: ${written.errno}`;
      },
      changeLink: linkChanger(tun),
    };
    const loop = drive(endpoint, wires, options);
    // First of all: a link change under way needs the device, and nothing may act on closed sockets.
    closers.unshift(() => loop.close());

    for (const port of options.udpPorts) {
      const socket = await openUdpSocket(
        { ip: localAddress, port },
        {
          onDatagram: (datagram) => loop.run((now) => endpoint.receiveUdp(datagram, now)),
          onError: (error) => loop.warn(error.message),
        },
      );
      sockets.set(port, socket);
      closers.push(() => socket.close());
    }
    return { run: loop.run, linksSettled: loop.linksSettled, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function linkChanger(tun: Tun): (change: LinkEffect) => Promise<void> {
  const mtuOfLinks = new Map<string, number>();
  return async (change) => {
    const address = { local: change.localAddress, peer: change.peerAddress };
    if (change.effect === 'link-up') {
      mtuOfLinks.set(change.link, change.mtu);
      await addAddress(tun.name, address, Math.min(...mtuOfLinks.values()));
    } else {
      mtuOfLinks.delete(change.link);
      await removeAddress(tun.name, address);
    }
  };
}
