import { type Evidence, stopOf } from './evidence.ts';
import { isExplicit } from './reason.ts';

/**
 * Whether a refusal of the responder's was told as it declares (RFC 2408 5.4): an answer to the refused message on the
 * wire, and the client's own word. Of an encrypted notify the client alone can say what it said.
 */
export function refusalFinding(
  isTold: boolean,
  { client, wire }: Pick<Evidence, 'client' | 'wire'>,
): { readonly ok: boolean; readonly detail: string } {
  if (!client || !wire) return { ok: false, detail: 'not observed' };
  const open = wire.unanswered.find(({ from }) => from === 'client');
  const stop = stopOf(client);
  const heard = stop?.reason !== undefined && isExplicit(stop.reason);
  // Others' logs may lack what they heard.
  const isSilentToClient = stop?.reason === 'no-answer';
  const onWire = open ? `${open.what} was not answered` : 'every message was answered';
  const atClient = `the client says ${stop?.reason ?? 'nothing'}`;
  const ok = isTold ? open === undefined && !isSilentToClient : open !== undefined && !heard;
  return { ok, detail: `${onWire}, ${atClient}` };
}
