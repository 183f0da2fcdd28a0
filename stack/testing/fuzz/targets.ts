import { endpointTargets } from './endpoints.ts';
import { ikeCodecs } from './ike-codecs.ts';
import { packetCodecs } from './packet-codecs.ts';
import type { Target } from './target.ts';
import { tunnelCodecs } from './tunnel-codecs.ts';

/** Everything that takes any octets. */
export const targets: readonly Target[] = [
  ...ikeCodecs,
  ...packetCodecs,
  ...tunnelCodecs,
  ...endpointTargets,
];
