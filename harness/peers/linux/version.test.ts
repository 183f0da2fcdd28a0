import { expect, test } from 'vitest';
import { versionText } from './version.ts';

test("names the peer's own version first", () => {
  const lines = 'ppp\t2.4.9-1+1.1+b1\nstrongswan-charon\t5.9.8-5+deb12u5\nxl2tpd\t1.3.18-1\n';
  expect(versionText(lines, ['strongswan-charon', 'xl2tpd', 'ppp'])).toBe(
    '5.9.8-5+deb12u5 with xl2tpd 1.3.18-1, ppp 2.4.9-1+1.1+b1',
  );
});
