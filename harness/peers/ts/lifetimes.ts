import type { ClientEndpointConfig, ResponderEndpointConfig } from '../../../stack/endpoint/config.ts';
import type { RekeyConfig } from '../../../stack/ike/config.ts';
import type { Lifetimes } from '../peer.ts';

/** Replaced ESP SAs live on for what is still on its way under them. */
const graceSeconds = 2;

/** The same endpoint with the cell's lifetimes in place of its profile's; with none it is as it was. */
export function withLifetimes<Config extends ClientEndpointConfig | ResponderEndpointConfig>(
  endpoint: Config,
  lifetimes: Lifetimes | undefined,
): Config {
  if (lifetimes === undefined) return endpoint;
  const { phase1Seconds, phase2Seconds, marginSeconds, replacedBy } = lifetimes;
  // No kilobytes: the clock alone decides.
  const { rekey: _, ...ike } = endpoint.ike;
  const short = <Offer extends { readonly lifetimeSeconds: number }>(
    offers: readonly Offer[],
    seconds: number,
  ) => offers.map((offer) => ({ ...offer, lifetimeSeconds: seconds }));
  const phase1 = short(ike.phase1, phase1Seconds);
  const phase2 =
    ike.role === 'initiator'
      ? { phase2: short(ike.phase2, phase2Seconds) }
      : {
          policies: ike.policies.map((policy) => ({
            ...policy,
            proposals: short(policy.proposals, phase2Seconds),
          })),
        };
  const rekey: RekeyConfig = { marginSeconds, marginKilobytes: 0, fuzz: 0, graceSeconds };
  const replaces = replacedBy === endpoint.role;
  return { ...endpoint, ike: { ...ike, phase1, ...phase2, ...(replaces && { rekey }) } };
}
