import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openRawSocket, type RawPacket } from './raw-socket.ts';
import { cannotMakeNetworks } from './testing/namespaces.ts';

const why = cannotMakeNetworks === undefined ? '' : ` (cannot run here: ${cannotMakeNetworks})`;
const networkTest = test.skipIf(cannotMakeNetworks !== undefined);

/** For experiments (RFC 3692), so that no program on this machine answers. */
const protocol = 253;

networkTest(`a packet arrives with its addresses and without its IP header${why}`, async () => {
  let arrived = (_: RawPacket) => {};
  const packet = new Promise<RawPacket>((resolve) => {
    arrived = resolve;
  });
  const receiver = openRawSocket(protocol, '127.0.0.2', {
    onPacket: arrived,
    onFailure() {},
  });
  const sender = openRawSocket(protocol, '127.0.0.1', { onPacket() {}, onFailure() {} });
  try {
    const payload = Uint8Array.from({ length: 1400 }, (_, at) => at & 0xff);
    expect(sender.send('127.0.0.2', payload)).toBe('sent');
    expect(await packet).toEqual({ source: '127.0.0.1', destination: '127.0.0.2', payload });
    expect(sender.send('127.0.0.2', new Uint8Array(70_000))).toEqual({ errno: 'EMSGSIZE' });
  } finally {
    sender.close();
    receiver.close();
  }
  expect(sender.send('127.0.0.2', Uint8Array.of(1))).toEqual({ errno: 'EBADF' });
});

networkTest(`an address that no interface has is named with a remedy${why}`, () => {
  const open = () => openRawSocket(protocol, '198.19.255.254', { onPacket() {}, onFailure() {} });
  expect(open).toThrow(expect.objectContaining({ code: 'address-missing' }));
});

networkTest(`a bug in a receiver ends the process instead of being lost in the poll callback${why}`, () => {
  const path = new URL('testing/faulty-receiver.ts', import.meta.url).pathname;
  const run = spawnSync(process.execPath, [path], { encoding: 'utf8', timeout: 20_000 });
  expect(run.stderr).toContain('a bug in the receiver');
  expect(run.status).toBe(1);
});
