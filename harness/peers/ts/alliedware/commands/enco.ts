import { type CommandForm, command, refused, takesEffect } from '../command.ts';
import { choice, number, text } from '../value.ts';

/** Encryption keys. The general one that an ISAKMP policy names is its pre-shared key. */
export const encoCommands: readonly CommandForm[] = [
  command(
    'create enco key=',
    {
      key: number(0, 65535),
      type: choice('general', 'des', '3des', 'rsa'),
      value: text(64).optional(),
      description: text(25).optional(),
      length: number(1, 2048).optional(),
      format: choice('hex', 'ssh').optional(),
    },
    ({ key, type, value }, router, at) => {
      if (router.keys.has(key)) return refused(`there is a key ${key} already`);
      if (type === 'general' && value === undefined) return refused(`key ${key} needs a value`);
      const isPlain = type !== 'general' || /^[A-Za-z0-9]*$/.test(value ?? '');
      if (!isPlain && router.keyCharacters === 'alphanumeric') {
        const why = 'its line was refused, for characters other than letters and digits';
        router.missingKeys.set(key, why);
        return {
          state: 'rejected by the router',
          what: `key ${key}: letters and digits alone (rule WIN-10)`,
        };
      }
      router.keys.set(key, { type, value, at });
      if (type !== 'general') return { state: 'not modelled', what: 'a key for remote management' };
      const notes = isPlain
        ? []
        : [`key ${key} holds more than letters and digits: Windows may not interoperate (rule WIN-10)`];
      return takesEffect(`key ${key}`, ...notes);
    },
    ['file', 'ipaddress', 'module', 'random'],
  ),
];
