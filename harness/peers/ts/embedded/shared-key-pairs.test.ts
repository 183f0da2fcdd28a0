import { expect, test } from 'vitest';
import { seededRandom } from '../../../../stack/host/random.ts';
import { sharedSecret } from '../../../../stack/ike/diffie-hellman.ts';
import { sharedKeyPairs } from './shared-key-pairs.ts';

const random = seededRandom('never asked');

test('an end has the same key pairs in every connection, in the same order, and no two ends have one in common', () => {
  const [one, again] = [sharedKeyPairs('run', 'client-1'), sharedKeyPairs('run', 'client-1')];
  const first = one.generateKeyPair(2, random);
  expect(again.generateKeyPair(2, random)).toEqual(first);
  const second = one.generateKeyPair(2, random);
  expect(second).not.toEqual(first);
  expect(again.generateKeyPair(2, random)).toEqual(second);
  expect(sharedKeyPairs('run', 'responder').generateKeyPair(2, random)).not.toEqual(first);
  expect(sharedKeyPairs('another run', 'client-1').generateKeyPair(2, random)).not.toEqual(first);
});

test.each([1, 2, 14, 19] as const)(
  'both ends of group %i come to one secret, the very one that is computed',
  (group) => {
    const [client, responder] = [sharedKeyPairs('run', 'client-1'), sharedKeyPairs('run', 'responder')];
    const [a, b] = [client.generateKeyPair(group, random), responder.generateKeyPair(group, random)];
    const secret = client.sharedSecret(group, a.privateKey, b.publicValue);
    expect(secret).toEqual(sharedSecret(group, a.privateKey, b.publicValue));
    expect(responder.sharedSecret(group, b.privateKey, a.publicValue)).toEqual(secret);
    expect(client.sharedSecret(group, a.privateKey, b.publicValue)).toEqual(secret);
  },
);

test('a value that is no element to work with is refused, the first time and the second', () => {
  const client = sharedKeyPairs('run', 'client-1');
  const { privateKey } = client.generateKeyPair(2, random);
  for (let time = 0; time < 2; time++) {
    expect(client.sharedSecret(2, privateKey, new Uint8Array(128))).toBe(
      'the value is not between 1 and p - 1',
    );
  }
});
