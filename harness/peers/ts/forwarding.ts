/**
 * What a responder asks of the machine under it: addresses, routes, and the firewall and
 * address translation of traffic that is forwarded. (What comes in for the router itself is admitted by
 * the endpoint.) Plain data: the driver applies it in the node.
 */
export interface ResponderHostConfig {
  readonly addresses: readonly {
    readonly on: HostInterface;
    readonly address: string;
    readonly prefix: number;
  }[];
  readonly routes: readonly { readonly to: string; readonly via: string; readonly on: HostInterface }[];
  /** Absent for a responder without a firewall: everything is forwarded. */
  readonly firewall?: {
    /** From here anything may be begun, to anywhere. */
    readonly privateInterfaces: readonly HostInterface[];
    /** From here only answers come in. */
    readonly publicInterfaces: readonly HostInterface[];
    readonly translations: readonly { readonly inside: HostInterface; readonly outside: HostInterface }[];
    /** Addresses of VPN users. What is for one of them goes into its tunnel or nowhere. [D], docs/alliedware.md */
    readonly tunnelAddresses: readonly { readonly first: string; readonly last: string }[];
  };
}

/** A segment's interface, or the one that all tunnels end at (a script's `dyn-` interfaces). */
export type HostInterface = { readonly kind: 'segment'; readonly name: string } | { readonly kind: 'tunnel' };

/**
 * The rules for `iptables-restore`, which puts them in the place of all that these tables held. Without a
 * firewall everything is forwarded as it is.
 */
export function firewallRules({ firewall }: ResponderHostConfig, tunnelInterface: string): string {
  const name = (on: HostInterface) => (on.kind === 'tunnel' ? tunnelInterface : on.name);
  // POSTROUTING no longer knows where a packet came in: a mark carries it there.
  const translations = (firewall?.translations ?? []).map(({ inside, outside }, index) => ({
    inside: name(inside),
    outside: name(outside),
    mark: index + 1,
  }));
  const forwarded = (firewall?.privateInterfaces ?? []).map((on) => `-A FORWARD -i ${name(on)} -j ACCEPT`);
  const lines = [
    '*filter',
    ...(firewall
      ? [
          ':FORWARD DROP [0:0]',
          // Before the answers: a user's connections outlive the user, and the default route would take them.
          ...firewall.tunnelAddresses.map(
            ({ first, last }) =>
              `-A FORWARD -m iprange --dst-range ${first}-${last} ! -o ${tunnelInterface} -j DROP`,
          ),
          '-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
          ...forwarded,
        ]
      : [':FORWARD ACCEPT [0:0]']),
    'COMMIT',
    '*mangle',
    ':FORWARD ACCEPT [0:0]',
    ...translations.map(
      ({ inside, outside, mark }) => `-A FORWARD -i ${inside} -o ${outside} -j MARK --set-mark ${mark}`,
    ),
    'COMMIT',
    '*nat',
    ':POSTROUTING ACCEPT [0:0]',
    ...translations.map(
      ({ outside, mark }) => `-A POSTROUTING -o ${outside} -m mark --mark ${mark} -j MASQUERADE`,
    ),
    'COMMIT',
  ];
  return `${lines.join('\n')}\n`;
}
