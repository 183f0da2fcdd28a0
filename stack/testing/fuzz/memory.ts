import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Octets that this thread still holds after everything unused is gone: heap and buffers. */
export function heldOctets(): number {
  // The first one leaves buffers to a thread that frees them by and by, and the second one waits for it.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
