import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Ipv4 } from '../address.ts';
import { HostError } from './error.ts';

const run = promisify(execFile);

/** One open PPP link as the machine's IP stack shall see it. */
export interface PointToPointAddress {
  readonly local: Ipv4;
  readonly peer: Ipv4;
}

/**
 * Brings the device up with `mtu` octets and gives it the local address, which brings the route to
 * the peer's with it. Several links may share the device and their local address. Repeating it
 * changes nothing.
 */
export async function addAddress(device: string, address: PointToPointAddress, mtu: number): Promise<void> {
  await ip([
    // Without a link-local IPv6 address the kernel sends no router solicitations into the tunnel.
    ['link', 'set', 'dev', device, 'addrgenmode', 'none'],
    ['link', 'set', 'dev', device, 'mtu', String(mtu), 'up'],
    ['address', 'replace', ...words(address), 'dev', device],
  ]);
}

/** What ip says of an address that is not there: newer kernels, older ones, and where its device is gone too. */
const alreadyGone = /Address not found|Cannot assign requested address|Cannot find device/;

/** Takes the address and its route away again; one that is not there is no error. */
export async function removeAddress(device: string, address: PointToPointAddress): Promise<void> {
  try {
    await ip([['address', 'delete', ...words(address), 'dev', device]]);
  } catch (error) {
    if (!(error instanceof HostError && alreadyGone.test(error.message))) throw error;
  }
}

/**
 * Routes these prefixes into the device, from this local address: the kernel takes the routes away
 * together with the address. Two halves (0.0.0.0/1, 128.0.0.0/1) win over a default route without touching it.
 */
export async function addRoutes(device: string, prefixes: readonly string[], source: Ipv4): Promise<void> {
  await ip(prefixes.map((prefix) => ['route', 'replace', prefix, 'dev', device, 'src', source]));
}

function words(address: PointToPointAddress): string[] {
  return [address.local, 'peer', `${address.peer}/32`];
}

/** Runs the commands in order up to the first that fails; in one process, for a connection waits for it. */
async function ip(commands: readonly (readonly string[])[]): Promise<void> {
  if (commands.length === 0) return;
  const lines = commands.map((words) => words.join(' '));
  try {
    // The messages of ip are compared above.
    const running = run('ip', ['-batch', '-'], { env: { ...process.env, LC_ALL: 'C' } });
    // Where ip is missing or ends early there is nobody to read; how it ended says more.
    running.child.stdin?.on('error', () => {});
    running.child.stdin?.end(`${lines.join('\n')}\n`);
    await running;
  } catch (error) {
    throw ipError(lines, error as NodeJS.ErrnoException & { stderr?: string });
  }
}

function ipError(lines: readonly string[], error: NodeJS.ErrnoException & { stderr?: string }): HostError {
  // ip ends what it says with the number of the line that failed.
  const [why = '', line] = (error.stderr ?? '').split(/^Command failed -:(\d+)$/m);
  const doing = `ip ${line === undefined ? lines.join(', ') : lines[Number(line) - 1]}`;
  const said = why.trim() || error.message;
  if (error.code === 'ENOENT') {
    return new HostError('no-ip-command', `${doing}: the command ip is missing. Install iproute2.`, error);
  }
  if (/Operation not permitted/.test(said)) {
    return new HostError(
      'no-net-admin',
      `${doing}: ${said}. Run as root; a container needs --cap-add NET_ADMIN.`,
      error,
    );
  }
  return new HostError('system', `${doing}: ${said}`, error);
}
