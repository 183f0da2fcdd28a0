import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab, LabNode } from '../../../fabric/fabric.ts';
import { decodeOuter, type OuterPacket } from '../../../measure/outer.ts';
import { readPcap } from '../../../measure/pcap.ts';
import { kl2tpd } from '../../go-l2tp/kl2tpd.ts';
import type { L2tpProgram } from '../../linux/l2tp-program.ts';
import { xl2tpd } from '../../linux/xl2tpd-program.ts';

/**
 * A whole and proper SCCRQ (RFC 2661 6.1): any LNS that hears it answers. Flags and version, length, tunnel and
 * session 0, Ns and Nr 0 (3.1); then Message Type 1, Protocol Version 1.0, Framing Capabilities, Host Name `lac`,
 * Assigned Tunnel ID 7 (4.4.1 to 4.4.3), Receive Window Size 4.
 */
const sccrq = Buffer.from(
  [
    'c802 003f 0000 0000 0000 0000',
    '8008 0000 0000 0001',
    '8008 0000 0002 0100',
    '800a 0000 0003 00000003',
    '8009 0000 0007 6c6163',
    '8008 0000 0009 0007',
    '8008 0000 000a 0004',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);

/** Packets that a lab's segments carried. */
export interface Carried {
  /** L2TP in no IPsec. */
  readonly clear: readonly OuterPacket[];
  readonly ike: number;
}

/** What the segments carry while something is done. @throws Error when the capture is not whole: it proves no absence. */
export async function carriedWhile(
  lab: Lab,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<Carried> {
  const directory = mkdtempSync(join(tmpdir(), 'crossnat-conformance-'));
  try {
    const capture = await lab.startCapture(directory, signal);
    const done = await work().then(
      () => ({ ok: true as const }),
      (error: unknown) => ({ ok: false as const, error }),
    );
    const { files, droppedByCapture } = await capture.stop();
    if (!done.ok) throw done.error;
    if (droppedByCapture > 0) throw new Error(`the capture lost ${droppedByCapture} packets`);
    const packets = Object.values(files).flatMap(packetsOf);
    return {
      clear: packets.filter(({ content }) => content.kind === 'clear-l2tp'),
      ike: packets.filter(({ content }) => content.kind === 'ike').length,
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function packetsOf(path: string): OuterPacket[] {
  const result = readPcap(readFileSync(path));
  if (!result.ok) throw new Error(`${path}: ${result.error}`);
  return [...result.file.packets()].flatMap(({ frame }) => decodeOuter(frame) ?? []);
}

/**
 * Asks a responder for a tunnel in clear, three times. The pings after it are answered behind it: what L2TP would
 * answer has been answered by then. It comes from the first router on the way: a client may block it itself.
 */
export async function askInClear(lab: Lab, signal: AbortSignal): Promise<void> {
  const { nodes, path, dial: address } = lab.topology;
  const router = path.find((name) => nodes[name]?.kind === 'router');
  if (router === undefined) throw new Error(`${lab.topology.name} has no router`);
  const send = `base64 -d <<<${sccrq.toString('base64')} >/dev/udp/${address}/1701`;
  const script = `set -e; for try in 1 2 3; do ${send}; ping -n -q -c 3 -i 0.1 -w 20 ${address}; done`;
  const { exitCode, stdout, stderr } = await lab.node(router).exec(['bash', '-c', script], { signal });
  if (exitCode !== 0) throw new Error(`asking in clear: ${`${stdout}${stderr}`.trim()}`);
}

/** How many clear packets went toward an address, and how many came from it. */
export function waysOf(
  { clear }: Carried,
  address: string,
): { readonly asked: number; readonly answered: number } {
  return {
    asked: clear.filter(({ destination }) => destination === address).length,
    answered: clear.filter(({ source }) => source === address).length,
  };
}

/** Linux peers whose L2TP is another program than xl2tpd, by name. */
const otherPrograms: Readonly<Record<string, L2tpProgram>> = { 'go-l2tp': kl2tpd };

/**
 * Tells the L2TP program of a Linux client to dial, whatever has become of IPsec, and gives how many packets the
 * kernel's block stopped since (XfrmOutPolBlock, Documentation/networking/xfrm_proc.rst). Waits for the first, for
 * five seconds at most: where nothing blocks, none comes.
 */
export async function dialWithoutIpsec(kernel: LabNode, peer: string, signal: AbortSignal): Promise<number> {
  const { dial } = otherPrograms[peer] ?? xl2tpd;
  const script = `
    count() { sed -n 's/^XfrmOutPolBlock[^0-9]*//p' /proc/net/xfrm_stat; }
    before=$(count)
    "$@" >&2
    for try in $(seq 50); do
      [ "$(count)" = "$before" ] || break
      sleep 0.1
    done
    echo $(($(count) - before))`;
  const { exitCode, stdout, stderr } = await kernel.exec(['sh', '-ec', script, 'sh', ...dial], { signal });
  if (exitCode === 0) return Number(stdout);
  throw new Error(`telling ${peer} to dial: ${stderr.trim()}`);
}
