import type { NatSetting } from '../../network-settings.ts';
import type { FilterRules } from '../../topology.ts';

/** A rule's name is its comment in the kernel: what `readBoxCounters` finds again. */
const named = (name: string) => `-m comment --comment ${name}`;

/** Whom a box remembers to have been spoken to: a list of the kernel (xt_recent) in the box's own namespace. */
const spokenTo = 'spoken-to';
/** Where the list is read, and emptied by a slash. */
export const spokenToFile = `/proc/net/xt_recent/${spokenTo}`;

/**
 * The rules of a NAT box for `iptables-restore`: one atomic replacement that also clears every counter.
 *
 * Outside packets get in as answers, or where a forward sends them; the box itself offers nothing there.
 * Whatever leaves by `outside` carries the box's address: packets that connection tracking cannot place
 * would keep their inner address, so they go nowhere.
 *
 * @param insideHost who gets what a kind with wider filtering than Linux lets in (`nat-kind-rules.ts`)
 */
export function boxRules({ outside, forwards, kind }: NatSetting, insideHost = ''): string {
  const esp = forwards.filter(({ protocol }) => protocol === 'esp');
  const ports = forwards.flatMap(({ protocol, port, to }) =>
    protocol === 'esp' || port === undefined ? [] : [{ protocol, port, to }],
  );
  const { filtering } = kind;
  const remembers = filtering === 'address-dependent';
  const anyPort = kind.ports === 'preserved' ? '' : ' --random-fully';
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
    ...(filtering === 'endpoint-independent'
      ? [`-A PREROUTING -i ${outside} -p udp ${named('open-to-all')} -j DNAT --to-destination ${insideHost}`]
      : []),
    ...(remembers
      ? [
          `-A PREROUTING -i ${outside} -p udp -m recent --name ${spokenTo} --rsource --rcheck --seconds ${kind.udpSeconds} ${named('open-to-known')} -j DNAT --to-destination ${insideHost}`,
        ]
      : []),
    `-A POSTROUTING -o ${outside} ${named('masquerade')} -j MASQUERADE${anyPort}`,
    'COMMIT',
    '*filter',
    ':INPUT ACCEPT [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    `-A INPUT -i ${outside} -m conntrack --ctstate ESTABLISHED,RELATED ${named('answer-to-box')} -j ACCEPT`,
    `-A INPUT -i ${outside} ${named('drop-to-box')} -j DROP`,
    ...(remembers
      ? [`-A FORWARD ! -i ${outside} -p udp -m recent --name ${spokenTo} --rdest --set ${named('remember')}`]
      : []),
    // Linux tracks ESP by its addresses alone and would let one client's ESP through a masquerading box.
    // A NAT that translates ports cannot do that, and one that lets it slip through makes every NAT
    // traversal test lie (RFC 3715 2.1): ESP passes only where a forward or the box's kind says so.
    ...esp.flatMap(({ to }) => [
      `-A FORWARD -i ${outside} -d ${to} -p esp ${named('esp-in')} -j ACCEPT`,
      `-A FORWARD -o ${outside} -s ${to} -p esp ${named('esp-out')} -j ACCEPT`,
    ]),
    ...espOfKind(outside, kind.esp),
    `-A FORWARD -p esp ${named('drop-esp')} -j DROP`,
    `-A FORWARD -m conntrack --ctstate INVALID ${named('drop-invalid')} -j DROP`,
    `-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED ${named('answer')} -j ACCEPT`,
    `-A FORWARD -i ${outside} -m conntrack --ctstate DNAT ${named('forwarded')} -j ACCEPT`,
    `-A FORWARD ! -i ${outside} ${named('outgoing')} -j ACCEPT`,
    `-A FORWARD ${named('drop-unsolicited')} -j DROP`,
    'COMMIT',
  );
}

/** Protocol 50 of whoever is inside; what is not named here is dropped. */
function espOfKind(outside: string, esp: NatSetting['kind']['esp']): string[] {
  if (esp === 'dropped') return [];
  const out = `-A FORWARD -o ${outside} -p esp ${named('esp-of-anybody')} -j ACCEPT`;
  if (esp === 'out-only') return [out];
  const answers = `-A FORWARD -i ${outside} -p esp -m conntrack --ctstate ESTABLISHED ${named('esp-answer')} -j ACCEPT`;
  return [out, answers];
}

/**
 * The rules of a router that filters without NAT: what is inside may begin anything, and what comes from outside is
 * an answer or permitted by its protocol and destination port.
 */
export function filterRules({ outside, permits }: FilterRules): string {
  return lines(
    '*filter',
    ':INPUT ACCEPT [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    `-A FORWARD ! -i ${outside} ${named('outgoing')} -j ACCEPT`,
    ...permits.map(({ protocol, port }) => {
      const what = port === undefined ? protocol : `${protocol}-${port}`;
      const ports = port === undefined ? '' : ` --dport ${port}`;
      return `-A FORWARD -p ${protocol}${ports} ${named(`permit-${what}`)} -j ACCEPT`;
    }),
    `-A FORWARD -p esp ${named('drop-esp')} -j DROP`,
    `-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED ${named('answer')} -j ACCEPT`,
    `-A FORWARD ${named('drop-not-permitted')} -j DROP`,
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
