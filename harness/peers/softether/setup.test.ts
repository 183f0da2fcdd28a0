import { expect, test } from 'vitest';
import type { CellSettings } from '../peer.ts';
import { setupCommands } from './setup.ts';

const settings: CellSettings = {
  preSharedKey: 'key1',
  clientPreSharedKey: 'other',
  user: 'dialin1',
  password: 'friend1',
  dial: '198.18.2.10',
  timerFactor: 1,
  seed: '1',
};

test("sets the responder's key, user and password, and not the client's key", () => {
  const text = setupCommands(settings).join('\n');
  expect(text).toContain('IPsecEnable /L2TP:yes /L2TPRAW:no /ETHERIP:no /PSK:key1 /DEFAULTHUB:VPN');
  expect(text).toContain('UserCreate dialin1 ');
  expect(text).toContain('UserPasswordSet dialin1 /PASSWORD:friend1');
  expect(text).not.toContain('other');
});

test.each(['a b', 'say"quote', '', 'line\nbreak', '/OPTION'])(
  'takes no key like %j into a command',
  (preSharedKey) => {
    expect(() => setupCommands({ ...settings, preSharedKey })).toThrow(/a pre-shared key with characters/);
  },
);
