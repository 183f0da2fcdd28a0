import { expect, test } from 'vitest';
import { type Cell, cell } from '../../../cell.ts';
import { loadTopology } from '../../../topologies.ts';
import { exampleSettings } from '../../testing/settings.ts';
import { compileScript, scriptContext, scriptFor } from './compile.ts';
import { editedFor, unsupportedByAlliedWare } from './edits.ts';

const settings = {
  ...exampleSettings('198.18.2.10'),
  preSharedKey: 'abc 123',
  clientPreSharedKey: 'abc 123',
};
const topology = loadTopology('direct');

function ikeOf(values: Partial<Cell>) {
  const played = cell('direct', values);
  return compileScript(scriptFor(played, topology, settings), scriptContext(played, topology, settings))
    .endpoint.ike;
}

test('p2 is the order of the bundle', () => {
  const order = (p2: string) =>
    ikeOf({ p2 }).policies[0]?.proposals.map(({ encryption, integrity }) => `${encryption} ${integrity}`);
  expect(order('4-1')).toEqual(['des-cbc hmac-md5-96', '3des-cbc hmac-sha1-96']);
  expect(order('3')).toEqual(['des-cbc hmac-sha1-96']);
  expect(() => ikeOf({ p2: '1-9' })).toThrow('bundle 1 names SA specification 9, which does not exist');
  expect(() => ikeOf({ p2: 'all' })).toThrow('p2=all is no order');
});

test('p1 is a further command of the script', () => {
  expect(ikeOf({ p1: '3des-sha1-modp1024' }).phase1).toMatchObject([
    { encryption: '3des-cbc', hash: 'sha1', group: 2 },
  ]);
  expect(ikeOf({ p1: 'aes128-md5-modp768' }).phase1).toMatchObject([
    { encryption: 'aes-cbc-128', hash: 'md5', group: 1 },
  ]);
});

test('what an ISAKMP policy cannot say is unsupported', () => {
  const why = (p1: string) => unsupportedByAlliedWare(cell('direct', { p1 }));
  expect([why('script'), why('3des-sha1-modp1024')]).toEqual([undefined, undefined]);
  expect(why('3des-sha1-modp2048')).toBe(
    'AlliedWare has groups 0, 1 and 2 only (SET ISAKMP POLICY), not modp2048',
  );
  expect(why('3des-sha256-modp1024')).toBe('AlliedWare has no phase 1 hash sha256');
  expect(why('null-sha1-modp1024')).toBe('AlliedWare has no phase 1 encryption null');
  expect(why('3des-sha1-modp1024+des-sha1-modp768')).toContain('one phase 1 transform, not several');
  expect(() => ikeOf({ p1: '3des-sha1-modp2048' })).toThrow('groups 0, 1 and 2 only');
});

test('ports is the setting of the policy', () => {
  const policy = (ports: Cell['ports']) => ikeOf({ ports }).policies[0];
  expect(policy('lport')).toMatchObject({ localPort: 1701 });
  expect(policy('rport')).toMatchObject({ peerPort: 1701 });
  expect(policy('rport')).not.toHaveProperty('localPort');
  expect(policy('both')).toMatchObject({ localPort: 1701, peerPort: 1701 });
  expect(Object.keys(policy('none') ?? {})).toEqual(['name', 'protocol', 'proposals']);
});

test('auth is the authentication of the PPP template', () => {
  const demanded = (auth: Cell['auth']) => {
    const played = cell('direct', { auth });
    const script = scriptFor(played, topology, settings);
    return compileScript(script, scriptContext(played, topology, settings)).endpoint.ppp.authentication;
  };
  expect(demanded('own')).toEqual(['chap-md5']);
  expect(demanded('chap-md5')).toEqual(['chap-md5']);
  expect(demanded('pap')).toEqual(['pap']);
  expect(unsupportedByAlliedWare(cell('direct', { auth: 'ms-chap-v2' }))).toContain('not ms-chap-v2');
});

test('natt is switched off at the responder where the cell says so', () => {
  expect(ikeOf({ natt: 'client-off' }).natTraversal).toEqual(['draft-02n']);
  for (const natt of ['responder-off', 'off'] as const) {
    expect(ikeOf({ natt })).toMatchObject({ natTraversal: [], vendorIds: [] });
  }
});

test('a key with a blank is typed in quotes', () => {
  expect(Buffer.from(ikeOf({ reading: 'b' }).preSharedKey ?? []).toString()).toBe('abc 123');
  const quote = { ...settings, preSharedKey: 'a"b' };
  expect(() => scriptFor(cell('direct'), topology, quote)).toThrow('cannot be typed');
});

test("a script without the How-To's line cannot play the axis", () => {
  expect(() => editedFor('enable ipsec\n', cell('direct'))).toThrow('the script does not say string=');
});

test('script leaves out the lines that it names, with their continuations', () => {
  const lines = (script: Cell['script']) => scriptFor(cell('direct', { script }), topology, settings);
  const rules = (text: string) => [...text.matchAll(/policy=main rule=(\d)/g)].map(([, number]) => number);
  expect(rules(lines('printed'))).toEqual(['1', '2', '3']);
  expect(rules(lines('no-rule-2'))).toEqual(['1', '3']);
  expect(lines('no-rule-2')).not.toContain('gblport=4500');
  const permits = (text: string) =>
    [...text.matchAll(/create ipsec policy="(\w+)" int=eth0 ac/g)].map(([, name]) => name);
  expect(permits(lines('printed'))).toEqual(['isakmp', 'isakmp_float', 'all_roaming', 'internet']);
  expect(permits(lines('no-isakmp-permits'))).toEqual(['all_roaming', 'internet']);
  expect(permits(lines('no-isakmp-no-internet'))).toEqual(['isakmp_float', 'all_roaming']);
  expect(permits(lines('no-float-no-internet'))).toEqual(['isakmp', 'all_roaming']);
});

test('without a licence for 3DES two of the four specifications are left, and what needs one is unsupported', () => {
  const left = ikeOf({ script: 'no-3des' }).policies[0]?.proposals.map(({ encryption }) => encryption);
  expect(left).toEqual(['des-cbc', 'des-cbc']);
  const why = (values: Partial<Cell>) =>
    unsupportedByAlliedWare(cell('direct', { script: 'no-3des', ...values }));
  expect(why({})).toBeUndefined();
  for (const values of [{ p1: '3des-sha1-modp1024' }, { p2: '1-2' }, { reading: 'b' }] as const) {
    expect(why(values)).toContain('no 3DES');
  }
});

test('a release before NAT-T knows no natt, and cannot be asked for it', () => {
  const early = { script: 'before-2.6.4', natt: 'responder-off' } as const;
  expect(ikeOf(early).natTraversal).toEqual([]);
  expect(unsupportedByAlliedWare(cell('direct', { script: 'before-2.6.4' }))).toContain('no NAT-T');
});

test('reading b of the defaults of phase 1 is 3DES, SHA and group 2 (rule AW-6)', () => {
  expect(ikeOf({ reading: 'b' }).phase1).toMatchObject([{ encryption: '3des-cbc', hash: 'sha1', group: 2 }]);
  expect(ikeOf({ reading: 'b', p1: 'des-md5-modp768' }).phase1).toMatchObject([{ hash: 'md5', group: 1 }]);
});
