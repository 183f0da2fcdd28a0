import { PppProtocol } from '../ppp/frame.ts';
import { PacketCode } from '../ppp/packet.ts';
import { chosen, oneOf, stops, wholeNumber } from './define.ts';
import {
  at,
  type Behaviour,
  type End,
  type IkeLeaving,
  type Impairment,
  type L2tpLeaving,
  type Reaction,
  unchanged,
  type Values,
} from './impairment.ts';
import { pppIn } from './ppp-frame.ts';

/*
 * An end that dies without a word: power, a cable, a firewall that forgets. It is dead from the first
 * message of its own on that belongs to the stage, and from then on neither speaks nor hears.
 */

type Left = { readonly ike: IkeLeaving } | { readonly l2tp: L2tpLeaving };

const authentications: readonly number[] = [PppProtocol.pap, PppProtocol.chap];
const callMessages: readonly (string | undefined)[] = ['ICRQ', 'ICRP', 'ICCN', 'CDN'];

function ppp(left: Left, belongs: (protocol: number, code: number | undefined) => boolean): boolean {
  const found = 'l2tp' in left ? pppIn(left.l2tp) : undefined;
  return found !== undefined && belongs(found.protocol, found.packet?.code);
}

/** Whether a message that is about to leave is of this stage or of a later one. */
const belongs: Readonly<Record<string, (left: Left) => boolean>> = {
  reach: () => true,
  phase1: (left) => 'ike' in left && left.ike.message > (left.ike.exchange === 'main-mode' ? 2 : 1),
  phase2: (left) => 'ike' in left && left.ike.exchange === 'quick-mode',
  'l2tp-tunnel': (left) => 'l2tp' in left,
  'l2tp-session': (left) =>
    'l2tp' in left && left.l2tp.kind === 'control' && callMessages.includes(left.l2tp.message?.name),
  'ppp-lcp': (left) => ppp(left, (protocol) => protocol === PppProtocol.lcp),
  'ppp-auth': (left) => ppp(left, (protocol) => authentications.includes(protocol)),
  'ppp-ipcp': (left) => ppp(left, (protocol) => protocol === PppProtocol.ipcp),
  traffic: (left) => ppp(left, (protocol) => protocol === PppProtocol.ip),
  teardown: (left) =>
    ppp(left, (protocol, code) => protocol === PppProtocol.lcp && code === PacketCode.terminateRequest),
};

/** Where the other end stops. Death is silence: the step that it began last is the one that is not completed. */
function reactionTo(values: Values, end: End): Reaction {
  const stage = chosen(values, 'stage');
  const words = 'repeats what is unanswered, gives up after its last transmission, and keeps nothing';
  switch (stage) {
    case 'reach':
      return end === 'client'
        ? stops('reach', 'no-answer', 'never hears of anybody')
        : stops('phase1', 'no-answer', words);
    case 'l2tp-tunnel':
      return end === 'client'
        ? stops('esp', 'esp-never-sent', words)
        : stops('l2tp-tunnel', 'no-answer', words);
    case 'traffic':
      return stops(
        'traffic',
        'no-traffic',
        'notices by echo, HELLO or dead peer detection, and takes everything down',
      );
    case 'teardown':
      return stops(
        'teardown',
        'state-left-behind',
        'notices by echo, HELLO or dead peer detection, and takes everything down',
      );
    default:
      return stops(stage, 'no-answer', words);
  }
}

function dyingAt(values: Values): Behaviour {
  const isOf = belongs[chosen(values, 'stage')] ?? (() => false);
  let isDead = false;
  return {
    ike: (leaving) => {
      isDead ||= isOf({ ike: leaving });
      return isDead ? [] : unchanged(leaving);
    },
    l2tp: (leaving) => {
      isDead ||= isOf({ l2tp: leaving });
      return isDead ? [] : unchanged(leaving);
    },
    deaf: () => isDead,
  };
}

const stages = Object.keys(belongs);

export const silence: readonly Impairment[] = [
  {
    name: 'silent-at',
    parameters: [oneOf('stage', stages, 'l2tp-tunnel')],
    reason:
      'Power fails, a cable is pulled, a firewall forgets: the peer is gone without a word, at each stage.',
    playedBy: ({ stage }) => (stage === 'teardown' ? ['client'] : ['responder', 'client']),
    reaction: reactionTo,
    examples: ['silent-at', ...stages.map((stage) => `silent-at:${stage}`)],
    begin: dyingAt,
  },
  {
    name: 'slow',
    parameters: [wholeNumber('ms', 1, 60_000, 700)],
    reason: 'A satellite link or an overloaded gateway: every answer of one end takes its time.',
    playedBy: () => ['responder', 'client'],
    reaction: () => ({ kind: 'recovers', words: 'repeats itself, takes each answer once, and connects' }),
    examples: ['slow', 'slow:1600'],
    begin: (values) => {
      const afterMs = Number(chosen(values, 'ms'));
      return {
        ike: ({ octets }) => [at(octets, afterMs)],
        l2tp: ({ octets }) => [at(octets, afterMs)],
      };
    },
  },
];
