import { type Cell, callers, cellId, l2tpPortOf, peerOf } from './cell.ts';
import { CrossnatError } from './error.ts';
import { networkSettings } from './network-settings.ts';
import type { CellSettings, Lifetimes } from './peers/peer.ts';
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
/** More than letters and digits, and more than ASCII: what an end makes of it is up to its encoding. */
const specialPreSharedKey = 'Crossnat-Büro1';
const wrongPassword = 'nofriend';
const clientKeys = { good: preSharedKey, wrong: wrongPreSharedKey, special: specialPreSharedKey } as const;

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
    preSharedKey: cell.psk === 'special' ? specialPreSharedKey : preSharedKey,
    clientPreSharedKey: clientKeys[cell.psk],
    user,
    password,
    l2tpPort: l2tpPortOf(cell, client),
    callers: all.filter((caller, place) => all.findIndex((other) => other.user === caller.user) === place),
    dial: networkSettings(topology, cell.nat).dial,
    timerFactor: timerFactorOf(cell),
    seed: `${seed}/${cellId(cell)}${client === 0 ? '' : `/client-${client + 1}`}`,
    ...lifetimesOf(cell),
  };
}

/**
 * Where SAs are to be replaced while somebody watches. Phase 2 is replaced after 12 seconds and phase 1 after 15, so that
 * what replaces the one has ended before the other begins, and a second round comes long after both.
 */
function lifetimesOf({ event }: Cell): { readonly lifetimes?: Lifetimes } {
  const lives = { phase1Seconds: 19, phase2Seconds: 16, marginSeconds: 4 };
  if (event === 'rekey-by-client') return { lifetimes: { ...lives, replacedBy: 'client' } };
  return event === 'rekey-by-responder' ? { lifetimes: { ...lives, replacedBy: 'responder' } } : {};
}

/**
 * The same where time is not virtual: echoes of which several have to stay unanswered come often. What is asked is after
 * how many of them the responder does something, and not after how many seconds.
 */
export function hurried(settings: CellSettings, { event }: Cell): CellSettings {
  return event === 'client-power-cut' ? { ...settings, echoSeconds: 3 } : settings;
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
