import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { espPacket, isakmpMessage, pcapFile, udpFrame, withMarker } from './forged-capture.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A packet of two clients in the hotel of topology `shared-nat`: hotel - (NAT) - access - internet. */
export interface HotelStep {
  readonly client: 0 | 1;
  readonly from: 'client' | 'responder';
  readonly port: 500 | 4500;
  /** UDP payload. */
  readonly data: Uint8Array;
  /** The segments that it crossed; all of them when absent. */
  readonly on?: readonly string[];
  /** The gateway's port for this packet, where it is not the client's usual one. */
  readonly mapped?: number;
}

const path = ['hotel', 'access', 'internet'];
const responder = '198.18.2.10';
export const hotelNat = '198.18.1.10';
const guests = ['192.168.1.10', '192.168.1.11'] as const;
/** The first client keeps its ports; the second finds them taken, and Linux gives it one below 512 for 500. */
const mappings = [
  { 500: 500, 4500: 4500 },
  { 500: 283, 4500: 61_001 },
] as const;
const cookies = ['1111111111111111', '2222222222222222'] as const;
/** SPIs as their receivers chose them. */
export const spis = [
  { toResponder: 0xaaaa0001, toClient: 0xcccc0001 },
  { toResponder: 0xaaaa0002, toClient: 0xcccc0002 },
] as const;

type From = HotelStep['from'];
type Options = Pick<HotelStep, 'on' | 'mapped'>;

export function ike(
  client: 0 | 1,
  from: From,
  kind: 'main' | 'quick' | 'informational',
  body: string,
  options: Options & { readonly port?: 500 | 4500 } = {},
): HotelStep {
  const { port = 500, ...rest } = options;
  const message = isakmpMessage({
    initiatorCookie: cookies[client],
    responderCookie: '9999999999999999',
    exchangeType: { main: 2, quick: 32, informational: 5 }[kind],
    // Both may draw the same message id: only the cookie tells their quick modes apart.
    messageId: kind === 'main' ? 0 : 0x01020304,
    body: `${client} ${body}`,
  });
  return { client, from, port, data: port === 4500 ? withMarker(message) : message, ...rest };
}

/** ESP of a client under its own SPI, or under another one. */
export function esp(client: 0 | 1, from: From, options: Options & { readonly spi?: number } = {}): HotelStep {
  const { spi = spis[client][from === 'client' ? 'toResponder' : 'toClient'], ...rest } = options;
  return { client, from, port: 4500, data: espPacket(spi, 1), ...rest };
}

export function keepalive(client: 0 | 1, options: Options = {}): HotelStep {
  return { client, from: 'client', port: 4500, data: Uint8Array.of(0xff), ...options };
}

/** Nine IKE messages with the float before message 5 (RFC 3947 4), two ESP packets up and one down, a keepalive. */
export function dialIn(client: 0 | 1): HotelStep[] {
  const floated = { port: 4500 } as const;
  return [
    ike(client, 'client', 'main', 'm1'),
    ike(client, 'responder', 'main', 'm2'),
    ike(client, 'client', 'main', 'm3'),
    ike(client, 'responder', 'main', 'm4'),
    ike(client, 'client', 'main', 'm5', floated),
    ike(client, 'responder', 'main', 'm6', floated),
    ike(client, 'client', 'quick', 'q1', floated),
    ike(client, 'responder', 'quick', 'q2', floated),
    ike(client, 'client', 'quick', 'q3', floated),
    esp(client, 'client'),
    esp(client, 'responder'),
    esp(client, 'client'),
    keepalive(client),
  ];
}

/** Writes what the segments saw of these steps, with `extra` frames behind, and gives the files. */
export function hotelCaptures(
  steps: readonly HotelStep[],
  extra: Readonly<Record<string, readonly Uint8Array[]>> = {},
): Record<string, string> {
  const directory = temporaryFolder();
  return Object.fromEntries(
    path.map((segment) => {
      const seen = steps.filter(({ on = path }) => on.includes(segment));
      const file = join(directory, `${segment}.pcap`);
      writeFileSync(
        file,
        pcapFile([...seen.map((step) => frameOn(segment, step)), ...(extra[segment] ?? [])]),
      );
      return [segment, file];
    }),
  );
}

function frameOn(segment: string, { client, from, port, data, mapped }: HotelStep): Uint8Array {
  const [address, clientPort] =
    segment === 'hotel' ? [guests[client], port] : [hotelNat, mapped ?? mappings[client][port]];
  return from === 'client'
    ? udpFrame({ from: address, fromPort: clientPort, to: responder, toPort: port, data })
    : udpFrame({ from: responder, fromPort: port, to: address, toPort: clientPort, data });
}
