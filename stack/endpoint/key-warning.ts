/**
 * What a person should know of a pre-shared key before the first message, if anything: letters and digits of ASCII are
 * the same octets in every encoding in use, and with other characters each end may make others of it (rule WIN-10).
 */
export function keyWarning(preSharedKey: Uint8Array): string | undefined {
  if (preSharedKey.every((octet) => /[A-Za-z0-9]/.test(String.fromCharCode(octet)))) return undefined;
  return 'the pre-shared key holds more than letters and digits: the other end may make other octets of it';
}
