import type { NatRules } from '../../topology.ts';

/** A rule's name is its comment in the kernel: what `readBoxCounters` finds again. */
const named = (name: string) => `-m comment --comment ${name}`;

/**
 * The rules of a NAT box for `iptables-restore`: one atomic replacement that also clears every counter.
 *
 * Outside packets get in as answers, or where a forward sends them; the box itself offers nothing there.
 * Whatever leaves by `outside` carries the box's address: packets that connection tracking cannot place
 * would keep their inner address, so they go nowhere.
 */
export function boxRules({ outside, forwards }: NatRules): string {
  const esp = forwards.filter(({ protocol }) => protocol === 'esp');
  const ports = forwards.flatMap(({ protocol, port, to }) =>
    protocol === 'esp' || port === undefined ? [] : [{ protocol, port, to }],
  );
  return lines(
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':INPUT ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ':POSTROUTING ACCEPT [0:0]',
    ...ports.map(
      ({ protocol, port, to }) =>
        `-A PREROUTING -i ${outside} -p ${protocol} --dport ${port} ${named(`forward-${protocol}-${port}`)} -j DNAT --to-destination ${to}`,
    ),
    ...esp.map(
      ({ to }) => `-A PREROUTING -i ${outside} -p esp ${named('forward-esp')} -j DNAT --to-destination ${to}`,
    ),
    `-A POSTROUTING -o ${outside} ${named('masquerade')} -j MASQUERADE`,
    'COMMIT',
    '*filter',
    ':INPUT ACCEPT [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    `-A INPUT -i ${outside} -m conntrack --ctstate ESTABLISHED,RELATED ${named('answer-to-box')} -j ACCEPT`,
    `-A INPUT -i ${outside} ${named('drop-to-box')} -j DROP`,
    // Linux tracks ESP by its addresses alone and would let one client's ESP through a masquerading box.
    // A NAT that translates ports cannot do that, and one that lets it slip through makes every NAT
    // traversal test lie (RFC 3715 2.1): ESP passes only where a forward names it.
    ...esp.flatMap(({ to }) => [
      `-A FORWARD -i ${outside} -d ${to} -p esp ${named('esp-in')} -j ACCEPT`,
      `-A FORWARD -o ${outside} -s ${to} -p esp ${named('esp-out')} -j ACCEPT`,
    ]),
    `-A FORWARD -p esp ${named('drop-esp')} -j DROP`,
    `-A FORWARD -m conntrack --ctstate INVALID ${named('drop-invalid')} -j DROP`,
    `-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED ${named('answer')} -j ACCEPT`,
    `-A FORWARD -i ${outside} -m conntrack --ctstate DNAT ${named('forwarded')} -j ACCEPT`,
    `-A FORWARD ! -i ${outside} ${named('outgoing')} -j ACCEPT`,
    `-A FORWARD ${named('drop-unsolicited')} -j DROP`,
    'COMMIT',
  );
}

/** What one rule of a box has counted since its rules were last set. In the `nat` table only a flow's first packet counts. */
export interface BoxCounter {
  readonly chain: string;
  /** `drop-to-box`, `drop-esp`, `forward-udp-500`, ... : the comments of `boxRules`. */
  readonly rule: string;
  readonly packets: number;
  readonly bytes: number;
}

/** Reads the counters of our rules out of `iptables-save -c`. */
export function readBoxCounters(saved: string): BoxCounter[] {
  const rule = /^\[(\d+):(\d+)\] -A (\S+) .*--comment "?([\w-]+)"?/gm;
  return [...saved.matchAll(rule)].map(([, packets, bytes, chain = '', name = '']) => ({
    chain,
    rule: name,
    packets: Number(packets),
    bytes: Number(bytes),
  }));
}

function lines(...each: string[]): string {
  return `${each.join('\n')}\n`;
}
