import type { UdpAddress } from '../../../../stack/address.ts';
import type { ClientEndpointConfig, ResponderEndpointConfig } from '../../../../stack/endpoint/config.ts';
import type { ConnectionKeys, SaStatus } from '../../../../stack/endpoint/inspection.ts';
import type { Fact } from '../../../../stack/fact.ts';

/**
 * What the driver on the harness's side and the agent in the node say to each other: one JSON value
 * a line, requests on the agent's standard input, replies and events on its standard output. Octets
 * travel as `{ "$octets": "<base64>" }`.
 */
export type AgentRequest =
  | { readonly id: number; readonly request: 'start'; readonly config: EndpointSettings }
  /** Client: dial. The reply comes at once; facts tell the rest. */
  | { readonly id: number; readonly request: 'connect' }
  /** The reply comes when nothing is alive any more, or with what is. */
  | { readonly id: number; readonly request: 'disconnect' }
  /** The reply comes when no link is being set up or taken down: traffic may follow. */
  | { readonly id: number; readonly request: 'status' }
  /** The reply holds secrets: it goes to who asked and into no log. */
  | { readonly id: number; readonly request: 'keys' }
  /** The reply comes when nothing is alive any more, or when this time is up. */
  | { readonly id: number; readonly request: 'settle'; readonly withinMs: number }
  /** Drops the endpoint and its sockets without a word to the peer; the next `start` begins from nothing. */
  | { readonly id: number; readonly request: 'stop' };

export interface EndpointSettings {
  readonly endpoint: ClientEndpointConfig | ResponderEndpointConfig;
  /** Seed of every random octet; the same seed and the same packets give the same connection. */
  readonly seed: string;
  readonly tunnelInterface: string;
  /** Prefixes that the client routes into the tunnel while its link is up. */
  readonly tunnelRoutes: readonly string[];
}

/** How many of each are alive, under the names of the endpoint's summary. */
export type AliveCounts = Readonly<Record<string, number>>;

/** What the reply to each request brings. */
export interface AgentReplies {
  readonly start: AliveCounts;
  readonly connect: AliveCounts;
  readonly disconnect: AliveCounts;
  readonly status: AgentStatus;
  readonly keys: ConnectionKeys;
  readonly settle: AliveCounts;
  readonly stop: AliveCounts;
}

export interface AgentStatus {
  readonly alive: AliveCounts;
  readonly sas: readonly SaStatus[];
}

type RequestName = keyof AgentReplies;

export type AgentLine =
  | { readonly ready: string }
  | { readonly id: number; readonly ok: true; readonly reply: AgentReplies[RequestName] }
  | { readonly id: number; readonly ok: false; readonly error: string }
  | AgentEvent;

export type AgentEvent =
  | {
      readonly event: 'fact';
      readonly at: number;
      readonly path: string | undefined;
      readonly peer: UdpAddress | undefined;
      readonly fact: Fact;
    }
  | { readonly event: 'link'; readonly at: number; readonly up: boolean; readonly link: string };

export function encodeLine(value: AgentRequest | AgentLine): string {
  // Before the replacer sees a Buffer it has made itself into something else: it has a `toJSON`.
  return `${JSON.stringify(value, function (this: Record<string, unknown>, key, each) {
    const octets = this[key];
    return octets instanceof Uint8Array ? { $octets: Buffer.from(octets).toString('base64') } : each;
  })}\n`;
}

/** Throws a SyntaxError on anything but one JSON value; the callers are each other's only authors. */
export function decodeLine(line: string): unknown {
  return JSON.parse(line, (_key, each) =>
    typeof each === 'object' && each !== null && typeof each.$octets === 'string'
      ? new Uint8Array(Buffer.from(each.$octets, 'base64'))
      : each,
  );
}
