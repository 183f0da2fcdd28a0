import { ok, type Probe } from '../probe.ts';

export const engineProbe: Probe = {
  name: 'engine',
  does: 'asks the Docker engine who it is',
  async run(bench) {
    const { version, apiVersion, kind, storageDriver } = await bench.status();
    return ok(`Docker ${version}, API ${apiVersion}, ${kind}, ${storageDriver}`);
  },
};
