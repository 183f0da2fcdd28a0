import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { RandomSource } from '../../../../stack/engine.ts';
import type { LinkEffect } from '../../../../stack/host/drive.ts';
import { addRoutes } from '../../../../stack/host/ip-command.ts';
import { seededRandom } from '../../../../stack/host/random.ts';
import { type RunningEndpoint, runEndpoint } from '../../../../stack/host/run-endpoint.ts';
import {
  type AgentEvent,
  type AgentLine,
  type AgentReplies,
  type AgentRequest,
  decodeLine,
  type EndpointSettings,
  encodeLine,
} from './protocol.ts';
import { SettledEndpoint } from './settled-endpoint.ts';

/**
 * The program that runs our stack inside a node. It does what the lines on its standard input ask
 * (protocol.ts), tells facts on its standard output and ends when its input ends.
 */
interface Running {
  readonly settings: EndpointSettings;
  readonly endpoint: SettledEndpoint;
  readonly host: RunningEndpoint;
}

let running: Running | undefined;

function say(line: AgentLine): void {
  process.stdout.write(encodeLine(line));
}

async function start(settings: EndpointSettings): Promise<void> {
  await stop();
  const random: RandomSource = seededRandom(settings.seed);
  const endpoint = new SettledEndpoint(settings, random);
  const { role, localAddress } = settings.endpoint;
  const dialsInTheClear = settings.endpoint.role === 'client' && settings.endpoint.withoutIpsec === true;
  const host = await runEndpoint({
    endpoint,
    localAddress,
    tunName: settings.tunnelInterface,
    // A responder listens on 1701 only to say that clear L2TP came and was dropped.
    udpPorts: role === 'responder' || dialsInTheClear ? [500, 4500, 1701] : [500, 4500],
    onFact: (at, { path, peer, fact }) => say({ event: 'fact', at, path, peer, fact }),
    onLink: (at, change) => void linkChanged(settings, at, change),
    onFailure: fail,
  });
  running = { settings, endpoint, host };
}

async function linkChanged(settings: EndpointSettings, at: number, change: LinkEffect): Promise<void> {
  const up = change.effect === 'link-up';
  try {
    if (up) await addRoutes(settings.tunnelInterface, settings.tunnelRoutes, change.localAddress);
    say({ event: 'link', at, up, link: change.link } satisfies AgentEvent);
  } catch (error) {
    fail(error);
  }
}

async function stop(): Promise<void> {
  await running?.host.close();
  running = undefined;
}

async function handle(request: AgentRequest): Promise<AgentReplies[keyof AgentReplies]> {
  if (request.request === 'start') await start(request.config);
  if (request.request === 'stop') {
    await stop();
    return {};
  }
  if (running === undefined) throw new Error(`"${request.request}" before "start"`);
  const { endpoint, host } = running;
  switch (request.request) {
    case 'start':
      break;
    case 'connect':
      host.run((now) => endpoint.connect(now));
      break;
    case 'disconnect':
      host.run((now) => endpoint.close(now));
      await endpoint.settled();
      break;
    case 'status':
      await host.linksSettled();
      return { alive: endpoint.alive(), sas: endpoint.securityAssociations() };
    case 'keys':
      return endpoint.keys();
    case 'settle':
      await Promise.race([endpoint.settled(), delay(request.withinMs, undefined, { ref: false })]);
  }
  return endpoint.alive();
}

/** An endpoint that cannot work on is the end of the agent: the driver reads its last words. */
function fail(error: unknown): void {
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}

const input = createInterface({ input: process.stdin });
input.on('line', async (line) => {
  const request = decodeLine(line) as AgentRequest;
  try {
    say({ id: request.id, ok: true, reply: await handle(request) });
  } catch (error) {
    say({ id: request.id, ok: false, error: error instanceof Error ? error.message : String(error) });
  }
});
input.on('close', () => void stop().then(() => process.exit(0)));

say({ ready: process.version });
