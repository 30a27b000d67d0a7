// Takes pictures of the page: `screenshots.mjs OUT_DIR [ADDRESS...]`. An address is relative to the page ("#seed=7");
// each is taken light and dark, on a desktop and on a phone.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DESKTOP, PHONE, closeBrowser, visit } from "./browser.mjs";

const [out, ...given] = process.argv.slice(2);
const addresses = given.length ? given : [""];
mkdirSync(out, { recursive: true });
try {
  for (const [at, address] of addresses.entries()) {
    const name = address.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "").slice(0, 60) || "page";
    for (const colorScheme of ["light", "dark"]) {
      for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
        const { page, open, close } = await visit({ colorScheme, viewport, deviceScaleFactor: 2, reducedMotion: "reduce" });
        await open(address);
        await page.waitForLoadState("networkidle");
        const file = join(out, `${at + 1}-${name}-${size}-${colorScheme}.png`);
        await page.screenshot({ path: file });
        console.log(file);
        await close();
      }
    }
  }
} finally {
  await closeBrowser();
}
