import { expect, test } from 'vitest';
import { type Cell, cell } from '../../../cell.ts';
import type { CellSettings } from '../../peer.ts';
import { compileClient, loadClientProfile } from './client-profile.ts';
import { clientHasNatTraversal } from './ike-fields.ts';
import { profileNames } from './profile-file.ts';

const settings: CellSettings = {
  preSharedKey: 'abc123',
  clientPreSharedKey: 'wrongkey',
  user: 'dialin1',
  password: 'friend1',
  l2tpPort: 1701,
  callers: [{ user: 'dialin1', password: 'friend1' }],
  dial: '198.18.2.10',
  timerFactor: 1,
  seed: 'seed',
};
const xp = (values: Partial<Cell> = {}, changed: Partial<CellSettings> = {}) =>
  compileClient(
    loadClientProfile('windows-xp-sp2'),
    cell('office-nat', values),
    { ...settings, ...changed },
    '198.18.1.10',
  );

test('Windows XP SP2 offers five phase 1 transforms for 28800 s, strongest first', () => {
  // Order and lifetime: field facts B, "XP SP2/SP3, KB818043, 2003".
  const offered = xp().ike.phase1;
  expect(offered.map(({ encryption, hash, group }) => [encryption, hash, group])).toEqual([
    ['3des-cbc', 'sha1', 14],
    ['3des-cbc', 'sha1', 2],
    ['3des-cbc', 'md5', 2],
    ['des-cbc', 'sha1', 1],
    ['des-cbc', 'md5', 1],
  ]);
  expect(offered.every((one) => one.lifetimeSeconds === 28800)).toBe(true);
});

test('Windows XP SP2 names its vendor ids in the order of the wire', () => {
  // Field facts A1, "Order on the wire": MS-NT5(4), FRAGMENTATION, draft-02_n, Vid-Initial-Contact.
  expect(xp().ike.vendorIds).toEqual([
    '1e2b516905991c7d7c96fcbfb587e46100000004',
    '4048b7d56ebce88525e7de7f00d6c2d3',
    '90cb80913ebb696e086381b5ec427b1f',
    '26244d38eddb61b3172a36e3d0cfb819',
  ]);
  expect(xp().ike.natTraversal).toEqual(['draft-02n']);
});

test('an updated client proposes the remote port 1701 and no local one', () => {
  // The AlliedWare How-To, "Port settings for IPsec policy proposal".
  expect([xp().ike.localPort, xp().ike.peerPort, xp().l2tpPort]).toEqual([0, 1701, 1701]);
});

test('a client with an L2TP port of its own names it in quick mode, whatever else it would say', () => {
  for (const profile of ['windows-xp-sp2', 'plain']) {
    const compiled = (sourceport: Cell['sourceport']) => {
      const played = cell('shared-nat', { clients: 2, sourceport });
      const own = { ...settings, l2tpPort: 17012 };
      return compileClient(loadClientProfile(profile), played, own, '192.168.1.11');
    };
    const { ike, l2tpPort } = compiled('distinct');
    expect([ike.localPort, ike.peerPort, l2tpPort]).toEqual([17012, 1701, 17012]);
    expect(compiled('1701').l2tpPort).toBe(1701);
  }
});

test('Windows counts its tunnels and says nothing of a first contact; the neutral client does the opposite', () => {
  // The field facts C4 for the tunnels; RFC 2407 4.6.3.3 leaves INITIAL-CONTACT to whoever wishes to say it.
  expect([xp().l2tp.countsTunnels, xp().ike.initialContact]).toEqual([true, undefined]);
  const plain = compileClient(loadClientProfile('plain'), cell('direct'), settings, '198.18.1.10');
  expect([plain.l2tp.countsTunnels, plain.ike.initialContact]).toEqual([undefined, true]);
});

test('without NAT traversal neither a revision nor its vendor id is named', () => {
  for (const natt of ['client-off', 'off'] as const) {
    const { ike } = xp({ natt });
    expect(ike.natTraversal).toEqual([]);
    expect(ike.vendorIds).not.toContain('90cb80913ebb696e086381b5ec427b1f');
    expect(ike.vendorIds).toHaveLength(3);
    expect(clientHasNatTraversal(cell('office-nat', { natt }))).toBe(false);
  }
  expect(clientHasNatTraversal(cell('office-nat', { natt: 'responder-off' }))).toBe(true);
});

