import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { espPacket, ipFrame, isakmpMessage, pcapFile, udpFrame, withMarker } from './forged-capture.ts';

/** One packet of a made-up connection through topology `office-nat`: client - access - internet - (NAT) - interconn - responder. */
export interface ForgedStep {
  readonly from: 'client' | 'responder';
  readonly port: 500 | 4500;
  /** UDP payload. */
  readonly data: Uint8Array;
  /** The segments that it crossed; all of them when absent. */
  readonly on?: readonly string[];
}

const client = '198.18.1.10';
const dialled = '198.18.2.10';
const behindNat = '10.0.0.2';
const path = ['access', 'internet', 'interconn'];

const cookies = { initiatorCookie: '1111111111111111', responderCookie: '2222222222222222' };

export function ike(
  from: ForgedStep['from'],
  kind: 'main' | 'quick' | 'informational',
  body: string,
  options: { readonly port?: 500 | 4500; readonly on?: readonly string[]; readonly first?: boolean } = {},
): ForgedStep {
  const { port = 500, on = path, first = false } = options;
  const exchangeType = { main: 2, quick: 32, informational: 5 }[kind];
  const message = isakmpMessage({
    ...cookies,
    ...(first ? { responderCookie: '0000000000000000' } : {}),
    exchangeType,
    messageId: { main: 0, quick: 0x01020304, informational: 0x0a0b0c0d }[kind],
    body,
  });
  return { from, port, data: port === 4500 ? withMarker(message) : message, on };
}

function espInUdp(from: ForgedStep['from'], sequence: number, on: readonly string[] = path): ForgedStep {
  return { from, port: 4500, data: espPacket(0xc0ffee01, sequence), on };
}

/** Nine IKE messages with the float before message 5 (RFC 3947 4), ESP both ways, a keepalive. */
export function wholeConnection(): ForgedStep[] {
  return [
    ike('client', 'main', 'm1', { first: true }),
    ike('responder', 'main', 'm2'),
    ike('client', 'main', 'm3'),
    ike('responder', 'main', 'm4'),
    ike('client', 'main', 'm5', { port: 4500 }),
    ike('responder', 'main', 'm6', { port: 4500 }),
    ike('client', 'quick', 'q1', { port: 4500 }),
    ike('responder', 'quick', 'q2', { port: 4500 }),
    ike('client', 'quick', 'q3', { port: 4500 }),
    espInUdp('client', 1),
    espInUdp('responder', 1),
    espInUdp('client', 2),
    { from: 'client', port: 4500, data: Uint8Array.of(0xff) },
  ];
}

/** The frames that one segment sees of these steps. */
function framesOn(segment: string, steps: readonly ForgedStep[]): Uint8Array[] {
  const responder = segment === 'interconn' ? behindNat : dialled;
  return steps
    .filter(({ on = path }) => on.includes(segment))
    .map(({ from, port, data }) => {
      const [source, destination] = from === 'client' ? [client, responder] : [responder, client];
      return udpFrame({ from: source, fromPort: port, to: destination, toPort: port, data });
    });
}

/** Writes the captures of all segments of the path, with `extra` frames behind, and gives their files. */
export function writeCaptures(
  directory: string,
  steps: readonly ForgedStep[],
  extra: Readonly<Record<string, readonly Uint8Array[]>> = {},
): Record<string, string> {
  const files: Record<string, string> = {};
  for (const segment of path) {
    const file = join(directory, `${segment}.pcap`);
    writeFileSync(file, pcapFile([...framesOn(segment, steps), ...(extra[segment] ?? [])]));
    files[segment] = file;
  }
  return files;
}

/** An ICMP echo request between these addresses: what a leak looks like. */
export function clearPing(from: string, to: string): Uint8Array {
  return ipFrame({ from, to, protocol: 1, payload: Uint8Array.of(8, 0, 0, 0, 0, 1, 0, 1) });
}
