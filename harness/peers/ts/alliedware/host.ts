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
      },
    }),
  };
}

/** Words after `iptables`, one list a statement, for a node whose tables are empty. */
export function iptablesStatements(host: ResponderHostConfig, tunnelInterface: string): string[][] {
  if (!host.firewall) return [];
  const name = (on: HostInterface) => (on.kind === 'tunnel' ? tunnelInterface : on.name);
  const { privateInterfaces, translations } = host.firewall;
  return [
    ['-P', 'FORWARD', 'DROP'],
    ['-A', 'FORWARD', '-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED', '-j', 'ACCEPT'],
    ...privateInterfaces.map((on) => ['-A', 'FORWARD', '-i', name(on), '-j', 'ACCEPT']),
    // POSTROUTING no longer knows where a packet came in: a mark carries it there.
    ...translations.flatMap(({ inside, outside }, index) => {
      const mark = String(index + 1);
      return [
        [
          '-t',
          'mangle',
          '-A',
          'FORWARD',
          '-i',
          name(inside),
          '-o',
          name(outside),
          '-j',
          'MARK',
          '--set-mark',
          mark,
        ],
        [
          '-t',
          'nat',
          '-A',
          'POSTROUTING',
          '-o',
          name(outside),
          '-m',
          'mark',
          '--mark',
          mark,
          '-j',
          'MASQUERADE',
        ],
      ];
    }),
  ];
}
