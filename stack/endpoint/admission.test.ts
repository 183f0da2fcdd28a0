import { expect, test } from 'vitest';
import { admit } from './admission.ts';
import type { AdmissionRule, ClearPolicy } from './config.ts';

/** The three firewall rules and the permit policies of the AlliedWare How-To. */
const address = '198.18.2.10';
const rules: AdmissionRule[] = [
  { name: 'rule 1', protocol: 'udp', address, port: 500, onlyFromIpsec: false },
  { name: 'rule 2', protocol: 'udp', address, port: 4500, onlyFromIpsec: false },
  { name: 'rule 3', protocol: 'udp', address, port: 1701, onlyFromIpsec: true },
];
const permits: ClearPolicy[] = [
  { name: 'isakmp', localPort: 500 },
  { name: 'isakmp_float', localPort: 4500 },
];
const internet: ClearPolicy = { name: 'internet' };

const packet = (port: number, fromIpsec = false) => ({ destination: address, port, fromIpsec });

test('IKE on both ports comes in, L2TP only out of IPsec', () => {
  expect(admit(packet(500), rules, permits).admitted).toBe(true);
  expect(admit(packet(4500), rules, permits).admitted).toBe(true);
  expect(admit(packet(1701, true), rules, permits).admitted).toBe(true);
});

test('clear L2TP is refused by the firewall even where an "internet" policy permits everything (rule FW-5)', () => {
  expect(admit(packet(1701), rules, [internet])).toMatchObject({ admitted: false, reason: 'firewall' });
});

test('without any permit policy IKE itself is refused (rule AW-1)', () => {
  expect(admit(packet(500), rules, [])).toMatchObject({ admitted: false, reason: 'no-ipsec-policy' });
  expect(admit(packet(4500), rules, permits.slice(0, 1))).toMatchObject({ reason: 'no-ipsec-policy' });
});

test('with the "internet" policy the other two are optional (rule AW-1)', () => {
  expect(admit(packet(500), rules, [internet]).admitted).toBe(true);
});

test('each firewall rule is needed (rule AW-2)', () => {
  expect(admit(packet(500), rules.slice(1), permits)).toMatchObject({ reason: 'firewall' });
  expect(admit(packet(1701, true), rules.slice(0, 2), permits)).toMatchObject({ reason: 'firewall' });
});

test('a rule for another address does not admit', () => {
  expect(admit({ ...packet(500), destination: '10.0.0.2' }, rules, permits)).toMatchObject({
    reason: 'firewall',
  });
});
