import { bareProbe, readProbe, tcpProbe, udpProbe } from './probe-packets.ts';
import type { FilterSite, Mismatch, Probe } from './probe-step.ts';

/** What any of the permit sets in the sources names, and what none of them does. */
const asked = [
  { protocol: 'udp', port: 500 },
  { protocol: 'udp', port: 4500 },
  { protocol: 'udp', port: 1701 },
  { protocol: 'udp', port: 7001 },
  { protocol: 'tcp', port: 50 },
  { protocol: 'esp' },
  { protocol: 'ah' },
] as const;

/** Measures a filter from both sides: what comes in unasked, what goes out, and whether that is answered. */
export function* filterProbe({ inside, outside, filter }: FilterSite): Probe {
  const mismatches: Mismatch[] = [];
  const check = (property: string, declared: boolean, found: boolean) => {
    const word = (is: boolean) => (is ? 'permitted' : 'refused');
    if (declared !== found) mismatches.push({ property, declared: word(declared), found: word(found) });
  };
  const [stranger, host] = [outside.hosts[0], inside.hosts[0]];
  for (const { protocol, ...rest } of asked) {
    const port = 'port' in rest ? rest.port : undefined;
    const [from, to] = [
      { address: stranger, port: 9100 },
      { address: host, port: port ?? 0 },
    ];
    const packet =
      protocol === 'udp'
        ? udpProbe(from, to)
        : protocol === 'tcp'
          ? tcpProbe(from, to)
          : bareProbe(protocol, stranger, host);
    const { seen } = yield { step: 'send', on: 'outside', packet };
    const arrived = seen.some(
      (each) => each.on === 'inside' && readProbe(each.packet)?.from.address === stranger,
    );
    const isPermitted = filter.permits.some((permit) => permit.protocol === protocol && permit.port === port);
    check([protocol, port].join(' ').trim(), isPermitted, arrived);
  }
  const [own, remote] = [
    { address: host, port: 7100 },
    { address: outside.hosts[1], port: 9001 },
  ];
  const out = yield { step: 'send', on: 'inside', packet: udpProbe(own, remote) };
  check(
    'udp from the inside',
    true,
    out.seen.some(({ on }) => on === 'outside'),
  );
  const back = yield { step: 'send', on: 'outside', packet: udpProbe(remote, own) };
  check(
    'its answer',
    true,
    back.seen.some(({ on }) => on === 'inside'),
  );
  return mismatches;
}
