/**
 * Error numbers of Windows' remote access, in own words: those of RFC 2759 6 and those that the field facts
 * saw or name. MS-CHAP says them in a Failure, Windows in a Terminate-Request.
 */
const meanings: ReadonlyMap<number, string> = new Map([
  [0, 'the user hung up'],
  [628, 'the connection was ended by the remote computer'],
  [646, 'the account may not log on at this time of day'],
  [647, 'the account is disabled'],
  [648, 'the password has expired'],
  [649, 'the account has no permission to dial in'],
  [691, 'the user name or password is wrong, or this way to authenticate is not permitted'],
  [709, 'the password could not be changed'],
  [718, 'the peer did not answer in time'],
  [720, 'no PPP control protocol could be agreed on'],
  [732, 'the PPP control protocols do not agree'],
  [778, 'the server could not prove who it is'],
]);

export const RasError = {
  none: 0,
  authenticationFailure: 691,
  pppTimeout: 718,
  notConverging: 732,
  serverUnproven: 778,
} as const;

/** The number, with what it means where that is known. */
export function rasErrorText(number: number): string {
  const meaning = meanings.get(number);
  return meaning === undefined ? `${number}` : `${number} (${meaning})`;
}
