import { CrossnatError } from '../../../error.ts';
import type { PeerObservation } from '../../../observation.ts';
import type { Peer } from '../../peer.ts';
import { connectedEnd } from './example-ends.ts';
import type { Quirks } from './fake-world.ts';
import { type Role, roles } from './opposite.ts';
import type { Rule } from './rules.ts';

const failure = new CrossnatError('broken', { doing: 'doing', found: 'found', remedy: 'remedy' });
const fails = () => Promise.reject(failure);
const never = () => new Promise<never>(() => {});
const changes = (peer: (proper: Peer) => Partial<Peer>): Quirks => ({ peer });

/** A peer that shows something else wherever this gives something else. */
function showing(instead: (proper: PeerObservation, client: number) => PeerObservation): Quirks {
  return changes(({ status }) => ({
    status: async (inner, client) => instead(await status(inner, client), client),
  }));
}

/** A peer that shows a refused connection otherwise. */
function refused(change: (stages: PeerObservation['stages']) => PeerObservation['stages']): Quirks {
  return showing((proper) =>
    proper.stages.some(({ state }) => state === 'stopped')
      ? { ...proper, stages: change(proper.stages) }
      : proper,
  );
}

/** A peer that does as it should, but for one of its calls, from 1. */
function atCall(call: number, method: 'configure' | 'connect', instead: () => Promise<void>): Quirks {
  let calls = 0;
  const isThat = () => {
    calls += 1;
    return calls === call;
  };
  return changes(({ configure, connect }) =>
    method === 'configure'
      ? { configure: (...given) => (isThat() ? instead() : configure(...given)) }
      : { connect: (...given) => (isThat() ? instead() : connect(...given)) },
  );
}

/** A way to break a rule, the roles in which it can be broken, and what the probe has to say of it. */
export type Breach = readonly [what: string, Rule, readonly Role[], () => Quirks, found: string];
const client: readonly Role[] = ['client'];
const responder: readonly Role[] = ['responder'];

