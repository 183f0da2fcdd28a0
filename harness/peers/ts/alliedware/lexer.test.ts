import { expect, test } from 'vitest';
import { lex } from './lexer.ts';

const words = (script: string) =>
  lex(script).commands.map((command) => command.words.map(({ keyword, value }) => [keyword, value]));

test('an indented line continues the command before it, with its own line number', () => {
  const { commands, complaints } = lex('create ppp template=1 echo=30\n  lqr=off\nenable l2tp');
  expect(complaints).toEqual([]);
  expect(commands.map((command) => command.line)).toEqual([1, 3]);
  expect(commands[0]?.words.map(({ keyword, line }) => [keyword, line])).toEqual([
    ['create', 1],
    ['ppp', 1],
    ['template', 1],
    ['echo', 1],
    ['lqr', 2],
  ]);
});

test('comments and empty lines are no commands, whatever stands in them', () => {
  expect(
    words('# add radius server=<RADIUS-server-address> secret="open\n\n   # more\nenable ip\r\n'),
  ).toEqual([
    [
      ['enable', undefined],
      ['ip', undefined],
    ],
  ]);
});

test('quotes and placeholders hold blanks together', () => {
  expect(words('set system name="IPSec Gateway"')[0]?.[2]).toEqual(['name', 'IPSec Gateway']);
  expect(words('add ip int=vlan1 ip=<office private LAN address>')[0]?.[3]).toEqual([
    'ip',
    '<office private LAN address>',
  ]);
});

test('only the first equals sign divides', () => {
  expect(words('create ipsec bundle=1key=ISAKMP')[0]?.[2]).toEqual(['bundle', '1key=ISAKMP']);
  expect(words('add alias=a string="x=y"')[0]?.[2]).toEqual(['string', 'x=y']);
});

test('a continuation of nothing and an open quote are complaints with their lines', () => {
  expect(lex('  lqr=off').complaints).toMatchObject([
    { line: 1, reason: expect.stringContaining('none stands') },
  ]);
  expect(lex('# note\n  lqr=off').complaints).toMatchObject([{ line: 2 }]);
  expect(lex('enable ip\nset system name="IPSec').complaints).toMatchObject([
    { line: 2, reason: 'a quote is not closed' },
  ]);
});
