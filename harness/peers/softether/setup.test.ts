import { expect, test } from 'vitest';
import { cell } from '../../cell.ts';
import type { CellSettings } from '../peer.ts';
import { setupCommands } from './setup.ts';

const good = cell('hotel-nat', { responder: 'softether' });
const settings: CellSettings = {
  preSharedKey: 'key1',
  clientPreSharedKey: 'other',
  user: 'dialin1',
  password: 'friend1',
  l2tpPort: 1701,
  callers: [{ user: 'dialin1', password: 'friend1' }],
  dial: '198.18.2.10',
  timerFactor: 1,
  seed: '1',
};

test("sets the responder's key, user and password, and not the client's key", () => {
  const text = setupCommands(good, settings).join('\n');
  expect(text).toContain('IPsecEnable /L2TP:yes /L2TPRAW:no /ETHERIP:no /PSK:key1 /DEFAULTHUB:VPN');
  expect(text).toContain('UserCreate dialin1 ');
  expect(text).toContain('UserPasswordSet dialin1 /PASSWORD:friend1');
  expect(text).not.toContain('other');
});

test('knows everybody who calls', () => {
  const callers = ['dialin1', 'dialin2', 'dialin3'].map((user) => ({ user, password: `of-${user}` }));
  const commands = setupCommands(good, { ...settings, callers });
  for (const { user, password } of callers) {
    expect(commands).toContain(`UserPasswordSet ${user} /PASSWORD:${password}`);
  }
});

test('has another password than the client in a wrong-password cell', () => {
  const wrong = cell('hotel-nat', { responder: 'softether', password: 'wrong' });
  const line = setupCommands(wrong, settings).find((command) => command.startsWith('UserPasswordSet'));
  expect(line).toMatch(/\/PASSWORD:./);
  expect(line).not.toMatch(/\/PASSWORD:friend1$/);
});

test.each(['a b', 'say"quote', '', 'line\nbreak', '/OPTION'])(
  'takes no key like %j into a command',
  (preSharedKey) => {
    expect(() => setupCommands(good, { ...settings, preSharedKey })).toThrow(
      /a pre-shared key with characters/,
    );
  },
);
