import type { EventObservation } from '../observation.ts';
import type { PeerEvents } from '../peers/peer.ts';
import { redialOf } from './event-watch.ts';
import { isConnected } from './is-connected.ts';
import type { Connection, RunnerParts } from './parts.ts';

/** Has the client of a connection dial anew, after it or its responder lost all state, and tells what comes of it. */
export async function redial(
  connection: Connection,
  { restart }: PeerEvents,
  number: number,
  pingAgain: RunnerParts['pingAgain'],
  signal: AbortSignal,
): Promise<NonNullable<EventObservation['redial']>> {
  const { client } = connection;
  await restart(signal);
  await client.connect(signal, () => {});
  const clientSaw = await client.status(signal, number);
  if (!isConnected(clientSaw)) return redialOf(clientSaw, undefined);
  return redialOf(clientSaw, await pingAgain({ ...connection, clientSaw }, signal));
}
