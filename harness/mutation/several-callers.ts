import type { SameUserPolicy } from '../../stack/endpoint/config.ts';
import type { Mutation } from './mutation.ts';
import { effects, isEspInUdp, responder, responderSettings } from './seams.ts';

const policy = (sameUser: SameUserPolicy) => responderSettings((config) => ({ ...config, sameUser }));

/** What a responder gets wrong of clients that are alike: in the address that they have at home, or in their user. */
export const severalCallersMutations: readonly Mutation[] = [
  {
    // RFC 3948 section 5: private addresses repeat from one home to the next.
    name: 'the responder knows clients by the address that they have at home',
    cells: ['sales-people/clients=2', 'sales-people/client=ts:plain/responder=ts:plain/clients=5'],
    planted: {
      wired: (scene) => {
        /** All have one address at home: who came last has the place of each before. */
        let latest: string | undefined;
        const known = new Set<string>();
        effects(responder, (effect) => {
          if (effect.effect !== 'send-udp' || !isEspInUdp(effect)) return [effect];
          if (!known.has(effect.peer.ip)) latest = effect.peer.ip;
          known.add(effect.peer.ip);
          return [{ ...effect, peer: { ...effect.peer, ip: latest ?? effect.peer.ip } }];
        }).wired?.(scene);
      },
    },
  },
  {
    name: 'the responder lets a user in once more who should take the place of himself',
    cells: ['sales-people/responder=ts:newest-caller/user=dialin2/clients=2/callers=same'],
    planted: policy('both'),
  },
  {
    name: 'the responder lets a user in once more whom it should refuse',
    cells: ['sales-people/responder=ts:oldest-caller/user=dialin2/clients=2/callers=same'],
    planted: policy('both'),
  },
  {
    name: 'the responder ends the earlier link of a user in the place of the later one',
    cells: ['sales-people/responder=ts:oldest-caller/clients=2/callers=same'],
    planted: policy('newest'),
  },
  {
    name: "the responder gives one user's own address to two links",
    cells: ['sales-people/clients=2/callers=same'],
    planted: responderSettings((config) => ({
      ...config,
      users: config.users.map(({ address, ...user }) => user),
    })),
  },
];
