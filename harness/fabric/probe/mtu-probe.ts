import { protocolIcmp, viewPacket } from '../embedded/packet.ts';
import { sizedProbe } from './probe-packets.ts';
import type { NatSite, ProbeAnswer, ProbeStep } from './probe-step.ts';

/** What an Ethernet carries: of an outside that carries as much nothing is asked. */
const usual = 1500;
const end = { inside: 7500, outside: 9001 };

/**
 * How large a packet may be that leaves by the outside and forbids to be cut, and whether its sender hears of one that
 * is larger; each as declared and as found.
 */
export function* mtuFindings({
  inside,
  outside,
  narrow,
}: NatSite): Generator<ProbeStep, [string, string, string][], ProbeAnswer> {
  if (narrow === undefined) return [];
  const { mtu, tooBig } = narrow;
  const from = { address: inside.hosts[0], port: end.inside };
  const to = { address: outside.hosts[0], port: end.outside };
  const ask = (octets: number): ProbeStep => ({
    step: 'send',
    on: 'inside',
    packet: sizedProbe(from, to, octets),
  });
  const passes = ({ seen }: ProbeAnswer) => seen.some(({ on }) => on === 'outside');
  const fitting = passes(yield ask(mtu));
  const larger = yield ask(Math.min(mtu + 8, usual));
  const told = larger.seen.some(({ on, packet }) => on === 'inside' && isTooBig(packet, mtu));
  const found = !fitting ? 'less' : passes(larger) ? 'more' : `${mtu}`;
  return [
    ['MTU outside', `${mtu}`, found],
    ['"too big"', tooBig, told ? 'told' : 'lost'],
  ];
}

/** RFC 1191 4. */
function isTooBig(packet: Uint8Array, mtu: number): boolean {
  const view = viewPacket(packet);
  if (view?.protocol !== protocolIcmp) return false;
  const { payload } = view;
  return payload[0] === 3 && payload[1] === 4 && (payload[6] ?? 0) * 256 + (payload[7] ?? 0) === mtu;
}
