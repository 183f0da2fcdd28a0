import { readInner } from '../../endpoint/inner-datagram.ts';
import { repairTransportChecksum } from '../../esp/checksum-repair.ts';
import { open, type Sa } from '../../esp/packet.ts';
import { internetChecksum, protocolTcp, protocolUdp, transportChecksumHolds } from '../../ip/checksum.ts';
import { buildIpv4, ipv4Addresses, parseIpv4 } from '../../ip/ipv4.ts';
import { buildUdp, parseUdp } from '../../ip/udp.ts';
import { concat, hex, uint8 } from '../../octets.ts';
import type { SaPair } from '../../sa.ts';
import { codec, roundTrip } from './codec.ts';
import { espSamples, type InstalledSample } from './esp-samples.ts';
import { recordings } from './recorded.ts';
import { FaultFound, type Target } from './target.ts';

/** UDP datagrams that were inside ESP: those of tunnels without the IP header before them. */
export function innerDatagrams(): Uint8Array[] {
  return recordings().flatMap(({ inner }) =>
    inner.map((octets) => (octets[0] === 0x45 ? octets.subarray(20) : octets)),
  );
}

const addresses = { source: '192.168.1.10', destination: '198.18.2.10' } as const;

/** IP packets around what was inside ESP. */
function ipPackets(): Uint8Array[] {
  return innerDatagrams().map((payload) =>
    buildIpv4({
      ...addresses,
      typeOfService: 0,
      identification: 7,
      dontFragment: false,
      moreFragments: false,
      fragmentOffset: 0,
      timeToLive: 64,
      protocol: protocolUdp,
      options: new Uint8Array(payload.length % 2 === 0 ? 0 : 8),
      payload,
    }),
  );
}

/** The same with a header checksum that holds, where there is a header: else no mutation comes further. */
function withChecksum(input: Uint8Array): Uint8Array {
  const headerLength = ((input[0] ?? 0) & 0xf) * 4;
  if (headerLength < 20 || headerLength > input.length) return input;
  const octets = input.slice();
  octets.set([0, 0], 10);
  const checksum = internetChecksum(octets, 0, headerLength);
  octets.set([checksum >> 8, checksum & 0xff], 10);
  return octets;
}

const selector = (ip: string, port: number) => ({ ip, protocol: protocolUdp, port });
const anySelector = (ip: string) => ({ ip, protocol: 0, port: 0 });
const keys = {
  spi: 1,
  algorithms: { encryption: 'null', integrity: 'hmac-md5-96' },
  encryptionKey: new Uint8Array(),
  integrityKey: new Uint8Array(),
} as const;

/** Ways in which what comes out of an SA is read. */
const pairs: readonly SaPair[] = (['transport', 'tunnel'] as const).flatMap((mode) =>
  [true, false].map((any) => ({
    inbound: keys,
    outbound: keys,
    mode,
    encapsulation: 'udp',
    local: { ip: addresses.destination, port: 4500 },
    peer: { ip: addresses.source, port: 4500 },
    localSelector: any ? anySelector(addresses.destination) : selector(addresses.destination, 1701),
    peerSelector: any ? anySelector(addresses.source) : selector(addresses.source, 1701),
    lifetimeSeconds: 3600,
  })),
);

export const packetCodecs: readonly Target[] = [
  roundTrip(
    'ipv4',
    'IPv4 packets with a header checksum that holds',
    ipPackets,
    (input) => {
      ipv4Addresses(input);
      parseIpv4(input);
      return parseIpv4(withChecksum(input));
    },
    buildIpv4,
  ),
  roundTrip(
    'udp',
    'UDP datagrams',
    innerDatagrams,
    (input) => {
      transportChecksumHolds(addresses, protocolUdp, input, 0, input.length);
      return parseUdp(input);
    },
    buildUdp,
    // It is computed, or left out.
    (datagram) => ({ ...datagram, checksum: 0 }),
  ),
  codec('checksum-repair', 'checksums of transport mode behind NAT', innerDatagrams, (input) => {
    for (const protocol of [protocolUdp, protocolTcp, 253]) {
      for (const original of [addresses, undefined]) {
        const pool = input.slice();
        const held = transportChecksumHolds(addresses, protocol, pool, 0, pool.length);
        repairTransportChecksum(pool, 0, pool.length, protocol, addresses, original);
        // Nothing was translated: what held before holds after.
        if (held && !transportChecksumHolds(addresses, protocol, pool, 0, pool.length)) {
          throw new FaultFound('wrong', `protocol ${protocol}: a checksum that held does not any more`);
        }
      }
    }
    return undefined;
  }),
  codec(
    'esp-inner',
    'what comes out of an SA in transport and tunnel mode',
    () =>
      recordings().flatMap(({ inner }) =>
        inner.map((octets) => concat(uint8(octets[0] === 0x45 ? 4 : 17), octets)),
      ),
    (input) => {
      const nextHeader = input[0] ?? 0;
      return pairs.flatMap((pair) =>
        [undefined, addresses].map((original) => {
          const pool = pair.mode === 'tunnel' ? withChecksum(input.subarray(1)) : input.slice(1);
          return readInner(pool, { offset: 0, length: pool.length, nextHeader }, pair, original);
        }),
      );
    },
  ),
  codec(
    'esp-open',
    'ESP packets of every cipher and MAC',
    () => espSamples().map(({ sealed }) => sealed),
    openAny,
  ),
];

/** Opens an input under the SA that its first octet says; nothing opens but what was sealed. */
function openAny(input: Uint8Array): unknown {
  const samples = espSamples();
  const sample = samples[(input[0] ?? 0) % samples.length];
  if (sample === undefined) return undefined;
  restore(sample.sa, sample);
  const pool = input.slice(1);
  const result = open(sample.sa, pool, 0, pool.length);
  if (typeof result === 'string') return result;
  if (!sample.genuine.has(hex(input.subarray(1)))) throw new FaultFound('wrong', 'a forged packet opens');
  return undefined;
}

/** The SA as it was before any packet. */
function restore({ record }: Sa, { fresh }: InstalledSample): void {
  new Uint8Array(record.buffer).set(fresh);
}
