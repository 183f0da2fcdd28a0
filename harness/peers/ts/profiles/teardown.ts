import { z } from 'zod';

/** What a client can say the end of. */
const layer = z.enum(['ppp', 'l2tp-session', 'l2tp-tunnel', 'phase2', 'phase1']);
export type Layer = z.output<typeof layer>;

/** The layers that a client ends and says so, in the order of the wire, which is from the inside out. */
export const teardownSchema = z
  .array(layer)
  .refine((layers) => layers.join() === layer.options.filter((one) => layers.includes(one)).join(), {
    message: `the layers end in this order, each once: ${layer.options.join(', ')}`,
  })
  .refine((layers) => layers.includes('ppp'), { message: 'the stack always ends PPP by a Terminate-Request' })
  .refine((layers) => layers.includes('phase2') === layers.includes('phase1'), {
    message: 'the stack deletes the SAs of both phases or of none',
  });
