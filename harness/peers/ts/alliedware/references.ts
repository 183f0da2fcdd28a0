import type { Complaint, Place } from './complaint.ts';
import { byName, type FirewallPolicy, type Router } from './router.ts';

/** Names and numbers in a finished router that nothing answers to, each at the line that says it. */
export function danglingReferences(router: Router): Complaint[] {
  return [
    ...inIpsec(router),
    ...inIsakmp(router),
    ...inL2tp(router),
    ...inIp(router),
    ...[...router.firewall.policies.values()].flatMap((policy) => inFirewall(policy, router)),
  ];
}

function inIpsec({ ipsec, isakmp, ip }: Router): Complaint[] {
  const complaints: Complaint[] = [];
  for (const [number, bundle] of ipsec.bundles) {
    for (const id of bundle.alternatives) {
      if (ipsec.saSpecifications.has(id)) continue;
      complaints.push(
        complaint(bundle.at, `bundle ${number} names SA specification ${id}, which does not exist`),
      );
    }
  }
  for (const policy of ipsec.policies.values()) {
    const who = `IPsec policy "${policy.name}"`;
    if (!ip.interfaces.has(policy.interface)) {
      complaints.push(complaint(policy.at, `${who} is on ${policy.interface}, which has no address`));
    }
    if (policy.action !== 'ipsec') continue;
    if (policy.bundle === undefined) {
      complaints.push(complaint(policy.at, `${who} names no bundle`));
    } else if (!ipsec.bundles.has(policy.bundle)) {
      complaints.push(complaint(policy.at, `${who} names bundle ${policy.bundle}, which does not exist`));
    }
    if (policy.isakmpPolicy === undefined) {
      complaints.push(complaint(policy.at, `${who} names no ISAKMP policy`));
    } else if (!byName(isakmp.policies, policy.isakmpPolicy)) {
      const name = policy.isakmpPolicy;
      complaints.push(complaint(policy.at, `${who} names ISAKMP policy "${name}", which does not exist`));
    }
  }
  return complaints;
}

/** A key that was typed and is gone is no mistake of the script: the router goes on without it. */
function inIsakmp({ isakmp, keys, missingKeys }: Router): Complaint[] {
  const complaints: Complaint[] = [];
  for (const policy of isakmp.policies.values()) {
    const who = `ISAKMP policy "${policy.name}"`;
    if (policy.key === undefined) {
      complaints.push(complaint(policy.at, `${who} names no key`));
      continue;
    }
    const key = keys.get(policy.key);
    if (key?.type === 'general' || missingKeys.has(policy.key)) continue;
    const reason = key
      ? `names key ${policy.key}, which is not of type general`
      : `names key ${policy.key}, which does not exist`;
    complaints.push(complaint(policy.at, `${who} ${reason}`));
  }
  return complaints;
}

function inL2tp({ l2tp, pppTemplates, ip }: Router): Complaint[] {
  const complaints: Complaint[] = [];
  for (const { pppTemplate, at } of l2tp.callers) {
    if (pppTemplates.has(pppTemplate)) continue;
    complaints.push(complaint(at, `PPP template ${pppTemplate} does not exist`));
  }
  for (const [number, { pool, at }] of pppTemplates) {
    if (pool === undefined || ip.pools.has(pool)) continue;
    complaints.push(complaint(at, `PPP template ${number} names the pool "${pool}", which does not exist`));
  }
  return complaints;
}

function inIp({ ip }: Router): Complaint[] {
  return ip.routes
    .filter((route) => !ip.interfaces.has(route.interface))
    .map((route) => complaint(route.at, `the route leaves by ${route.interface}, which has no address`));
}

function inFirewall(policy: FirewallPolicy, { ip }: Router): Complaint[] {
  const complaints: Complaint[] = [];
  const dynamic = (name: string) => name.startsWith('dyn-') && policy.dynamicTemplates.has(name.slice(4));
  for (const [name, { at }] of policy.interfaces) {
    if (dynamic(name) || ip.interfaces.has(name)) continue;
    const lacks = name.startsWith('dyn-') ? 'of which there is no dynamic template' : 'which has no address';
    complaints.push(complaint(at, `firewall policy ${policy.name} names ${name}, ${lacks}`));
  }
  for (const { inside, outside, at } of policy.nat) {
    for (const name of [inside, outside].filter((one) => !policy.interfaces.has(one))) {
      complaints.push(
        complaint(
          at,
          `address translation names ${name}, which firewall policy ${policy.name} does not have`,
        ),
      );
    }
  }
  for (const rule of policy.rules.values()) {
    if (policy.interfaces.get(rule.interface)?.type === 'public') continue;
    const where = `${rule.interface}, which is no public interface of firewall policy ${policy.name}`;
    complaints.push(complaint(rule.at, `rule ${rule.number} is on ${where}`));
  }
  return complaints;
}

function complaint(at: Place, reason: string): Complaint {
  return { ...at, reason };
}
