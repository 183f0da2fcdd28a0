import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { encodeLine } from './agent/protocol.ts';
import { AgentConnection } from './agent-connection.ts';
import { captureKeysOf } from './capture-keys.ts';

const never = new AbortController().signal;

/** A connection to an agent that a test plays. */
function played() {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const { promise: exit, resolve } = Promise.withResolvers<number>();
  const process = { stdin, stdout, stderr, exit, kill: async () => {} };
  const ends = (lastWords: string) => {
    stdout.end(lastWords, () => resolve(1));
  };
  return { connection: new AgentConnection(process, 'client'), stdout, ends };
}

// Any 24 octets. What a random source of Node gives is a Buffer, what is derived from it is none.
const key = Uint8Array.from({ length: 24 }, (_, index) => 0xa0 + index);
const keys = {
  ike: [{ initiatorCookie: Buffer.of(1, 2, 3, 4, 5, 6, 7, 8), key }],
  esp: [
    {
      source: '198.18.1.10',
      destination: '198.18.2.10',
      spi: 0x1234,
      algorithms: { encryption: '3des-cbc', integrity: 'hmac-sha1-96' },
      encryptionKey: key,
      integrityKey: Uint8Array.of(9),
    },
  ],
} as const;
const keyText = 'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7';

test('keys come to who asked for them, in the words of all peers, and into no log', async () => {
  const { connection, stdout } = played();
  const asked = connection.request({ request: 'keys' }, never);
  const line = encodeLine({ id: 1, ok: true, reply: keys });
  stdout.write(line);
  expect(captureKeysOf(await asked)).toEqual({
    ike: [{ initiatorCookie: '0102030405060708', key: keyText }],
    esp: [
      {
        source: '198.18.1.10',
        destination: '198.18.2.10',
        spi: 0x1234,
        algorithms: '3des-sha1',
        encryptionKey: keyText,
        integrityKey: '09',
      },
    ],
  });
  expect(connection.log()).toBe('');
});

test('the last words of an agent that dies are facts in short, and its own complaint whole', async () => {
  const { connection, stdout, ends } = played();
  const asked = connection.request({ request: 'connect' }, never);
  const fact = {
    fact: 'ike-message',
    direction: 'sent',
    exchange: 'main-mode',
    message: 5,
    transmission: 1,
    messageId: 0,
    local: { ip: '198.18.1.10', port: 500 },
    peer: { ip: '198.18.2.10', port: 500 },
  } as const;
  stdout.write(encodeLine({ event: 'fact', at: 1, path: 'ca7b', peer: fact.peer, fact }));
  ends('Error: bind EADDRINUSE\n');
  await expect(asked).rejects.toThrow(
    'it ended with exit code 1; its last words: ike-message sent main-mode 5 1 0 | Error: bind EADDRINUSE',
  );
});

test('an agent that dies while it gives keys leaves none of them in its last words', async () => {
  const { connection, ends } = played();
  const asked = connection.request({ request: 'keys' }, never);
  ends(encodeLine({ id: 1, ok: true, reply: keys }).slice(0, 150));
  await expect(asked).rejects.toThrow('(a line cut short)');
  expect(connection.log()).not.toContain(Buffer.from(key).toString('base64').slice(0, 8));
});

test('what else an agent writes is in its log', async () => {
  const { connection, ends } = played();
  const asked = connection.request({ request: 'status' }, never);
  ends('out of memory\n');
  await expect(asked).rejects.toThrow('out of memory');
});
