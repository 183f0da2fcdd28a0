import { expect, test } from 'vitest';
import { CrossnatError } from '../../../error.ts';
import { interpret } from './interpret.ts';

/** The smallest beginning that the commands below can stand on. */
const base = [
  'create enco key=1 type=general value=abc123', // 1
  'enable ip', // 2
  'add ip int=vlan1 ip=192.168.2.1', // 3
  'add ip int=eth0 ip=10.0.0.2 mask=255.255.255.0', // 4
  'create ip pool=myippool ip=192.168.8.1-192.168.8.254', // 5
  'create ipsec saspecification=1 key=isakmp protocol=esp encalg=des hashalg=sha mode=transport', // 6
  'create ipsec bundle=1 key=isakmp string="1"', // 7
  'create isakmp policy="roaming1" peer=any key=1', // 8
  'create ipsec policy="all_roaming" int=eth0 action=ipsec key=isakmp bundle=1 isakmppolicy="roaming1" peer=any', // 9
].join('\n');

function complaint(script: string): string {
  try {
    interpret(script);
  } catch (error) {
    if (error instanceof CrossnatError && error.code === 'bad-data') return error.found;
    throw error;
  }
  return 'none';
}

const after = (...lines: string[]) => complaint([base, ...lines].join('\n'));

test('the base of these tests is a good script', () => {
  expect(complaint(base)).toBe('none');
});

test.each([
  // A misspelt command, object, parameter.
  ['creat isakmp policy=x peer=any key=1', 'none'],
  ['craete isakmp policy=x peer=any key=1', 'line 10: "craete" is not understood here. Did you mean create?'],
  ['create isamkp policy=x peer=any key=1', 'line 10: "isamkp" is not understood here. Did you mean isakmp?'],
  [
    'set isakmp policy=roaming1 hashlag=sha',
    'line 10: "hashlag" is not understood here. Did you mean hashalg?',
  ],
  // Ambiguous.
  ['e ip', 'none'],
  ['set i policy=roaming1 key=1', 'line 10: "i" is ambiguous: it may be ipsec or isakmp'],
  [
    'set isakmp policy=roaming1 e=des',
    'line 10: "e" is ambiguous: it may be encalg or expiryseconds or expirykbytes',
  ],
  // Impossible values.
  ['set isakmp policy=roaming1 group=14', 'line 10: group=14: expects a number from 0 to 2'],
  ['set isakmp policy=roaming1 encalg=3des', 'none'],
  ['set isakmp policy=roaming1 encalg=blowfish', 'line 10: encalg=blowfish: expects one of des, 3desouter'],
  ['add ip int=eth0.5 ip=10.1.1.1', 'line 10: interface=eth0.5: expects an interface'],
  ['add user=x password=y ip=192.168.8.300', 'line 10: ip=192.168.8.300: expects an IPv4 address'],
  [
    'set ppp dnsprimary=<your private DNS server address if applicable>',
    'line 10: the placeholder <your private',
  ],
  ['create ipsec bundle=2 key=isakmp string="1 and 2"', 'line 10: string="1 and 2" is no list'],
  // Missing, doubled, without a value.
  ['create ipsec policy="x" int=eth0', 'line 10: action= is missing'],
  ['add user=x', 'line 10: password is missing'],
  ['add user=x password=a password=b', 'line 10: password is given twice'],
  ['set isakmp policy=roaming1 key', 'line 10: key needs a value'],
  ['enable', 'line 10: the command stops short'],
  ['enable ip=3', 'line 10: ip takes no value'],
  // Dangling references.
  [
    'create ipsec bundle=2 key=isakmp string="1 or 7"',
    'line 10: bundle 2 names SA specification 7, which does not exist',
  ],
  ['set ipsec policy="all_roming" lport=1701', 'line 10: there is no IPsec policy "all_roming"'],
  [
    'create isakmp policy="other" peer=any key=9',
    'line 10: ISAKMP policy "other" names key 9, which does not exist',
  ],
  ['create isakmp policy="other" peer=any', 'line 10: ISAKMP policy "other" names no key'],
  [
    'create ppp template=1 authentication=chap ippool=mypool lqr=off',
    'line 10: PPP template 1 names the pool "mypool"',
  ],
  ['add l2tp ip=1.1.1.1-255.255.255.254 ppptemplate=4', 'line 10: PPP template 4 does not exist'],
  [
    'add ip route=0.0.0.0 mask=0.0.0.0 int=ppp0 next=10.0.0.1',
    'line 10: the route leaves by ppp0, which has no address',
  ],
  ['add fire policy=main int=vlan1 type=private', 'line 10: there is no firewall policy main'],
  [
    'create ipsec policy="x" int=eth1 action=permit',
    'line 10: IPsec policy "x" is on eth1, which has no address',
  ],
  [
    'create ipsec policy="x" int=eth0 action=ipsec bundle=5 isakmppolicy="gone"',
    'line 10: IPsec policy "x" names bundle 5, which does not exist',
  ],
  // Understood by the router, and not by us: refused, never ignored.
  ['create ppp template=1 authentication=pap lqr=off', 'none'],
  ['create ppp template=1 authentication=none lqr=off', 'line 10: authentication=none is not spoken here'],
  [
    'create ipsec sas=2 key=isakmp protocol=esp encalg=des hashalg=sha',
    'line 10: tunnel mode is not spoken here',
  ],
  ['set isakmp policy=roaming1 group=0', 'line 10: group 0 (512 bits) is not spoken here'],
])('%s', (line, expected) => {
  const got = after(line);
  if (expected === 'none') expect(got).toBe('none');
  else expect(got).toContain(expected);
});

