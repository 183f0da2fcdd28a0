import { CrossnatError } from '../../../error.ts';
import { addressOf, prefixOf } from '../../../subnet.ts';
import type { Topology } from '../../../topology.ts';
import { responderPlace } from '../responder-place.ts';

/** AlliedWare interface -> segment of the topology: `vlan1` is in the office, `eth0` towards the Internet. */
export function routerSegments(topology: Topology): Readonly<Record<'vlan1' | 'eth0', string>> {
  const { officeSegment, outerSegment } = responderPlace(topology);
  return { vlan1: officeSegment, eth0: outerSegment };
}

/** The addresses that the How-To's example gives to its pool; users with their own address lie inside it. */
const poolRange = '192.168.8.1-192.168.8.254';
/** Nobody logs in to this router: any password will do. */
const secOffPassword = 'notused1';

/**
 * What the placeholders of the How-To's script stand for in a topology.
 *
 * `<office Internet address>` stands in firewall rules, as `gblip`: the destination that a packet bears
 * *as it arrives on the public interface* (Release Note 2.3.1, C613-10325-00 REV B). Behind a NAT gateway
 * with pinholes that is the router's own interconnect address, because the gateway has translated it
 * already; the gateway's address would let nothing in. See docs/alliedware.md. [D]
 */
export function placeholderValues(
  topology: Topology,
  preSharedKey: string,
): Readonly<Record<string, string>> {
  const { node, officeSegment, outerSegment } = responderPlace(topology);
  const office = addressOf(node.interfaces[officeSegment] ?? '');
  const outer = node.interfaces[outerSegment] ?? '';
  const server = addressOf(topology.nodes[topology.server]?.interfaces[officeSegment] ?? '');
  if (node.gateway === undefined) {
    throw new CrossnatError('bad-data', {
      doing: `placing the AlliedWare script in topology ${topology.name}`,
      found: 'the responder has no gateway, and the script needs a next hop',
      remedy: 'Give the responder a gateway',
    });
  }
  return {
    'your-password': secOffPassword,
    password: secOffPassword,
    'secoff password': secOffPassword,
    'alphanumeric-string': quoted(preSharedKey),
    'office private LAN address': office,
    'interconnect LAN address': addressOf(outer),
    mask: maskText(prefixOf(outer)),
    'your NAT gateway or ISP next-hop address': node.gateway,
    'your private DNS server address if applicable': server,
    'pool-range': poolRange,
    'office Internet address': addressOf(outer),
    'trusted remote ip': server,
  };
}

/** Fills in the placeholders that have a value; others stay, and the reader of the script complains of them. */
export function fillPlaceholders(script: string, values: Readonly<Record<string, string>>): string {
  const line = (text: string) =>
    text.startsWith('#')
      ? text
      : text.replace(/<([^<>]*)>/g, (whole, name: string) =>
          Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
        );
  return script.split('\n').map(line).join('\n');
}

/** A value as it has to be typed: in quotes where it holds more than letters and digits. */
function quoted(value: string): string {
  if (/["\r\n]/.test(value)) {
    throw new CrossnatError('usage', {
      doing: 'typing the pre-shared key into the AlliedWare script',
      found: 'the key holds a quote or a line end, which cannot be typed',
      remedy: 'Use letters and digits (the How-To asks for them)',
    });
  }
  return /^[A-Za-z0-9]+$/.test(value) ? value : `"${value}"`;
}

function maskText(prefix: number): string {
  const bits = '1'.repeat(prefix).padEnd(32, '0');
  return [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join('.');
}
