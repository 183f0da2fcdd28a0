import { type Cell, cellId } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import type { CellSettings } from '../peers/peer.ts';
import { suggestion } from '../suggestion.ts';
import type { Topology } from '../topology.ts';

/** The users of the AlliedWare How-To's script, with the passwords printed there. */
const passwords: Readonly<Record<string, string>> = {
  dialin1: 'friend1',
  dialin2: 'friend2',
  dialin3: 'friend3',
  dialin4: 'friend4',
};

/** Letters and digits only, as the How-To asks for. */
const preSharedKey = 'CrossnatLab1';
const wrongPreSharedKey = 'CrossnatLab2';
const wrongPassword = 'nofriend';

/**
 * Shortens every peer's retransmission gaps alike, whatever is expected of the cell, so that a stop shows
 * its three unanswered messages in a second or two. Recorded with each cell.
 */
const timerFactor = 0.25;

/** What both ends of a cell are told beside its axes. The password is the client's: wrong in a wrong-password cell. */
export function cellSettings(cell: Cell, topology: Topology, seed: string): CellSettings {
  const password = passwords[cell.user];
  if (password === undefined) {
    throw new CrossnatError('usage', {
      doing: `setting up ${cellId(cell)}`,
      found: `there is no user ${JSON.stringify(cell.user)}`,
      remedy: suggestion(cell.user, Object.keys(passwords)),
    });
  }
  return {
    preSharedKey,
    clientPreSharedKey: cell.psk === 'good' ? preSharedKey : wrongPreSharedKey,
    user: cell.user,
    password: cell.password === 'good' ? password : wrongPassword,
    dial: topology.dial,
    timerFactor,
    seed: `${seed}/${cellId(cell)}`,
  };
}
