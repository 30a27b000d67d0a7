// Does the page come up, clean and for everybody?

import assert from "node:assert/strict";
import { DESKTOP, PHONE, assertAccessible, pageTest } from "./harness.mjs";

pageTest("the page loads under its name", async ({ page, open }) => {
  await open();
  assert.match(await page.title(), /Brokerlab/);
  await page.getByText("Brokerlab").first().waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    pageTest(`axe finds nothing in ${colorScheme} on a ${size}`, { colorScheme, viewport }, async ({ page, open }) => {
      await open();
      await assertAccessible(page);
    });
  }
}
