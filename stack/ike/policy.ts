import type { TrafficSelector } from '../sa.ts';
import type { IpsecPolicy } from './config.ts';

/**
 * The first policy that takes a quick mode (rules PORT-1 to PORT-5): the protocols of both IDs equal
 * the policy's (0 takes any), `lport` equals the port of IDcr, `rport` that of IDci, each exactly, so
 * that "any" (port 0) in the ID is not 1701.
 */
export function findPolicy(
  policies: readonly IpsecPolicy[],
  initiator: TrafficSelector,
  responder: TrafficSelector,
): IpsecPolicy | undefined {
  return policies.find(
    (policy) =>
      (policy.protocol === 0 ||
        (policy.protocol === initiator.protocol && policy.protocol === responder.protocol)) &&
      (policy.localPort === undefined || policy.localPort === responder.port) &&
      (policy.peerPort === undefined || policy.peerPort === initiator.port),
  );
}
