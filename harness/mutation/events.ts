import type { DeadPeerDetection } from '../../stack/ike/config.ts';
import type { Planted } from '../runner/embedded/planted.ts';
import type { Mutation } from './mutation.ts';
import { clientIke, clientSettings, facts, misbehaving, responder, responderSettings } from './seams.ts';

const silentAndAsked = 'direct/client=ts:chromeos/responder=ts:setup-ipsec-vpn/event=client-power-cut';

/** Asks silent clients otherwise than its profile has it. */
function detecting(change: Partial<DeadPeerDetection>): Planted {
  return responderSettings(({ ike, ...config }) => ({
    ...config,
    ike: {
      ...ike,
      ...(ike.deadPeerDetection && { deadPeerDetection: { ...ike.deadPeerDetection, ...change } }),
    },
  }));
}

/** Connections that stand and do not come through what happens to them, and responders that do not notice. */
export const eventMutations: readonly Mutation[] = [
  {
    name: 'nobody replaces SAs before they end',
    cells: ['hotel-nat/event=rekey-by-client'],
    planted: clientSettings(({ ike: { rekey, ...ike }, ...config }) => ({ ...config, ike })),
  },
  {
    name: 'the responder leaves it to nobody to replace SAs',
    cells: ['direct/event=rekey-by-responder'],
    planted: responderSettings(({ ike: { rekey, ...ike }, ...config }) => ({ ...config, ike })),
  },
  {
    name: 'the other end replaces SAs',
    cells: ['direct/event=rekey-by-responder'],
    planted: clientIke({ rekey: { marginSeconds: 6, marginKilobytes: 0, fuzz: 0, graceSeconds: 2 } }),
  },
  {
    name: 'the responder does not tell that SAs were replaced',
    cells: ['hotel-nat/event=rekey-by-client'],
    planted: facts(responder, (fact) => (fact.fact === 'rekeyed' ? undefined : fact)),
  },
  {
    name: 'the responder restarts and has lost nothing',
    cells: ['hotel-nat/event=responder-restart'],
    planted: {
      wired: ({ responder: host }) => {
        host.restart = () => {};
      },
    },
  },
  {
    name: 'the responder stays down after its restart',
    cells: ['direct/event=responder-restart'],
    planted: {
      wired: ({ responder: host }) => {
        host.restart = () => host.cutPower();
      },
    },
  },
  {
    name: 'the responder keeps what silent clients had',
    cells: ['hotel-nat/event=client-power-cut'],
    planted: responderSettings(({ ppp, l2tp, ...config }) => ({
      ...config,
      ppp: { ...ppp, echoSeconds: 0 },
      l2tp: { ...l2tp, helloSeconds: 0 },
    })),
  },
  {
    name: 'the responder waits for twice as many echoes',
    cells: ['hotel-nat/event=client-power-cut'],
    planted: responderSettings(({ ppp, l2tp, ...config }) => ({
      ...config,
      ppp: { ...ppp, echoFailures: 2 * ppp.echoFailures },
      l2tp: { ...l2tp, helloSeconds: 0 },
    })),
  },
  {
    name: 'the address of a client that is gone is not given back',
    cells: ['direct/user=dialin2/event=client-power-cut'],
    planted: {
      wired: ({ responder: { endpoint } }) => {
        const summary = endpoint.summary.bind(endpoint);
        endpoint.summary = () => ({ ...summary(), leases: 1 });
      },
    },
  },
  {
    name: 'the client answers no echoes, and its link goes while it is there',
    cells: ['hotel-nat/event=client-power-cut'],
    planted: misbehaving('client', 'ppp-echo-silent'),
  },
  {
    name: 'the responder asks silent clients whether they live, which it does not declare',
    cells: ['hotel-nat/client=ts:chromeos/p1=3des-sha1-modp1024/event=client-power-cut'],
    planted: responderSettings((config) => ({
      ...config,
      ike: {
        ...config.ike,
        deadPeerDetection: { mode: 'both', idleSeconds: 10, retrySeconds: 5, attempts: 3 },
      },
    })),
  },
  {
    name: 'the responder asks no dead peer whether it is alive',
    cells: [silentAndAsked],
    planted: responderSettings(({ ike: { deadPeerDetection, ...ike }, ...config }) => ({ ...config, ike })),
  },
  {
    name: 'the responder takes a client for dead that leaves one question unanswered',
    cells: [silentAndAsked],
    planted: detecting({ attempts: 1 }),
  },
  {
    name: 'the responder asks a dead peer twice as often as it was told',
    cells: [silentAndAsked],
    planted: detecting({ attempts: 18 }),
  },
];
