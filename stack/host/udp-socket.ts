import { createSocket } from 'node:dgram';
import { type UdpAddress, udpAddressText } from '../address.ts';
import { HostError } from './error.ts';

export interface UdpSocketEvents {
  onDatagram(datagram: { local: UdpAddress; peer: UdpAddress; payload: Uint8Array }): void;
  /** A datagram could not be sent or an ICMP error came back. The socket goes on: UDP promises nothing. */
  onError(error: Error): void;
}

export interface UdpSocket {
  readonly local: UdpAddress;
  send(peer: UdpAddress, payload: Uint8Array): void;
  /** Resolves when everything given to `send` has left and the port is free. */
  close(): Promise<void>;
}

/**
 * Binds a UDP socket to one local address and port. It is never connected, so that an ICMP "port
 * unreachable" from one peer does not end the conversation with another. Rejects with a HostError
 * where the port cannot be had.
 */
export async function openUdpSocket(local: UdpAddress, events: UdpSocketEvents): Promise<UdpSocket> {
  // Node looks even addresses up, a tick later: an ESP packet of the same moment would overtake the IKE message
  // before it. Answered at once, the datagram leaves at once.
  const socket = createSocket({ type: 'udp4', lookup: (host, _, found) => found(null, host, 4) });
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      socket.close();
      reject(bindingError(local, error));
    };
    socket.once('error', refuse);
    socket.bind({ address: local.ip, port: local.port }, () => {
      socket.off('error', refuse);
      resolve();
    });
  });
  const bound = { ip: local.ip, port: socket.address().port };
  socket.on('error', events.onError);
  socket.on('message', (payload, from) => {
    events.onDatagram({ local: bound, peer: { ip: from.address, port: from.port }, payload });
  });

  let open = true;
  let unsent = 0;
  let onAllSent = () => {};
  return {
    local: bound,
    send(peer, payload) {
      if (!open) return;
      unsent += 1;
      socket.send(payload, peer.port, peer.ip, (error) => {
        unsent -= 1;
        if (unsent === 0) onAllSent();
        if (error) {
          events.onError(
            new HostError('system', `sending to ${udpAddressText(peer)}: ${error.message}`, error),
          );
        }
      });
    },
    async close() {
      if (!open) return;
      open = false;
      // The last datagram is often a delete or a terminate, and one that found a full buffer leaves later.
      if (unsent > 0) await new Promise<void>((resolve) => (onAllSent = resolve));
      await new Promise<void>((resolve) => socket.close(resolve));
    },
  };
}

function bindingError(local: UdpAddress, error: NodeJS.ErrnoException): HostError {
  const doing = `binding UDP ${udpAddressText(local)}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new HostError(
        'address-in-use',
        `${doing}: another process has this port. End it (ss -ulpn shows it).`,
        error,
      );
    case 'EADDRNOTAVAIL':
      return new HostError(
        'address-missing',
        `${doing}: no interface has that address. Set it first (ip address add).`,
        error,
      );
    case 'EACCES':
      return new HostError(
        'port-forbidden',
        `${doing}: ports below 1024 need CAP_NET_BIND_SERVICE. Run as root; a container needs --cap-add NET_BIND_SERVICE.`,
        error,
      );
    default:
      return new HostError('system', `${doing}: ${error.message}`, error);
  }
}
