import { CrossnatError } from '../../../error.ts';
import type { HostInterface, ResponderHostConfig } from '../forwarding.ts';
import type { Router } from './router.ts';

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
