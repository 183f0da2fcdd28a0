import { ok, type Probe } from '../probe.ts';

export const imageProbe: Probe = {
  name: 'image',
  does: 'builds the image of a box, or finds it built',
  async run(bench) {
    return ok(await bench.image());
  },
};