/** At least one for every rule that takes a peer to show. */
export const breaches: readonly Breach[] = [
  ['does not start', 'start', roles, () => ({ start: fails }), 'doing: found. remedy'],
  ['starts for ever', 'start', roles, () => ({ start: never }), 'no end within 0.5 s'],
  ['has no version', 'start', roles, () => changes(() => ({ version: ' ' })), 'it has no version'],
  ['cannot be asked', 'status-anytime', roles, () => changes(() => ({ status: fails })), 'doing: found'],
  [
    'shows a connection before the first call',
    'status-anytime',
    roles,
    () => showing((proper) => (proper.stages.length > 0 ? proper : connectedEnd('probed', 'client', 0))),
    'it shows phase1 done before the first call',
  ],
  [
    'holds something before the first call',
    'status-anytime',
    roles,
    () => changes(() => ({ remains: async () => ['an old SA'] })),
    'it holds an old SA before the first call',
  ],
  [
    'has a name of its own in what it shows',
    'status-anytime',
    roles,
    () => showing((proper) => ({ ...proper, peer: 'other' })),
    'it calls itself other, not probed',
  ],
  ['refuses its settings', 'configure', roles, () => atCall(1, 'configure', fails), 'doing: found'],
  ['never takes its settings', 'configure', roles, () => atCall(1, 'configure', never), 'no end within'],
  ['does not listen', 'configure', responder, () => ({ sockets: ':06A5 ' }), 'it does not listen on UDP 500'],
  ['cannot connect', 'connect', client, () => atCall(1, 'connect', fails), 'doing: found'],
  ['connects for ever', 'connect', client, () => atCall(1, 'connect', never), 'no end within 0.5 s'],
  [
    'tells nothing on its way',
    'connect',
    client,
    () => changes(({ connect }) => ({ connect: (inner) => connect(inner, () => {}) })),
    'it tells of no stage while it connects',
  ],
  [
    'tells of what is no stage',
    'connect',
    client,
    () => changes(({ connect }) => ({ connect: (inner, tell) => connect(inner, () => tell('dialling')) })),
    'it tells of dialling, which is no stage',
  ],
  ['carries nothing', 'traffic', roles, () => ({ losesPings: true }), '0 of 3 pings through ppp0'],
  [
    'shows less than the connection',
    'ends',
    roles,
    () => showing(({ spis: _, ...proper }) => proper),
    'no spis',
  ],
  [
    'shows another connection',
    'ends',
    roles,
    () => showing((proper) => (proper.phase2 ? { ...proper, phase2: 'des-md5' } : proper)),
    'phase 2: the client says',
  ],
  [
    'gives keys of another connection',
    'keys',
    roles,
    () => changes(() => ({ captureKeys: async () => ({ ike: [], esp: [] }) })),
    'no keys of the SA with SPI ',
  ],
  ['cannot give its keys', 'keys', roles, () => changes(() => ({ captureKeys: fails })), 'doing: found'],
  [
    'does not disconnect',
    'end',
    client,
    () => changes(() => ({ disconnect: async () => {} })),
    'the client still holds an SA',
  ],
  ['fails to disconnect', 'end', client, () => changes(() => ({ disconnect: fails })), 'doing: found'],
  [
    'never holds anything',
    'end',
    roles,
    () => changes(() => ({ remains: async () => [] })),
    'it says that nothing is left while the connection stands',
  ],
  [
    'keeps something of a connection',
    'end',
    roles,
    () => {
      let asked = 0;
      return changes(() => ({ remains: async () => (asked++ === 0 ? [] : ['a session']) }));
    },
    'still holds a session',
  ],
  [
    'cannot be told of a second client',
    'several-clients',
    responder,
    () => changes(() => ({ expectClient: fails })),
    'doing: found',
  ],
  [
    'shows one client for the other',
    'several-clients',
    responder,
    () => changes(({ status }) => ({ status: (inner) => status(inner, 0) })),
    'it shows reach done of a client that has not dialled',
  ],
  [
    'forgets the first client for the second',
    'several-clients',
    responder,
    () => {
      let latest = 0;
      return changes(({ status }) => ({
        expectClient: async (number) => {
          latest = number;
        },
        status: (inner, number) => status(inner, number === latest ? number : 1),
      }));
    },
    'it has forgotten the first client',
  ],
  ['has an empty log', 'log', roles, () => changes(() => ({ logs: async () => '\n' })), 'it is empty'],
  ['cannot give its log', 'log', roles, () => changes(() => ({ logs: fails })), 'doing: found'],
  [
    'writes a key into its log',
    'log',
    roles,
    () => changes(() => ({ logs: async () => 'PSK ConformanceKey1' })),
    'ConformanceKey1 stands in it',
  ],
  [
    'keeps the settings of the first cell',
    'next-cell',
    roles,
    () => atCall(2, 'configure', async () => {}),
    'it stopped at phase1: auth-failed',
  ],
  ['refuses its second cell', 'next-cell', roles, () => atCall(2, 'configure', fails), 'doing: found'],
  [
    'shows the cell before',
    'next-cell',
    roles,
    () => {
      let first: PeerObservation | undefined;
      return showing((proper) => {
        if (proper.spis) first ??= proper;
        return (proper.spis && first) ?? proper;
      });
    },
    'it shows the SPI of the cell before',
  ],
  ['fails where it is refused', 'stop', client, () => atCall(3, 'connect', fails), 'doing: found'],
  [
    'does not say that it was refused',
    'stop',
    client,
    () => refused((stages) => stages.slice(0, 1)),
    'its key is wrong, and it does not say that it stopped',
  ],
  [
    'gives no reason',
    'stop',
    client,
    () => refused((stages) => stages.map(({ reason: _, ...rest }) => rest)),
    'it gives no reason for its stop',
  ],
  [
    'stops at another stage',
    'stop',
    client,
    () => refused(([reach, stop]) => (reach && stop ? [reach, { ...stop, stage: 'esp' }] : [])),
    'its key is wrong, and it says that it stopped at esp',
  ],
  [
    'takes a wrong key for a good one',
    'stop',
    responder,
    () => refused((stages) => stages.map((each) => ({ ...each, state: 'done' }))),
    'a client has a wrong key, and it shows phase1 done',
  ],
  [
    'dials in clear for want of IPsec',
    'clear-l2tp',
    client,
    () => ({
      peer: ({ connect }, world) => ({
        connect: async (inner, tell) => {
          await connect(inner, tell);
          world.send('to-responder', 1701, Buffer.from('SCCRQ'));
        },
      }),
    }),
    '1 packets of L2TP went out without IPsec',
  ],
  [
    'sends nothing that a capture could show',
    'clear-l2tp',
    client,
    () => atCall(3, 'connect', async () => {}),
    'the captures show no IKE: they prove nothing',
  ],
  [
    'answers in clear',
    'clear-l2tp',
    responder,
    () => ({ answersInClear: true }),
    'it answered L2TP without IPsec, with 1 packets',
  ],
  [
    'is out of reach',
    'clear-l2tp',
    responder,
    () => ({ isOutOfReach: true }),
    'no request in clear reached it: this proves nothing',
  ],
  ['does not give up', 'abort', client, () => atCall(4, 'connect', never), 'it still dials'],
  ['does not stop', 'restart', roles, () => changes(() => ({ stop: never })), 'no end within 0.5 s'],
  [
    'cannot be started again',
    'restart',
    roles,
    () => {
      let started = 0;
      return { startFailure: () => (started++ === 0 ? undefined : failure) };
    },
    'doing: found',
  ],
];
