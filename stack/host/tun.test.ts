import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { HostError } from './error.ts';
import { cannotMakeNetworks, ip, uniqueDeviceName } from './testing/namespaces.ts';
import { openTun, type Tun, type TunEvents } from './tun.ts';

const why = cannotMakeNetworks === undefined ? '' : ` (cannot run here: ${cannotMakeNetworks})`;
const networkTest = test.skipIf(cannotMakeNetworks !== undefined);
const events: TunEvents = { onPacket() {}, onFailure() {} };

function refusalOf(open: () => Tun): unknown {
  try {
    open().close();
    return 'opened';
  } catch (error) {
    return error;
  }
}

test('a name that no device can have is refused before anything is opened', () => {
  expect(refusalOf(() => openTun('', events))).toBeInstanceOf(HostError);
  expect(refusalOf(() => openTun('sixteen-octets-x', events))).toMatchObject({
    message: /cannot name a device/,
  });
});

networkTest(`a device exists while it is open and is held by one process${why}`, () => {
  const name = uniqueDeviceName('tun');
  const tun = openTun(name, events);
  expect(ip(`link show dev ${name}`)).toContain('POINTOPOINT');
  expect(refusalOf(() => openTun(name, events))).toMatchObject({ code: 'address-in-use' });
  tun.close();
  tun.close();
  expect(tun.write(Uint8Array.of(0x45))).toEqual({ errno: 'EBADF' });
  expect(() => ip(`link show dev ${name}`)).toThrow('does not exist');
});

networkTest(`the owner hears that somebody removed the device${why}`, async () => {
  const name = uniqueDeviceName('gone');
  let failed = (_: Error) => {};
  const failure = new Promise<Error>((resolve) => {
    failed = resolve;
  });
  const tun = openTun(name, { ...events, onFailure: failed });
  ip(`link delete dev ${name}`);
  expect((await failure).message).toMatch(new RegExp(`^reading tun device ${name}: .* Somebody removed it`));
  tun.close();
});

/** Runs the fixture under another wrapper program and reads its lines. */
function attemptsUnder(wrapper: readonly string[]): unknown[] {
  const path = new URL('testing/open-devices.ts', import.meta.url).pathname;
  const [command = '', ...words] = [...wrapper, process.execPath, path];
  const output = execFileSync(command, words, { encoding: 'utf8' });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

networkTest(`without capabilities the error says which one is missing and how to give it${why}`, () => {
  expect(
    attemptsUnder(['setpriv', '--bounding-set=-net_admin,-net_raw', '--inh-caps=-net_admin,-net_raw']),
  ).toEqual([
    { device: 'tun', code: 'no-net-admin', message: expect.stringContaining('--cap-add NET_ADMIN') },
    { device: 'raw', code: 'no-net-raw', message: expect.stringContaining('--cap-add NET_RAW') },
  ]);
});

networkTest(`without /dev/net/tun the error says so${why}`, () => {
  const hidden = 'mount -t tmpfs none /dev/net && exec "$0" "$@"';
  expect(attemptsUnder(['unshare', '--mount', 'sh', '-c', hidden])[0]).toEqual({
    device: 'tun',
    code: 'no-tun-device',
    message: expect.stringContaining('--device /dev/net/tun'),
  });
});
