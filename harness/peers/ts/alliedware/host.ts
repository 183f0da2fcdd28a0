import { CrossnatError } from '../../../error.ts';
import type { Router } from './router.ts';

/**
 * What a script asks of the machine under the responder: addresses, routes, and the firewall and
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
  /** Absent where the script enables no firewall: everything is forwarded. */
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

/** A segment's interface, or the one that all tunnels end at (the script's `dyn-` interfaces). */
export type HostInterface = { readonly kind: 'segment'; readonly name: string } | { readonly kind: 'tunnel' };

/** Compiles the forwarding side of a router; `segments` says which segment each of its interfaces is on. */
export function compileHost(router: Router, segments: Readonly<Record<string, string>>): ResponderHostConfig {
  const on = (name: string): HostInterface => {
    if (name.startsWith('dyn-')) return { kind: 'tunnel' };
    const segment = segments[name];
    if (segment !== undefined) return { kind: 'segment', name: segment };
    throw new CrossnatError('bad-data', {
      doing: 'placing the AlliedWare script in the topology',
      found: `the script uses the interface ${name}, and the responder has ${Object.keys(segments).join(' and ')}`,
      remedy: 'Use these interfaces in the script',
    });
  };
  const policies = [...router.firewall.policies.values()];
  const interfaces = policies.flatMap((policy) => [...policy.interfaces]);
  const ofType = (type: 'private' | 'public') =>
    interfaces.filter(([, entry]) => entry.type === type).map(([name]) => on(name));
  return {
    addresses: [...router.ip.interfaces].map(([name, { address, prefix }]) => ({
      on: on(name),
      address,
      prefix,
    })),
    routes: router.ip.routes.map((route) => ({
      to: `${route.to}/${route.prefix}`,
      via: route.via,
      on: on(route.interface),
    })),
    ...(router.firewall.enabled && {
      firewall: {
        privateInterfaces: ofType('private'),
        publicInterfaces: ofType('public'),
        translations: policies.flatMap((policy) =>
          policy.nat.map(({ inside, outside }) => ({ inside: on(inside), outside: on(outside) })),
        ),
        tunnelAddresses: [
          ...[...router.ip.pools.values()].map(({ first, last }) => ({ first, last })),
          ...[...router.users.values()].flatMap(({ address }) =>
            address === undefined ? [] : [{ first: address, last: address }],
          ),
        ],
      },
    }),
  };
}

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
