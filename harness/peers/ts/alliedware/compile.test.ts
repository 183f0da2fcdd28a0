import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Cell, cell } from '../../../cell.ts';
import { loadTopology } from '../../../topologies.ts';
import { exampleSettings } from '../../testing/settings.ts';
import { firewallRules } from '../forwarding.ts';
import { compileScript, scriptContext, scriptFor } from './compile.ts';

const settings = exampleSettings('198.18.2.10');

function compiled(topologyName: string, values: Partial<Cell> = {}, edit = (script: string) => script) {
  const topology = loadTopology(topologyName);
  const script = scriptFor(cell(topologyName, values), topology, settings);
  return compileScript(edit(script), scriptContext(cell(topologyName, values), topology, settings));
}

/** Commands of the printed script that need not take effect: Secure Shell, aliases, `securedelay`. */
const allowedUnmodelled = /^(set user securedelay|enable ssh|add ssh|add alias)/;

test('every line of the printed script takes effect, but for those on Secure Shell, aliases and securedelay', () => {
  const printed = readFileSync(join(import.meta.dirname, 'vpn.cfg'), 'utf8')
    .split('\n')
    .filter((line) => /^[a-z]/.test(line));
  const script = scriptFor(cell('office-nat'), loadTopology('office-nat'), settings);
  const restart = script.split('\n').indexOf('restart router') + 1;
  const report = compiled('office-nat').report.filter((entry) => entry.line > restart);
  // One entry for each command: no line is passed over in silence.
  expect(report.map((entry) => entry.text.split(' ', 2))).toEqual(printed.map((line) => line.split(' ', 2)));
  const unmodelled = report.filter((entry) => entry.state === 'not modelled');
  expect(unmodelled.filter((entry) => !allowedUnmodelled.test(entry.text))).toEqual([]);
  expect(unmodelled).toHaveLength(7);
  expect(report.flatMap((entry) => entry.notes)).toEqual([]);
});

test('office-nat: what the How-To says is what the responder is', () => {
  const { endpoint, warnings } = compiled('office-nat');
  // "interconnect LAN address" behind the NAT gateway, "office private LAN address" as the PPP end.
  expect(endpoint.localAddress).toBe('10.0.0.2');
  expect(endpoint.ppp.localAddress).toBe('192.168.2.1');
  expect(Buffer.from(endpoint.ike.preSharedKey ?? []).toString()).toBe('abc123');
  // set system name="IPSec Gateway"
  expect([endpoint.l2tp.hostName, endpoint.ppp.name]).toEqual(['IPSec Gateway', 'IPSec Gateway']);
  // add user=dialin1 .. dialin4, two with an address of their own; secoff is a user like others.
  expect(endpoint.users).toEqual([
    { name: 'secoff', password: 'notused1' },
    { name: 'dialin1', password: 'friend1', address: '192.168.8.50' },
    { name: 'dialin2', password: 'friend2' },
    { name: 'dialin3', password: 'friend3', address: '192.168.8.51' },
    { name: 'dialin4', password: 'friend4' },
  ]);
  // "e.g. ip=192.168.8.1-192.168.8.254"
  expect(endpoint.pool).toEqual({ first: '192.168.8.1', last: '192.168.8.254' });
  // authentication=chap echo=30; the DNS server is the server in the office.
  expect(endpoint.ppp).toMatchObject({
    authentication: ['chap-md5'],
    echoSeconds: 30,
    dns: ['192.168.2.10'],
  });
  // set isakmp policy="roaming1" senddeletes=true localid=local natt=on, and no encalg, hashalg or group (AW-6).
  expect(endpoint.ike).toMatchObject({
    sendsDeletes: true,
    sendsNotifies: false,
    identity: { type: 'fqdn', name: 'local' },
    natTraversal: ['draft-02n'],
    phase1: [{ encryption: 'des-cbc', hash: 'sha1', group: 1 }],
  });
  // The four SA specifications in the bundle's order, for udp and the router's own port 1701.
  expect(endpoint.ike.policies).toMatchObject([
    {
      name: 'all_roaming',
      protocol: 17,
      localPort: 1701,
      proposals: [
        { encryption: '3des-cbc', integrity: 'hmac-sha1-96' },
        { encryption: '3des-cbc', integrity: 'hmac-md5-96' },
        { encryption: 'des-cbc', integrity: 'hmac-sha1-96' },
        { encryption: 'des-cbc', integrity: 'hmac-md5-96' },
      ],
    },
  ]);
  expect(endpoint.ike.policies[0]).not.toHaveProperty('peerPort');
  // Firewall rules 1 to 3, the last with encap=ipsec, for the address that packets arrive with.
  const rule = { protocol: 'udp', address: '10.0.0.2' };
  expect(endpoint.admission).toEqual([
    { ...rule, name: 'rule 1', port: 500, onlyFromIpsec: false },
    { ...rule, name: 'rule 2', port: 4500, onlyFromIpsec: false },
    { ...rule, name: 'rule 3', port: 1701, onlyFromIpsec: true },
  ]);
  expect(endpoint.clearPolicies).toEqual([
    { name: 'isakmp', localPort: 500 },
    { name: 'isakmp_float', localPort: 4500 },
    { name: 'internet' },
  ]);
  expect(warnings).toEqual([]);
});

