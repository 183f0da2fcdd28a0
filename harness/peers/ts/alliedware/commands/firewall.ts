import { type CommandForm, type CommandOutcome, command, refused, takesEffect } from '../command.ts';
import type { Place } from '../complaint.ts';
import { byName, type FirewallPolicy } from '../router.ts';
import { choice, interfaceName, ipv4, number, port, text } from '../value.ts';

const name = text(15);

/** The stateful firewall: which interfaces are private, what the public one lets in, and address translation. */
export const firewallCommands: readonly CommandForm[] = [
  command('enable firewall', {}, (_, router) => {
    router.firewall.enabled = true;
    return takesEffect('nothing comes in unless a rule allows it');
  }),
  command('create firewall policy=', { policy: name, dynamic: name.optional() }, (values, router) => {
    const { policy, dynamic } = values;
    const known = router.firewall.policies.get(policy.toLowerCase());
    if (known && dynamic === undefined) return refused(`there is a firewall policy ${policy} already`);
    if (!known && dynamic !== undefined) return refused(`there is no firewall policy ${policy}`);
    if (known && dynamic !== undefined) {
      known.dynamicTemplates.add(dynamic.toLowerCase());
      return takesEffect(`interfaces that users bring up are dyn-${dynamic}`);
    }
    router.firewall.policies.set(policy.toLowerCase(), {
      name: policy,
      dynamicTemplates: new Set(),
      interfaces: new Map(),
      nat: [],
      rules: new Map(),
    });
    return takesEffect(`firewall policy ${policy}`);
  }),
  command(
    'add firewall policy=',
    {
      policy: name,
      dynamic: name.optional(),
      user: text(64).optional(),
      interface: interfaceName.optional(),
      type: choice('private', 'public').optional(),
      nat: choice('enhanced', 'standard').optional(),
      gblinterface: interfaceName.optional(),
      rule: number(1, 299).optional(),
      action: choice('allow', 'deny', 'nat', 'nonat').optional(),
      protocol: choice('udp', 'tcp').optional(),
      ip: ipv4.optional(),
      port: port.optional(),
      gblip: ipv4.optional(),
      gblport: port.optional(),
      encapsulation: choice('none', 'ipsec').optional(),
    },
    (values, router, at) => {
      const policy = byName(router.firewall.policies, values.policy)?.entry;
      if (!policy) return refused(`there is no firewall policy ${values.policy}`);
      if (values.rule !== undefined) return addRule(policy, { ...values, rule: values.rule }, at);
      if (values.nat !== undefined) return addNat(policy, values, at);
      if (values.dynamic !== undefined) return addDynamicUser(policy, values.dynamic, values.user);
      if (values.interface === undefined || values.type === undefined) {
        return refused(
          'one of interface= with type=, dynamic= with user=, nat= or rule= must say what is added',
        );
      }
      policy.interfaces.set(values.interface, { type: values.type, at });
      return takesEffect(`${values.interface} is ${values.type}`);
    },
    ['after', 'before', 'days', 'gblremoteip', 'list', 'method', 'remoteip', 'sourceport', 'ttl'],
  ),
];

function addDynamicUser(policy: FirewallPolicy, template: string, user: string | undefined): CommandOutcome {
  if (!policy.dynamicTemplates.has(template.toLowerCase())) {
    return refused(`there is no dynamic template ${template}`);
  }
  if (user === undefined) return refused('user= is missing');
  const everybody = user.toLowerCase() === 'any';
  return takesEffect(
    `links of ${everybody ? 'every user' : user} are dyn-${template}`,
    ...(everybody ? [] : ['links of other users are not told apart: not modelled']),
  );
}

interface NatValues {
  readonly nat?: 'enhanced' | 'standard' | undefined;
  readonly interface?: string | undefined;
  readonly gblinterface?: string | undefined;
}

function addNat(policy: FirewallPolicy, values: NatValues, at: Place): CommandOutcome {
  if (values.nat !== 'enhanced') return refused(`nat=${values.nat} is not modelled: enhanced is`);
  if (values.interface === undefined || values.gblinterface === undefined) {
    return refused('nat=enhanced needs interface= and gblinterface=');
  }
  policy.nat.push({ inside: values.interface, outside: values.gblinterface, at });
  return takesEffect(`what leaves from ${values.interface} by ${values.gblinterface} takes its address`);
}

interface RuleValues {
  readonly rule: number;
  readonly action?: string | undefined;
  readonly interface?: string | undefined;
  readonly protocol?: 'udp' | 'tcp' | undefined;
  readonly ip?: string | undefined;
  readonly port?: number | undefined;
  readonly gblip?: string | undefined;
  readonly gblport?: number | undefined;
  readonly encapsulation?: string | undefined;
}

function addRule(policy: FirewallPolicy, values: RuleValues, at: Place): CommandOutcome {
  const { rule, protocol, ip, port: to } = values;
  if (policy.rules.has(rule)) return refused(`there is a rule ${rule} already`);
  if (values.action !== 'allow') return refused('only action=allow is modelled');
  if (values.interface === undefined) return refused('interface= is missing');
  if (protocol === undefined || ip === undefined || to === undefined) {
    return refused('protocol=, ip= and port= say what the rule allows');
  }
  const globalAddress = values.gblip ?? ip;
  const globalPort = values.gblport ?? to;
  if (globalAddress !== ip || globalPort !== to) {
    return refused('a rule that passes packets on to another address or port is not modelled');
  }
  const onlyFromIpsec = values.encapsulation === 'ipsec';
  policy.rules.set(rule, {
    number: rule,
    interface: values.interface,
    protocol,
    globalAddress,
    globalPort,
    onlyFromIpsec,
    at,
  });
  return takesEffect(
    `${protocol} ${globalAddress}:${globalPort} is let in${onlyFromIpsec ? ' out of IPsec' : ''}`,
  );
}