test('all complaints come at once, in the order of the lines', () => {
  const found = after('enable isamkp', 'enable ip', 'enable ipsek');
  expect(found).toMatch(/^line 10: "isamkp".*; line 12: "ipsek"/);
  expect(found).toContain('(enable isamkp)');
});

test('a wrong word on a continuation line is reported with that line', () => {
  const found = after(
    'create ipsec saspecification=2 key=isakmp protocol=esp',
    '   encalg=des hashalg=shaa mode=transport',
  );
  expect(found).toContain(
    'line 11: hashalg=shaa: expects one of md5, sha, null (encalg=des hashalg=shaa mode=transport)',
  );
});

test('references inside a firewall policy', () => {
  const firewall = ['enable fire', 'create fire policy=main', 'create fire policy=main dy=dynamic'];
  const main = (...lines: string[]) => after(...firewall, ...lines);
  expect(main('add fire policy=main int=dyn-other type=private')).toContain(
    'line 13: firewall policy main names dyn-other',
  );
  expect(main('add fire policy=main nat=enhanced int=vlan1 gblinterface=eth0')).toContain(
    'names vlan1, which firewall policy',
  );
  expect(
    main(
      'add fire policy=main int=eth0 type=private',
      'add fire policy=main rule=1 int=eth0 ac=allow prot=udp ip=10.0.0.2 port=500',
    ),
  ).toContain('line 14: rule 1 is on eth0, which is no public interface');
  expect(main('add fire policy=main dy=other user=any')).toContain('there is no dynamic template other');
});

test('two parameters run together are taken apart where the value is impossible as it stands', () => {
  const { router } = interpret(base.replace('bundle=1 key=isakmp', 'bundle=1key=ISAKMP'));
  expect(router.ipsec.bundles.get(1)?.alternatives).toEqual([1]);
  // A password may hold an equals sign: it is possible as it stands.
  const { router: other } = interpret('add user=x password=1key=ISAKMP');
  expect(other.users.get('x')?.password).toBe('1key=ISAKMP');
  expect(complaint('create ipsec bundle=1kye=ISAKMP string="1"')).toContain('"kye" is not understood here');
});

test("the prose's name of the policy is taken for the script's, and said", () => {
  const { router, report } = interpret(`${base}\nset ipsec policy="all roaming" transport=udp lport=1701`);
  expect(router.ipsec.policies.get('all_roaming')?.localPort).toBe(1701);
  expect(report.at(-1)?.notes).toEqual(['"all roaming" taken for "all_roaming"']);
});

test('a restart keeps the keys only under system security', () => {
  const rest = base.split('\n').slice(1).join('\n');
  const typed = 'create enco key=1 type=general value=abc123\nrestart router';
  expect(complaint(`enable system security\n${typed}\n${rest}`)).toBe('none');
  // That is no mistake of the script: what names the key goes on without it (rule AW-3).
  const { router } = interpret(`${typed}\n${rest}`);
  expect([...router.keys, ...router.missingKeys]).toEqual([
    [1, 'the restart destroyed it, because system security was off'],
  ]);
  expect(complaint(`restart router\n${rest}`)).toContain('names key 1, which does not exist');
});

test('a key of other characters than letters and digits is warned of', () => {
  const { report } = interpret('create enco key=1 type=general value="abc-123"');
  expect(report[0]?.notes[0]).toContain('WIN-10');
  expect(interpret('create enco key=1 type=general value=abc123').report[0]?.notes).toEqual([]);
  const { router, report: refusing } = interpret(
    'create enco key=1 type=general value="abc-123"',
    'alphanumeric',
  );
  expect([router.keys.size, refusing[0]?.state]).toEqual([0, 'rejected by the router']);
});

test('secrets stand neither in the report nor in a complaint', () => {
  const script =
    'add user=x password=friend1\ncreate enco key=1 type=general val="top secret"\nadd user=x pass=friend2';
  expect(complaint(script)).not.toMatch(/friend|top secret/);
  const { report } = interpret(script.split('\n').slice(0, 2).join('\n'));
  expect(JSON.stringify(report)).not.toMatch(/friend|top secret/);
});

test('known parameters without effect here are said to have none', () => {
  const { report } = interpret(`${base}\nset isakmp policy=roaming1 dpdmode=both`);
  expect(report.at(-1)?.notes).toEqual(['dpdmode is not modelled']);
});
