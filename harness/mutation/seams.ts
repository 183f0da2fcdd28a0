import type { ClientEndpoint } from '../../stack/endpoint/client.ts';
import type { ClientEndpointConfig, EndpointEffect } from '../../stack/endpoint/config.ts';
import type { UdpDatagram } from '../../stack/endpoint/ike-datagrams.ts';
import type { ResponderEndpoint } from '../../stack/endpoint/responder.ts';
import type { Fact } from '../../stack/fact.ts';
import type { IkeInitiatorConfig, IkeResponderConfig } from '../../stack/ike/config.ts';
import type { NatSetting } from '../network-settings.ts';
import type { EndpointHost } from '../peers/ts/embedded/endpoint-host.ts';
import type { Planted, Scene } from '../runner/embedded/planted.ts';
import type { Sown } from './mutation.ts';

/*
 * Where defects are planted: settings that are changed on their way to a box or a peer, objects of a cell that stands,
 * whose one method is wrapped, and, for what no object of a cell shows, a method of an engine's class while the cell is
 * played. No source text is touched.
 */

type Host = EndpointHost<ClientEndpoint> | EndpointHost<ResponderEndpoint>;

/** Of every NAT box, or of the one with this name. */
export function natSettings(change: (setting: NatSetting) => NatSetting, box?: string): Planted {
  return {
    surroundings: (settings) => ({
      ...settings,
      nats: Object.fromEntries(
        Object.entries(settings.nats).map(([name, setting]) => [
          name,
          box === undefined || box === name ? change(setting) : setting,
        ]),
      ),
    }),
  };
}

/** What a box does to a packet that it has treated already; `undefined` drops it. `way` is as the box sees it. */
export function afterBox(
  box: string,
  change: (packet: Uint8Array, before: Uint8Array, way: 'inward' | 'outward') => Uint8Array | undefined,
): Planted {
  return {
    wired: ({ network, topology }) => {
      if (!(box in topology.nodes)) return;
      const node = network.node(box);
      const { passage } = node;
      node.passage = {
        arriving: (packet, on) => {
          const treated = passage.arriving(packet, on);
          return treated === undefined || treated === packet ? treated : change(treated, packet, 'inward');
        },
        leaving: (packet, from, on) => {
          const treated = passage.leaving(packet, from, on);
          return treated === undefined || treated === packet ? treated : change(treated, packet, 'outward');
        },
      };
    },
  };
}

/** Settings of the client; of the one with this number, from 0, where one is given. */
export function clientSettings(
  change: (config: ClientEndpointConfig) => ClientEndpointConfig,
  only?: number,
): Planted {
  return { client: (config, number) => (only === undefined || only === number ? change(config) : config) };
}

/** Asks nobody whether he is there, which RFC 2661 6.5 leaves it to. */
export const withoutHello: Planted = clientSettings((config) => ({
  ...config,
  l2tp: { ...config.l2tp, helloSeconds: 0 },
}));

export function clientIke(change: Partial<IkeInitiatorConfig>): Planted {
  return clientSettings((config) => ({ ...config, ike: { ...config.ike, ...change } }));
}

type ResponderConfig = ReturnType<NonNullable<Planted['responder']>>['endpoint'];

export function responderSettings(change: (config: ResponderConfig) => ResponderConfig): Planted {
  return { responder: (setUp) => ({ ...setUp, endpoint: change(setUp.endpoint) }) };
}

export function responderIke(change: (ike: IkeResponderConfig) => Partial<IkeResponderConfig>): Planted {
  return responderSettings((config) => ({ ...config, ike: { ...config.ike, ...change(config.ike) } }));
}

/** An end that behaves as one of the stack's impairments, although nobody asked it to. */
export function misbehaving(end: 'client' | 'responder', impairment: string): Planted {
  return end === 'client'
    ? clientSettings((config) => ({ ...config, impairment }))
    : responderSettings((config) => ({ ...config, impairment }));
}

/** An end that was asked to misbehave and does not: its peer seems to have swallowed the fault. */
export function faultUnnoticed(end: 'client' | 'responder'): Planted {
  return end === 'client'
    ? clientSettings(({ impairment, ...config }) => config)
    : responderSettings(({ impairment, ...config }) => config);
}

/** What an end does, changed on its way to the network; several in the place of one, or none. */
export function effects(
  hostsOf: (scene: Scene) => readonly Host[],
  change: (effect: EndpointEffect, scene: Scene) => readonly EndpointEffect[],
): Planted {
  return {
    wired: (scene) => {
      for (const host of hostsOf(scene)) wrap(host, (effect) => change(effect, scene));
    },
  };
}

function wrap(host: Host, change: (effect: EndpointEffect) => readonly EndpointEffect[]): void {
  // The two kinds of hosts differ in their endpoint alone, and nothing here looks at that.
  const one = host as EndpointHost<ClientEndpoint>;
  const act = one.act.bind(one);
  one.act = (action) => act((endpoint, now) => action(endpoint, now).flatMap(change));
}

export const clients = (scene: Scene): readonly Host[] => scene.clients;
export const responder = (scene: Scene): readonly Host[] => [scene.responder];
export const both = (scene: Scene): readonly Host[] => [...scene.clients, scene.responder];

/** What an end tells of itself, in other words. */
export function facts(
  hostsOf: (scene: Scene) => readonly Host[],
  change: (fact: Fact) => Fact | undefined,
): Planted {
  return effects(hostsOf, (effect) => {
    if (effect.effect !== 'fact') return [effect];
    const fact = change(effect.fact);
    return fact === undefined ? [] : [{ ...effect, fact }];
  });
}

/** On port 4500 IKE alone has the non-ESP marker of four zero octets before it, and a keepalive is one octet (RFC 3948 2). */
export function isEspInUdp({ local, payload }: Extract<EndpointEffect, { effect: 'send-udp' }>): boolean {
  return local.port === 4500 && payload.length > 8 && payload.subarray(0, 4).some((octet) => octet !== 0);
}

/**
 * What an engine does inside one end, where nobody else can reach it: a method of its class is another one while that
 * end acts, and the usual one for all others, until the cell is over.
 *
 * @param change gets the usual method of this engine, and gives the one in its place
 */
export function inside<Engine extends object, Name extends keyof Engine & string>(
  hostsOf: (scene: Scene) => readonly Host[],
  kind: { readonly prototype: Engine },
  name: Name,
  change: (usual: Engine[Name], engine: Engine) => Engine[Name],
): Sown {
  const usual: unknown = Reflect.get(kind.prototype, name);
  if (typeof usual !== 'function') throw new TypeError(`${name} is no method`);
  return {
    wired: (scene) => {
      let acting = false;
      for (const host of hostsOf(scene)) {
        const one = host as EndpointHost<ClientEndpoint>;
        const act = one.act.bind(one);
        one.act = (action) => {
          const before = acting;
          acting = true;
          act(action);
          acting = before;
        };
      }
      Reflect.set(kind.prototype, name, function (this: Engine, ...given: unknown[]) {
        const changed: unknown = acting ? change(usual.bind(this), this) : usual;
        return typeof changed === 'function' ? Reflect.apply(changed, this, given) : undefined;
      });
    },
    lifted: () => Reflect.set(kind.prototype, name, usual),
  };
}

/** RFC 2408 3.1: the exchange type at octet 18; on port 4500 behind the non-ESP marker. */
export function exchangeType({ local, payload }: UdpDatagram): number | undefined {
  const marker = local.port === 4500 ? 4 : 0;
  if (payload.subarray(0, marker).some((octet) => octet !== 0)) return undefined;
  return payload[18 + marker];
}
