import { axisDefaults, type Cell } from '../../../cell.ts';
import { specificationsOf } from '../../linux/proposals.ts';
import type { PlainProfile } from '../profiles/responder-profile.ts';
import { parsePhase1 } from '../profiles/transform.ts';

/** Why a responder that its profile sets up cannot play a cell; `undefined` when it can. */
export function unsupportedByPlain({ ports, p1, script }: Cell): string | undefined {
  if (script !== 'printed') return "the script is AlliedWare's; a plain responder has none";
  if (ports !== 'lport') {
    return "the port setting is AlliedWare's; a plain responder takes any port of its peer to 1701";
  }
  const unknown = p1 === 'script' ? undefined : p1.split('+').find((text) => parsePhase1(text) === undefined);
  return unknown === undefined ? undefined : `our stack speaks no phase 1 transform ${unknown || '(none)'}`;
}

/** The cell's transforms in its order; where it names none, all of the profile's. */
export function phase1Texts(profile: PlainProfile, { p1 }: Cell): readonly string[] {
  return p1 === 'script' ? profile.phase1.value : p1.split('+');
}

/** What is demanded in PPP first, and after it what a client may ask for instead. */
export function authenticationOf(
  profile: PlainProfile,
  { auth }: Cell,
): PlainProfile['ppp']['authentication']['value'] {
  return auth === 'own' ? profile.ppp.authentication.value : [auth];
}

/** The How-To's SA specifications where the cell names some; at the axis's default all of the profile's. */
export function phase2Texts(profile: PlainProfile, { p2 }: Cell): readonly string[] {
  return p2 === axisDefaults.p2 ? profile.phase2.value : specificationsOf(p2);
}
