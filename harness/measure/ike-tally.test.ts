import { expect, test } from 'vitest';
import { ikeTally } from './ike-tally.ts';
import type { IsakmpOutline } from './outer.ts';

/** A main mode message (RFC 2408 3.1, 3.7) with a key exchange payload of so many octets. */
function withPublicValue(octets: number): IsakmpOutline {
  const message = new Uint8Array(28 + 4 + octets).fill(octets & 0xff, 32);
  message.set([4, 0x10, 2, 0], 16);
  message.set([0, 0, (octets + 4) >> 8, (octets + 4) & 0xff], 28);
  const [initiatorCookie, responderCookie] = ['11'.repeat(8), '22'.repeat(8)];
  return { initiatorCookie, responderCookie, exchangeType: 2, messageId: 0, message };
}

test('a public value without its leading zero is told once, with who sent it', () => {
  const tally = ikeTally(['hotel', 'internet']);
  for (const segment of ['hotel', 'internet']) {
    tally.add(segment, 'to-responder', 500, withPublicValue(256));
    tally.add(segment, 'to-client', 500, withPublicValue(255));
  }
  expect(tally.result().shortPublicValues).toEqual([{ from: 'responder', octets: 255 }]);
});

test('nothing is told of whole ones', () => {
  const tally = ikeTally(['hotel']);
  tally.add('hotel', 'to-client', 500, withPublicValue(128));
  expect(tally.result()).not.toHaveProperty('shortPublicValues');
});

/** Some message of an exchange, with this octet in its body. */
function message(exchangeType: number, body: number): IsakmpOutline {
  const [initiatorCookie, responderCookie] = ['11'.repeat(8), '22'.repeat(8)];
  const octets = new Uint8Array(40).fill(body, 28);
  octets[19] = 1;
  return { initiatorCookie, responderCookie, exchangeType, messageId: 0, message: octets };
}

test('aggressive mode is counted by itself, and its third message waits for nobody (RFC 2409 5.4)', () => {
  const tally = ikeTally(['hotel']);
  tally.add('hotel', 'to-responder', 500, message(4, 1));
  expect(tally.result()).toMatchObject({
    mainModeMessages: 0,
    aggressiveModeMessages: 1,
    unanswered: [{ what: 'aggressive mode 1', from: 'client', transmissions: 1 }],
  });
  tally.add('hotel', 'to-client', 500, message(4, 2));
  tally.add('hotel', 'to-responder', 500, message(4, 3));
  expect(tally.result()).toMatchObject({ aggressiveModeMessages: 3, unanswered: [] });
});

test('what is new on 500 after the float is counted, on whichever segment; what is repeated is not (RFC 3947 4)', () => {
  const tally = ikeTally(['hotel', 'internet']);
  for (const segment of ['hotel', 'internet']) {
    tally.add(segment, 'to-client', 500, message(2, 4));
    tally.add(segment, 'to-responder', 4500, message(2, 5));
    tally.add(segment, 'to-client', 500, message(2, 4));
  }
  expect(tally.result().ike500AfterFloat).toBe(0);
  tally.add('internet', 'to-client', 500, message(5, 9));
  expect(tally.result().ike500AfterFloat).toBe(1);
});
