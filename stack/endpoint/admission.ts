import type { Ipv4 } from '../address.ts';
import type { Fact } from '../fact.ts';
import type { AdmissionRule, ClearPolicy } from './config.ts';

/** What a packet looks like to the router's public interface. */
export interface InboundUdp {
  readonly destination: Ipv4;
  readonly port: number;
  /** It came out of an ESP SA. */
  readonly fromIpsec: boolean;
}

export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly reason: 'firewall' | 'no-ipsec-policy'; readonly detail: string };

/**
 * Whether the How-To's router lets a UDP packet for itself in: first the IPsec policies of the
 * interface (a clear packet needs one with action permit), then the firewall's allow rules.
 */
export function admit(
  packet: InboundUdp,
  rules: readonly AdmissionRule[],
  clearPolicies: readonly ClearPolicy[],
): Admission {
  const place = `UDP ${packet.port} at ${packet.destination}`;
  const permitted =
    packet.fromIpsec || clearPolicies.some((policy) => (policy.localPort ?? packet.port) === packet.port);
  if (!permitted) {
    return { admitted: false, reason: 'no-ipsec-policy', detail: `no permit policy for clear ${place}` };
  }
  const rule = rules.find((each) => each.port === packet.port && each.address === packet.destination);
  if (rule === undefined) return { admitted: false, reason: 'firewall', detail: `no rule allows ${place}` };
  if (rule.onlyFromIpsec && !packet.fromIpsec) {
    return { admitted: false, reason: 'firewall', detail: `${rule.name} allows ${place} only from IPsec` };
  }
  return { admitted: true };
}

/** The fact of a packet that is not let in; `undefined` of one that is. */
export function refusalOf(...asked: Parameters<typeof admit>): Fact | undefined {
  const admission = admit(...asked);
  if (admission.admitted) return undefined;
  return { fact: 'packet-dropped', reason: admission.reason, detail: admission.detail };
}
