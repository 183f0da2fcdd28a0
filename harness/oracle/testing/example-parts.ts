import type { Placement, ScriptFacts } from '../facts.ts';
import type { Differences } from './example-facts.ts';

/* For tests: what examples of rules are put together from. */

const pinholes = { udp500: true, udp4500: true, esp: false };
export const clientNat: Partial<Placement> = { clientNats: 1 };
export const officeNat: Partial<Placement> = { responderNat: pinholes };
export const bothNat: Partial<Placement> = { ...clientNat, ...officeNat };
export const noNatT = { natTraversal: [] };
export const lenient = { checksPeerIdentity: false, natTraversal: [] };
export const rule = (value: 0 | 1 | 2, reading: 'a' | 'b' = 'a', family: 'xp-sp2' | 'vista' = 'xp-sp2') => ({
  natRule: { value, family, reading },
});
export const rport = { ports: { rport: 1701 } };
export const legacy = { ports: { local: 1701, remote: 0 } };
/** Windows that has not heard of AssumeUDPEncapsulationContextOnSendRule. */
export const beforeTheRule = { windows: true, natRule: undefined } as object;
export const both1701 = { ports: { local: 1701, remote: 1701 } };

export const impaired = (end: 'client' | 'responder', name: string, ...values: string[]) => ({
  impairment: { end, name, values },
});

export const filter = (...permits: string[]): Partial<Placement> => ({ filter: { permits } });
export const rightFilter = ['udp 500', 'udp 4500', 'esp'];
const whole: ScriptFacts = {
  permits: ['isakmp', 'isakmp_float', 'internet'],
  rules: [1, 2, 3],
  has3des: true,
  knowsNatTraversal: true,
  translatesUsers: true,
};
export const script = (lacking: Partial<ScriptFacts>) => ({ script: { ...whole, ...lacking } });
export const browsing: Partial<Placement> = {
  browsing: { officeAddress: '198.18.2.10', clientAddress: '198.18.1.10' },
};
/** Windows 7's transforms, as far as an AlliedWare policy can have them. */
export const vista = {
  ...rule(2, 'a', 'vista'),
  phase1: ['aes256-sha1-ecp384', '3des-sha1-modp1024'],
  phase2: ['aes256-sha1', '3des-sha1'],
};
export const group2 = { phase1: ['3des-sha1-modp1024'], phase1IsScriptDefault: false };
export const updatedXp = { windows: true } as const;
export const server2003 = {
  server: 'windows-2003',
  phase1: ['3des-sha1-modp1024', '3des-md5-modp1024'],
  phase1IsScriptDefault: false,
} as const;
export const draft00 = { natTraversal: ['draft-00'] };
export const shortMapping: Partial<Placement> = {
  ...clientNat,
  clientNatUdpSeconds: 30,
  hold: { idleSeconds: 120 },
};
export const rebinding = (what: 'port' | 'address'): Partial<Placement> => ({
  ...clientNat,
  hold: { rebinding: what },
});

/** A cell that a rule speaks of, what the cell must come to, and a neighbour of which the rule says nothing. */
export interface Example {
  readonly speaks: Differences;
  readonly outcome: string;
  readonly silent: Differences;
  readonly disputed?: boolean;
}
