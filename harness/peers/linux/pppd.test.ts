import { expect, test } from 'vitest';
import { clientPppFiles, serverPppFiles } from './pppd.ts';

const named = (files: readonly { path: string; text: string }[], name: string) =>
  files.find(({ path }) => path.endsWith(`/${name}`))?.text ?? '';

/** As the client's default gateway in the tunnel has it. */
const everything = ['0.0.0.0/1', '128.0.0.0/1'];

test('a client speaks first: a responder may wait for it', () => {
  expect(named(clientPppFiles('dialin1', 'friend1', 1, everything), 'ppp-options').split('\n')).not.toContain(
    'silent',
  );
});

test('a client routes into the tunnel what it is told to, and not over the default route', () => {
  const files = clientPppFiles('dialin1', 'friend1', 1, everything);
  expect(named(files, 'ip-up')).toMatch(/^#!\/bin\/sh -e\n/);
  expect(named(files, 'ip-up')).toContain(
    'ip route add 0.0.0.0/1 dev "$1"\nip route add 128.0.0.0/1 dev "$1"',
  );
  expect(named(files, 'ppp-options').split('\n')).toEqual(
    expect.arrayContaining(['nodefaultroute', 'noauth', 'user "dialin1"', 'refuse-eap', 'lcp-restart 3']),
  );
  expect(named(files, 'chap-secrets')).toBe('"dialin1" * "friend1" *');
});

test('a responder knows its users, and the one address of who has one', () => {
  const users = [
    { user: 'dialin1', password: 'friend1', address: '192.168.8.50' },
    { user: 'dialin2', password: 'friend2' },
  ];
  const files = serverPppFiles(users, '192.168.2.10', 0.25);
  expect(named(files, 'chap-secrets')).toBe('"dialin1" * "friend1" 192.168.8.50\n"dialin2" * "friend2" *');
  const options = named(files, 'ppp-options').split('\n');
  expect(options).toEqual(expect.arrayContaining(['ms-dns 192.168.2.10', 'lcp-restart 1', 'chap-restart 1']));
  expect(options).not.toContain('noauth');
});

test.each(['', 'two words', 'quote"', 'back\\slash', 'line\nbreak', '#x'])(
  'takes no password like %j into a file',
  (password) => {
    expect(() => clientPppFiles('dialin1', password, 1, everything)).toThrow(
      /a password with characters other than/,
    );
    expect(() => serverPppFiles([{ user: 'dialin1', password }], '192.168.2.10', 1)).toThrow(/password/);
  },
);
