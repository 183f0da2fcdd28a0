import type { Cell } from '../cell.ts';
import type { CellSettings } from './peer.ts';

/** A user as a responder knows it. */
export interface OfficeUser {
  readonly user: string;
  readonly password: string;
  /** The one address that it gets from responders that can give one; absent: one of the pool. */
  readonly address?: string;
}

/** The user database of the AlliedWare How-To's router: names, and the addresses of those who have their own. */
const database: ReadonlyMap<string, string | undefined> = new Map([
  ['secoff', undefined],
  ['dialin1', '192.168.8.50'],
  ['dialin2', undefined],
  ['dialin3', '192.168.8.51'],
  ['dialin4', undefined],
]);

/** Addresses that belong to a user and are given to nobody else. */
export const fixedAddresses: readonly string[] = [...database.values()].filter(
  (address) => address !== undefined,
);

/**
 * Those of a cell's callers whom the office knows. A cell's settings hold the passwords that the clients give; where
 * these are to be wrong, the office's are others.
 */
export function knownCallers(
  cell: Pick<Cell, 'password'>,
  { callers }: Pick<CellSettings, 'callers'>,
): OfficeUser[] {
  return callers
    .filter(({ user }) => database.has(user))
    .map(({ user, password }) => {
      const address = database.get(user);
      return {
        user,
        password: cell.password === 'good' ? password : `not-${password}`,
        ...(address !== undefined && { address }),
      };
    });
}
