import { expect, test } from 'vitest';
import { type Cell, cell } from '../../cell.ts';
import type { CellSettings } from '../peer.ts';
import { strongswanFiles } from './swanctl.ts';

const settings: CellSettings = {
  preSharedKey: 'key1',
  clientPreSharedKey: 'other',
  user: 'dialin1',
  password: 'friend1',
  l2tpPort: 1701,
  callers: [{ user: 'dialin1', password: 'friend1' }],
  dial: '198.18.2.10',
  timerFactor: 0.25,
  seed: '1',
};
const files = (
  role: 'client' | 'responder',
  values: Partial<Cell> = {},
  changed: Partial<CellSettings> = {},
) => {
  const plan = { role, cell: cell('direct', values), settings: { ...settings, ...changed } };
  const [daemon, connection] = strongswanFiles(plan);
  return { daemon: daemon?.text ?? '', connection: connection?.text ?? '' };
};

test('a responder waits for anybody, with its own key, for L2TP alone', () => {
  const { connection } = files('responder');
  expect(connection).toContain('remote_addrs = %any\n');
  expect(connection).toContain('secret = "key1"\n');
  expect(connection).not.toContain('other');
  expect(connection).toContain(
    'mode = transport\n        local_ts = dynamic[udp/1701]\n        remote_ts = dynamic[udp]\n',
  );
  expect(connection).toContain('esp_proposals = 3des-sha1, 3des-md5, des-sha1, des-md5\n');
});

test("a client dials, with the client's key, and takes whoever has it for the responder", () => {
  const { connection } = files('client');
  expect(connection).toContain('remote_addrs = 198.18.2.10\n');
  expect(connection).toContain('secret = "other"\n');
  expect(connection).toContain('id = %any\n');
  expect(connection).toContain('remote_ts = dynamic[udp/1701]\n');
});

test("the port that L2TP comes from is the client's own; that of the responder stays 1701", () => {
  const changed = { l2tpPort: 17011 };
  expect(files('client', {}, changed).connection).toContain(
    'local_ts = dynamic[udp/17011]\n        remote_ts = dynamic[udp/1701]\n',
  );
  expect(files('responder', {}, changed)).toEqual(files('responder'));
});

test('no client ends the SA of another one with the same identity', () => {
  expect(files('responder').connection).toContain('unique = never\n');
});

test("the responder's axes are the responder's", () => {
  const values = { p1: 'des-sha1-modp768+3des-sha1-modp1024', p2: '4-1' };
  expect(files('responder', values).connection).toContain(
    'proposals = des-sha1-modp768, 3des-sha1-modp1024\n',
  );
  expect(files('responder', values).connection).toContain('esp_proposals = des-md5, 3des-sha1\n');
  expect(files('client', values)).toEqual(files('client'));
});

test('timers are shortened, and no value runs into a closing brace', () => {
  const { daemon, connection } = files('client');
  expect(daemon).toContain('retransmit_timeout = 1\n');
  for (const line of `${daemon}${connection}`.split('\n').filter((each) => each.includes('='))) {
    expect(line).not.toMatch(/[{}]/);
  }
});

test.each(['a b', 'say"quote', '', 'line\nbreak', 'a#b'])('takes no key like %j', (preSharedKey) => {
  expect(() => files('responder', {}, { preSharedKey })).toThrow(
    /a pre-shared key with characters other than/,
  );
});

test('its keys go into a file of their own, and not into its log', () => {
  const { daemon } = files('client');
  const [, ofOutput = '', ofKeys = ''] = /output \{([^}]*)\}\s*keys \{([^}]*)\}/.exec(daemon) ?? [];
  expect(ofOutput).toContain('path = /proc/self/fd/1\n');
  expect(ofOutput).not.toMatch(/= [234]\n/);
  expect(ofKeys).toContain('path = /run/crossnat/ike-keys\n');
  expect(ofKeys).toMatch(/default = -1\n\s*ike = 4\n/);
});

test('a responder with marks has one for each SA, and what it lets in carries it; a client has none', () => {
  const values = { responder: 'strongswan-6:connmark' };
  expect(files('responder', values).connection).toMatch(
    /mark_in = %unique\n\s+mark_out = %unique\n\s+set_mark_in = %same\n/,
  );
  expect(files('responder', { responder: 'strongswan-6' }).connection).not.toContain('mark');
  expect(files('client', values).connection).not.toContain('mark');
});

test('an end that replaces SAs does so before their end; the other lets them live as long, and replaces none', () => {
  const lifetimes = {
    phase1Seconds: 12,
    phase2Seconds: 9,
    marginSeconds: 4,
    replacedBy: 'client',
  } as const;
  const client = files('client', {}, { lifetimes }).connection;
  expect(client).toContain('rekey_time = 8s\n    over_time = 4s\n');
  expect(client).toContain('rekey_time = 5s\n        life_time = 9s\n');
  const responder = files('responder', {}, { lifetimes }).connection;
  expect(responder).toContain('rekey_time = 0s\n    over_time = 12s\n');
  expect(responder).toContain('rekey_time = 0s\n        life_time = 9s\n');
  expect(files('client').connection).not.toContain('_time');
});
