import { chosen, firstTime, oneOf, wholeNumber } from './define.ts';
import {
  at,
  type Behaviour,
  type End,
  type Impairment,
  type L2tpLeaving,
  type Leaving,
  type Parameter,
  type Reaction,
  unchanged,
  type Values,
} from './impairment.ts';

/*
 * One named message is lost, late, doubled or overtaken. Only its first transmission: what comes of the
 * repetition is what these are for.
 */

/** Messages of each exchange, and who sends them: RFC 2409 5.4, 5.1, 5.5, 5.7. */
const ikeMessages: Readonly<Record<string, readonly End[]>> = {
  'main-mode': ['client', 'responder', 'client', 'responder', 'client', 'responder'],
  'aggressive-mode': ['client', 'responder', 'client'],
  'quick-mode': ['client', 'responder', 'client'],
};

/** Control messages of a voluntary tunnel (RFC 2661 3.2, 5); those without an end can be anybody's. */
const l2tpMessages: Readonly<Record<string, End | undefined>> = {
  SCCRQ: 'client',
  SCCRP: 'responder',
  SCCCN: 'client',
  ICRQ: 'client',
  ICRP: 'responder',
  ICCN: 'client',
  HELLO: undefined,
  CDN: undefined,
  StopCCN: undefined,
};

const exchange = oneOf('exchange', [...Object.keys(ikeMessages), 'informational', 'l2tp'], 'main-mode');
const message: Parameter = {
  name: 'message',
  takes: `a number as in the exchange, or of l2tp ${Object.keys(l2tpMessages).join(', ')}`,
  allows: (value) => /^[1-6]$/.test(value) || Object.hasOwn(l2tpMessages, value),
  usual: '5',
};

function sentBy(values: Values): readonly [End, ...End[]] | string {
  const [of, which] = [chosen(values, 'exchange'), chosen(values, 'message')];
  if (of === 'l2tp') {
    if (!Object.hasOwn(l2tpMessages, which)) return `l2tp has no message ${which}: it takes ${message.takes}`;
    const end = l2tpMessages[which];
    return end === undefined ? ['client', 'responder'] : [end];
  }
  if (of === 'informational') {
    // A responder that refuses nothing has nothing to say.
    return which === '1' ? ['client'] : 'an informational exchange has one message: 1';
  }
  const ends = ikeMessages[of] ?? [];
  const end = ends[Number(which) - 1];
  return end === undefined ? `${of} has the messages 1 to ${ends.length}, not ${which}` : [end];
}

/** Whether it is answered or acknowledged, and so repeated until then. */
function isRepeated(values: Values): boolean {
  return chosen(values, 'exchange') !== 'informational';
}

type Disorder = (leaving: { readonly octets: Uint8Array }) => readonly Leaving[];

/** Does this to the first transmission of the named message, and `then` to the next one of its protocol. */
function toNamed(values: Values, disorder: Disorder, then: Disorder = unchanged): Behaviour {
  const [of, which] = [chosen(values, 'exchange'), chosen(values, 'message')];
  const isFirst = firstTime();
  let isNext = false;
  const treat = (isNamed: boolean, leaving: { readonly octets: Uint8Array }) => {
    if (isNamed && isFirst('named')) {
      isNext = true;
      return disorder(leaving);
    }
    if (!isNext) return unchanged(leaving);
    isNext = false;
    return then(leaving);
  };
  if (of === 'l2tp') {
    return {
      l2tp: (leaving) =>
        isControl(leaving) ? treat(nameOf(leaving) === which, leaving) : unchanged(leaving),
    };
  }
  return { ike: (leaving) => treat(leaving.exchange === of && leaving.message === Number(which), leaving) };
}

function isControl({ kind }: L2tpLeaving): boolean {
  return kind === 'control';
}

function nameOf(leaving: L2tpLeaving): string | undefined {
  return leaving.kind === 'control' ? leaving.message?.name : undefined;
}

const examples = ['main-mode:5', 'main-mode:6', 'quick-mode:2', 'quick-mode:3', 'l2tp:SCCRQ', 'l2tp:ICRP'];

export const messageOrder: readonly Impairment[] = [
  {
    name: 'drop',
    parameters: [exchange, message],
    reason:
      'A network that loses one packet: the one message that a peer handles badly when it has to come again.',
    playedBy: sentBy,
    reaction: (values): Reaction =>
      isRepeated(values)
        ? { kind: 'recovers', words: 'asks again, or is asked again, and goes on as if nothing had been' }
        : { kind: 'ignores', words: 'never hears of it: an informational message is sent once' },
    examples: [
      ...['', ...examples, 'main-mode:1', 'main-mode:2', 'l2tp:ICCN', 'informational:1'].map(named('drop')),
    ],
    begin: (values) => toNamed(values, () => []),
  },
  {
    name: 'delay',
    parameters: [exchange, message, wholeNumber('ms', 1, 60_000, 1500)],
    reason:
      'A slow peer, a slow path, a modem that retrains: an answer that comes when the question was repeated.',
    playedBy: sentBy,
    reaction: () => ({
      kind: 'recovers',
      words: 'repeats what is unanswered, and takes the late message or its repetition, not both',
    }),
    examples: [...['', ...examples, 'main-mode:2:2500'].map(named('delay'))],
    begin: (values) => toNamed(values, ({ octets }) => [at(octets, Number(chosen(values, 'ms')))]),
  },
  {
    name: 'duplicate',
    parameters: [exchange, message],
    reason:
      'A network that delivers twice: the answer to a repetition must be the first answer again (RFC 2408 5.1).',
    playedBy: sentBy,
    reaction: () => ({
      kind: 'ignores',
      words: 'answers it as before or acknowledges it again, and does nothing twice',
    }),
    examples: [...['', ...examples, 'informational:1'].map(named('duplicate'))],
    begin: (values) => toNamed(values, ({ octets }) => [at(octets), at(octets)]),
  },
  {
    name: 'reorder',
    parameters: [exchange, message],
    reason: 'Two paths of different length: a message is overtaken by the next one of its sender.',
    playedBy: sentBy,
    reaction: () => ({
      kind: 'recovers',
      words: 'drops or keeps what comes too early, and goes on when the missing message is there',
    }),
    examples: [...['', 'main-mode:1', 'quick-mode:3', 'l2tp:SCCCN', 'l2tp:ICRP'].map(named('reorder'))],
    begin: (values) => {
      let held: readonly Leaving[] = [];
      return toNamed(
        values,
        ({ octets }) => {
          held = [at(octets)];
          return [];
        },
        ({ octets }) => [at(octets), ...held],
      );
    },
  },
];

function named(name: string): (values: string) => string {
  return (values) => (values === '' ? name : `${name}:${values}`);
}
