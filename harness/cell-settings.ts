import { type Cell, callers, cellId, l2tpPortOf, peerOf } from './cell.ts';
import { CrossnatError } from './error.ts';
import { networkSettings } from './network-settings.ts';
import type { CellSettings } from './peers/peer.ts';
import { suggestion } from './suggestion.ts';
import type { Topology } from './topology.ts';

/** The users of the AlliedWare How-To's script, with the passwords printed there. */
const passwords: Readonly<Record<string, string>> = {
  dialin1: 'friend1',
  dialin2: 'friend2',
  dialin3: 'friend3',
  dialin4: 'friend4',
  // A user like the others to PPP; the How-To leaves its password to whoever types the script.
  secoff: 'notused1',
};

/** Letters and digits only, as the How-To asks for. */
const preSharedKey = 'CrossnatLab1';
const wrongPreSharedKey = 'CrossnatLab2';
const wrongPassword = 'nofriend';

/**
 * Shortens both peers' retransmission gaps alike, whatever is expected of the cell, so that a stop shows its three
 * unanswered messages in a second or two. Recorded with each cell. A peer on a kernel of its own, on a machine that has
 * much else to do, was seen to take 0.8 s to install an SA: a stranger's silence must last longer to mean something.
 */
function timerFactorOf({ client, responder }: Cell): number {
  return [client, responder].every((value) => peerOf(value).peer === 'ts') ? 0.25 : 0.5;
}

/**
 * What the client with this number (from 0) and, for number 0, the responder are told beside the cell's axes.
 * Passwords are the clients': wrong in a wrong-password cell.
 */
export function cellSettings(cell: Cell, topology: Topology, seed: string, client: number): CellSettings {
  const all = callers(cell).map((user) => ({ user, password: passwordOf(cell, user) }));
  const { user, password } = all[client] ?? { user: cell.user, password: passwordOf(cell, cell.user) };
  return {
    preSharedKey,
    clientPreSharedKey: cell.psk === 'good' ? preSharedKey : wrongPreSharedKey,
    user,
    password,
    l2tpPort: l2tpPortOf(cell, client),
    callers: all,
    dial: networkSettings(topology, cell.nat).dial,
    timerFactor: timerFactorOf(cell),
    seed: `${seed}/${cellId(cell)}${client === 0 ? '' : `/client-${client + 1}`}`,
  };
}

/** What this user's client gives as its password. */
function passwordOf(cell: Cell, user: string): string {
  const password = passwords[user];
  if (password === undefined) {
    throw new CrossnatError('usage', {
      doing: `setting up ${cellId(cell)}`,
      found: `there is no user ${JSON.stringify(user)}`,
      remedy: suggestion(user, Object.keys(passwords)),
    });
  }
  return cell.password === 'good' ? password : wrongPassword;
}
