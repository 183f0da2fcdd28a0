import { expect, test } from 'vitest';
import { impairments } from './catalogue.ts';
import { readImpairment } from './read-impairment.ts';
import { tamperingOf } from './tampering.ts';

test.each([
  ['drop:main-mode:5', { exchange: 'main-mode', message: '5' }, ['client']],
  ['drop', { exchange: 'main-mode', message: '5' }, ['client']],
  ['drop:l2tp:ICRP', { exchange: 'l2tp', message: 'ICRP' }, ['responder']],
  ['delay:quick-mode:2:900', { exchange: 'quick-mode', message: '2', ms: '900' }, ['responder']],
  ['silent-at:ppp-auth', { stage: 'ppp-auth' }, ['responder', 'client']],
  ['bad-icv', { packet: '2' }, ['client', 'responder']],
])('%s is read with its values and who can play it', (text, values, ends) => {
  expect(readImpairment(text)).toMatchObject({ values, ends });
});

test.each([
  ['', 'there is no impairment ""'],
  ['dorp', 'there is no impairment "dorp"'],
  ['drop:main-mode:7', 'drop takes as message'],
  ['drop:quick-mode:4', 'quick-mode has the messages 1 to 3, not 4'],
  ['drop:main-mode:ICRP', 'main-mode has the messages 1 to 6, not ICRP'],
  ['drop:l2tp:5', 'l2tp has no message 5'],
  ['drop:l2tp:toString', 'drop takes as message'],
  ['delay:main-mode:5:soon', 'delay takes as ms: 1 to 60000; not "soon"'],
  ['slow:0', 'slow takes as ms'],
  ['bad-icv:1:2', 'bad-icv takes packet, not "1:2"'],
  ['replayed-esp:2', 'replayed-esp takes no value, not "2"'],
])('%j is none, and it is said why', (text, why) => {
  expect(readImpairment(text)).toContain(why);
});

test('an end is told that it cannot play what only the other one sends', () => {
  expect(() => tamperingOf('drop:main-mode:6', 'client')).toThrow('a client cannot play drop:main-mode:6');
  expect(() => tamperingOf('nonsense', 'client')).toThrow(RangeError);
  expect(tamperingOf(undefined, 'client')).toBeUndefined();
});

test('every impairment has its own name, a reason in words, and examples of its own that can be read', () => {
  const names = impairments.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, reason, examples } of impairments) {
    expect(reason.split(' ').length).toBeGreaterThan(5);
    for (const text of examples) expect(readImpairment(text)).toMatchObject({ impairment: { name } });
  }
});
