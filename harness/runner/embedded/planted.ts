import type { ClientEndpoint } from '../../../stack/endpoint/client.ts';
import type { ClientEndpointConfig } from '../../../stack/endpoint/config.ts';
import type { ResponderEndpoint } from '../../../stack/endpoint/responder.ts';
import type { Expectation } from '../../expectation.ts';
import type { EmbeddedNetwork } from '../../fabric/embedded/embedded-network.ts';
import type { NetworkSettings } from '../../network-settings.ts';
import type { EndpointHost } from '../../peers/ts/embedded/endpoint-host.ts';
import type { ResponderSetUp } from '../../peers/ts/responder-set-up.ts';
import type { Topology } from '../../topology.ts';
import type { Evidence } from '../../verdict/evidence.ts';

/**
 * A defect that is planted into a cell, to see whether the harness notices it: what it changes of what the cell is
 * played with. The expectation knows nothing of it.
 */
export interface Planted {
  /** Of boxes and segments. */
  readonly surroundings?: (settings: NetworkSettings, topology: Topology) => NetworkSettings;
  readonly client?: (config: ClientEndpointConfig, number: number) => ClientEndpointConfig;
  readonly responder?: (setUp: ResponderSetUp) => ResponderSetUp;
  /** Everything stands, and nothing has been sent. */
  readonly wired?: (scene: Scene) => void;
  /** Hears by what the cell is judged. */
  readonly judged?: (expectations: readonly Expectation[], clients: readonly Evidence[]) => void;
}

/** What stands when a cell begins. */
export interface Scene {
  readonly topology: Topology;
  readonly network: EmbeddedNetwork;
  readonly clients: readonly EndpointHost<ClientEndpoint>[];
  readonly responder: EndpointHost<ResponderEndpoint>;
}
