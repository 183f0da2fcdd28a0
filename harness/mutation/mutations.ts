import { clientMutations } from './clients.ts';
import { eventMutations } from './events.ts';
import { largePacketMutations } from './large-packets.ts';
import type { Mutation } from './mutation.ts';
import { natBoxMutations } from './nat-boxes.ts';
import { responderConductMutations } from './responder-conduct.ts';
import { responderSettingMutations } from './responder-settings.ts';
import { severalCallersMutations } from './several-callers.ts';

/** All defects that are planted: in boxes and wires, in the client, in the responder. */
export const mutations: readonly Mutation[] = [
  ...natBoxMutations,
  ...largePacketMutations,
  ...clientMutations,
  ...responderSettingMutations,
  ...responderConductMutations,
  ...severalCallersMutations,
  ...eventMutations,
];