test('the axes rule and reading decide what the NAT rule does', () => {
  expect(xp().ike.natRule?.rule).toBe(2);
  expect(xp({ rule: '0', reading: 'a' }).ike.natRule).toEqual({
    rule: 0,
    whenRefused: 'stop-after-nat-detection',
  });
  expect(xp({ rule: '1', reading: 'b' }).ike.natRule).toEqual({
    rule: 1,
    whenRefused: 'complete-but-send-no-esp',
  });
  expect(xp({ rule: '0' }).ike.natRule?.whenRefused).toBe('stop-after-nat-detection');
});

test('a client that knows no such rule has none', () => {
  const plain = loadClientProfile('plain');
  const compiled = compileClient(plain, cell('office-nat', { rule: '0' }), settings, '198.18.1.10');
  expect(compiled.ike).not.toHaveProperty('natRule');
  expect(compiled.ike.natTraversal).toEqual(['rfc3947', 'draft-02n']);
});

test("the client is told its own key, and the cell's timer factor shortens its gaps only", () => {
  expect(Buffer.from(xp().ike.preSharedKey).toString()).toBe('wrongkey');
  const own = xp().ike.retransmission;
  const short = xp({}, { timerFactor: 0.25 }).ike.retransmission;
  expect(short).toEqual({
    ...own,
    firstGapMs: own.firstGapMs * 0.25,
    maximumGapMs: own.maximumGapMs * 0.25,
  });
  expect(xp({}, { timerFactor: 0.25 }).ppp.retransmission.firstGapMs).toBe(750);
});

test('a client whose system gives L2TP its port names that one, and the next in its network has another', () => {
  const macos = (address: string, values: Partial<Cell> = {}) => {
    const played = cell('shared-nat', { client: 'ts:macos', ...values });
    return compileClient(loadClientProfile('macos'), played, { ...settings, l2tpPort: 17012 }, address);
  };
  const [one, another] = [macos('192.168.1.10'), macos('192.168.1.11')];
  expect(one.l2tpPort).toBeGreaterThanOrEqual(49152);
  expect(one.ike).toMatchObject({ localPort: one.l2tpPort, peerPort: 1701 });
  expect(another.l2tpPort).not.toBe(one.l2tpPort);
  expect(macos('192.168.1.10', { sourceport: 'distinct' }).ike.localPort).toBe(17012);
});

test('what a client does about NAT, large messages, dead peers and new SAs comes from its file', () => {
  const compiled = (profile: string) =>
    compileClient(loadClientProfile(profile), cell('hotel-nat'), settings, '192.168.1.10');
  // [MS-IKEE] 3.1.5, 3.3, notes 16 and 17; libreswan issue 2014.
  expect(compiled('windows-7').ike).toMatchObject({
    natOriginalAddress: 'when-behind-nat',
    fragmentation: { maximumOctets: 576, which: 'identity-when-repeated' },
    messageIds: 'counting',
  });
  expect(compiled('windows-7').ike).not.toHaveProperty('deadPeerDetection');
  // A feedback log of ChromeOS: dpddelay 30, dpdtimeout 150.
  const { ike } = compiled('chromeos');
  expect(ike.deadPeerDetection).toEqual({ mode: 'both', idleSeconds: 30, retrySeconds: 30, attempts: 5 });
  expect(ike.rekey).toMatchObject({ marginSeconds: 540 });
  // Exports of RouterOS 6: pfs-group=modp1024, which is group 2.
  expect(compiled('mikrotik').ike.pfs).toBe(2);
  // mtpd's l2tp.c: StopCCN alone, with result 6.
  expect(compiled('android').l2tp).toMatchObject({
    teardown: 'stopccn',
    receiveWindowSize: 1,
    helloSeconds: 0,
  });
  expect(compiled('macos').ike.endsSilently).toBe(true);
  expect(compiled('android-identifier').ike).toMatchObject({
    phase1Mode: 'aggressive',
    identity: { type: 'key-id', id: Buffer.from('roadwarrior').toString('hex') },
  });
  // pppd log of Windows XP: mppe +H and +C, asks for WINS, ends with an error number.
  expect(compiled('windows-xp-sp2').ppp).toMatchObject({
    ccp: { supportedBits: 0x01000001 },
    requestsWins: true,
    terminateReason: 'windows',
    identification: ['MSRASV5.10', 'MSRAS-0-LAPTOP'],
  });
});

test('every client profile file can be read, and an unknown name is a usage error with the nearest', () => {
  for (const name of profileNames('client')) expect(loadClientProfile(name).summary).not.toBe('');
  expect(() => loadClientProfile('windows-xp-sp3')).toThrow(/Did you mean windows-xp-sp2/);
});
