import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { HostError } from './error.ts';
import { openUdpSocket, type UdpSocket, type UdpSocketEvents } from './udp-socket.ts';

const loopback = { ip: '127.0.0.1', port: 0 };
const opened: UdpSocket[] = [];

async function openOn(local = loopback, events: Partial<UdpSocketEvents> = {}): Promise<UdpSocket> {
  const socket = await openUdpSocket(local, { onDatagram() {}, onError() {}, ...events });
  opened.push(socket);
  return socket;
}

afterEach(async () => {
  for (const socket of opened.splice(0)) await socket.close();
});

test('a datagram arrives with both of its addresses', async () => {
  let arrived = (_: unknown) => {};
  const datagram = new Promise((resolve) => {
    arrived = resolve;
  });
  const receiver = await openOn(loopback, { onDatagram: arrived });
  const sender = await openOn();
  sender.send(receiver.local, Uint8Array.of(0xff));
  expect(await datagram).toEqual({ local: receiver.local, peer: sender.local, payload: Buffer.from([0xff]) });
});

test('a peer whose port is closed does not end the socket', async () => {
  const gone = await openOn();
  await gone.close();
  let arrived = (_: unknown) => {};
  const datagram = new Promise((resolve) => {
    arrived = resolve;
  });
  const receiver = await openOn(loopback, { onDatagram: arrived });
  const sender = await openOn();
  // The kernel answers the first two with ICMP port unreachable.
  sender.send(gone.local, Uint8Array.of(1));
  sender.send(gone.local, Uint8Array.of(2));
  sender.send(receiver.local, Uint8Array.of(3));
  expect(await datagram).toMatchObject({ payload: Buffer.from([3]) });
});

test('a datagram that cannot be sent is reported and the socket goes on', async () => {
  let reported = (_: Error) => {};
  const error = new Promise<Error>((resolve) => {
    reported = resolve;
  });
  const socket = await openOn(loopback, { onError: reported });
  socket.send(socket.local, new Uint8Array(70_000));
  expect((await error).message).toMatch(/^sending to 127\.0\.0\.1:\d+: .*EMSGSIZE/);
});

test('what was given to send before close still leaves', async () => {
  let arrived = (_: unknown) => {};
  const datagram = new Promise((resolve) => {
    arrived = resolve;
  });
  const receiver = await openOn(loopback, { onDatagram: arrived });
  const sender = await openOn();
  sender.send(receiver.local, Uint8Array.of(9));
  await sender.close();
  expect(await datagram).toMatchObject({ payload: Buffer.from([9]) });
});

test('a port that another socket holds, and an address that no interface has, are named with a remedy', async () => {
  const first = await openOn();
  const second = await openOn(first.local).catch((error: unknown) => error);
  expect(second).toBeInstanceOf(HostError);
  expect(second).toMatchObject({ code: 'address-in-use', message: expect.stringContaining('ss -ulpn') });
  // 198.18.0.0/15 is for benchmarks (RFC 2544): no machine of ours has it outside a lab.
  await expect(openOn({ ip: '198.19.255.254', port: 0 })).rejects.toMatchObject({ code: 'address-missing' });
});

test.runIf(process.platform === 'linux')(
  'a datagram has left when send returns: an ESP packet sent next does not overtake it',
  async () => {
    const receiver = await openOn();
    const sender = await openOn();
    sender.send(receiver.local, Uint8Array.of(1));
    // Nothing has been read yet: what came waits in the receiver's queue, in the kernel's own words.
    expect(waitingOctets(receiver.local.port)).toBeGreaterThan(0);
  },
);

test.runIf(process.platform === 'linux')('a queue to which nothing was sent is empty', async () => {
  const receiver = await openOn();
  expect(waitingOctets(receiver.local.port)).toBe(0);
});

/** The receive queue of a UDP port in /proc/net/udp (proc(5)): the fifth column is `tx_queue:rx_queue`, in hex. */
function waitingOctets(port: number): number {
  const name = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const row = rows.find(([, local]) => local?.endsWith(name));
  if (!row) throw new Error(`no UDP socket has port ${port}`);
  return Number.parseInt(row[4]?.split(':')[1] ?? '', 16);
}
