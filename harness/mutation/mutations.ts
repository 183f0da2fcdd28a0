import { clientMutations } from './clients.ts';
import { eventMutations } from './events.ts';
import { engineMutations } from './inside-engines.ts';
import { largePacketMutations } from './large-packets.ts';
import { linkMutations } from './links.ts';
import type { Mutation } from './mutation.ts';
import { natBoxMutations } from './nat-boxes.ts';
import { negotiationMutations } from './negotiations.ts';
import { responderConductMutations } from './responder-conduct.ts';
import { responderSettingMutations } from './responder-settings.ts';
import { severalCallersMutations } from './several-callers.ts';
import { standingMutations } from './standing-connections.ts';
import { wayMutations } from './ways-and-ends.ts';
import { wireMutations } from './wires-and-captures.ts';

/** All defects that are planted: in boxes, wires and captures, in the client, in the responder. */
export const mutations: readonly Mutation[] = [
  ...natBoxMutations,
  ...largePacketMutations,
  ...clientMutations,
  ...responderSettingMutations,
  ...responderConductMutations,
  ...wireMutations,
  ...engineMutations,
  ...standingMutations,
  ...wayMutations,
  ...severalCallersMutations,
  ...eventMutations,
  ...negotiationMutations,
  ...linkMutations,
];