test('direct: the router has the office Internet address itself', () => {
  const { endpoint, host } = compiled('direct');
  expect(endpoint.localAddress).toBe('198.18.2.10');
  expect(endpoint.admission.map(({ address, port }) => `${address}:${port}`)).toEqual([
    '198.18.2.10:500',
    '198.18.2.10:4500',
    '198.18.2.10:1701',
  ]);
  expect(host.routes).toEqual([
    { to: '0.0.0.0/0', via: '198.18.2.1', on: { kind: 'segment', name: 'internet' } },
  ]);
});

test('the host gets the addresses, the way out, and the firewall with its two translations', () => {
  const { host } = compiled('office-nat');
  const office = { kind: 'segment', name: 'office' };
  const outer = { kind: 'segment', name: 'interconn' };
  expect(host).toEqual({
    addresses: [
      { on: office, address: '192.168.2.1', prefix: 24 },
      { on: outer, address: '10.0.0.2', prefix: 24 },
    ],
    routes: [{ to: '0.0.0.0/0', via: '10.0.0.1', on: outer }],
    firewall: {
      privateInterfaces: [office, { kind: 'tunnel' }],
      publicInterfaces: [outer],
      translations: [
        { inside: office, outside: outer },
        { inside: { kind: 'tunnel' }, outside: outer },
      ],
      tunnelAddresses: [
        { first: '192.168.8.1', last: '192.168.8.254' },
        { first: '192.168.8.50', last: '192.168.8.50' },
        { first: '192.168.8.51', last: '192.168.8.51' },
      ],
    },
  });
  expect(firewallRules(host, 'tun0').split('\n')).toEqual([
    '*filter',
    ':FORWARD DROP [0:0]',
    '-A FORWARD -m iprange --dst-range 192.168.8.1-192.168.8.254 ! -o tun0 -j DROP',
    '-A FORWARD -m iprange --dst-range 192.168.8.50-192.168.8.50 ! -o tun0 -j DROP',
    '-A FORWARD -m iprange --dst-range 192.168.8.51-192.168.8.51 ! -o tun0 -j DROP',
    '-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
    '-A FORWARD -i office -j ACCEPT',
    '-A FORWARD -i tun0 -j ACCEPT',
    'COMMIT',
    '*mangle',
    ':FORWARD ACCEPT [0:0]',
    '-A FORWARD -i office -o interconn -j MARK --set-mark 1',
    '-A FORWARD -i tun0 -o interconn -j MARK --set-mark 2',
    'COMMIT',
    '*nat',
    ':POSTROUTING ACCEPT [0:0]',
    '-A POSTROUTING -o interconn -m mark --mark 1 -j MASQUERADE',
    '-A POSTROUTING -o interconn -m mark --mark 2 -j MASQUERADE',
    'COMMIT',
    '',
  ]);
});

test('without the firewall everything is let in and forwarded', () => {
  const { endpoint, host } = compiled('direct', {}, (script) => script.replace('enable fire\n', ''));
  expect(endpoint.admission).toHaveLength(3);
  expect(endpoint.admission.every((rule) => !rule.onlyFromIpsec)).toBe(true);
  expect(host).not.toHaveProperty('firewall');
  const rules = firewallRules(host, 'tun0');
  expect(rules).toContain(':FORWARD ACCEPT');
  expect(rules).not.toContain('-A ');
});

test("without the translation for VPN users only the office's own remains (rule TRAF-1)", () => {
  const line = 'add fire policy=main nat=enhanced int=dyn-dynamic gblinterface=eth0\n';
  const { host } = compiled('direct', {}, (script) => script.replace(line, ''));
  expect(host.firewall?.translations.map(({ inside }) => inside.kind)).toEqual(['segment']);
});

test('a firewall rule that names the gateway address behind NAT is warned of: nothing arrives with it', () => {
  const { endpoint, warnings } = compiled('office-nat', {}, (script) =>
    script.replaceAll('ip=10.0.0.2 port=500 gblip=10.0.0.2', 'ip=198.18.2.10 port=500 gblip=198.18.2.10'),
  );
  expect(endpoint.admission[0]?.address).toBe('198.18.2.10');
  expect(warnings).toEqual([
    expect.stringMatching(/^line \d+: rule 1 lets in packets to 198\.18\.2\.10, and none arrives/),
  ]);
});

test('a script that makes no responder is refused with what it lacks', () => {
  const without = (line: string) => () =>
    compiled('direct', {}, (script) => script.replace(`\n${line}\n`, '\n'));
  expect(without('enable isakmp')).toThrow('`enable isakmp` is missing');
  expect(without('enable ipsec')).toThrow('`enable ipsec` is missing');
  expect(without('enable ip')).toThrow('`enable ip` is missing');
  expect(without('enable l2tp server=both')).toThrow('`enable l2tp server=both` is missing');
  expect(without('add l2tp ip=1.1.1.1-255.255.255.254 ppptemplate=1')).toThrow('no call is taken');
});

test('a placeholder that nobody filled in is a complaint, and nothing starts', () => {
  expect(() =>
    compiled('direct', {}, (script) => script.replace('int=vlan1 ip=192.168.2.1', 'int=vlan1 ip=<x y>')),
  ).toThrow('the placeholder <x y> has not been filled in');
});

test("the timer factor shortens the responder's gaps", () => {
  const topology = loadTopology('direct');
  const quick = { ...settings, timerFactor: 0.1 };
  const script = scriptFor(cell('direct'), topology, quick);
  const { endpoint } = compileScript(script, scriptContext(cell('direct'), topology, quick));
  // MSGTIMEOUT 4 s (Release Note 2.8.1), a tenth of it.
  expect(endpoint.ike.retransmission.firstGapMs).toBe(400);
});

test('without system security the restart destroys the key, and the policy that names it has none (rule AW-3)', () => {
  const { endpoint, warnings } = compiled('direct', { script: 'key-lost' });
  expect(endpoint.ike).not.toHaveProperty('preSharedKey');
  expect(endpoint.ike.policies).toHaveLength(1);
  expect(warnings[0]).toMatch(
    /ISAKMP policy "roaming1" has no key: there is no key 1, the restart destroyed it, because system security was off$/,
  );
});

test('reading a refuses a key of other characters, reading b takes its octets (rule WIN-10)', () => {
  const special = { ...settings, preSharedKey: 'Büro-1' };
  const topology = loadTopology('direct');
  const read = (reading: Cell['reading']) => {
    const played = cell('direct', { reading });
    const script = scriptFor(played, topology, special);
    return compileScript(script, scriptContext(played, topology, special));
  };
  const refused = read('a');
  expect(refused.endpoint.ike).not.toHaveProperty('preSharedKey');
  expect(refused.report.filter(({ state }) => state === 'rejected by the router')).toMatchObject([
    { what: 'key 1: letters and digits alone (rule WIN-10)' },
  ]);
  expect(refused.warnings[0]).toContain('its line was refused');
  const taken = read('b');
  // UTF-8 of the u with two dots, RFC 3629 section 3.
  expect(Buffer.from(taken.endpoint.ike.preSharedKey ?? []).toString('hex')).toBe('42c3bc726f2d31');
  expect(taken.warnings[0]).toContain('Windows may not interoperate');
});
