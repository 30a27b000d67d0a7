// Does the page work without a network after its first visit, and does it still see a new release?

import assert from "node:assert/strict";
import { assertClean, bareTest, pageTest, untilKept, visit } from "./harness.mjs";
import { serveChanged } from "./site.mjs";

const WORKER = { serviceWorkers: "allow" };

pageTest("after one visit the page opens without a network", WORKER, async ({ page, context, open }) => {
  await open();
  await untilKept(page);
  await context.setOffline(true);
  await page.reload();
  await page.locator("h1").first().waitFor();
  assert.match(await page.title(), /Brokerlab/);
  await open("?anything=1#seed=7");
});

bareTest("hosted in a folder, the page survives its server and sees the next release", async () => {
  const site = await serveChanged({ base: "/some/folder/" });
  const { page, open, problems, close } = await visit({ ...WORKER, address: site.address });
  try {
    await open();
    const first = await untilKept(page);

    // The next release.
    site.change = (name, bytes) => (name === "index.html" ? bytes.toString().replace("<html", "<html data-release='2'") : bytes);
    await open();
    assert.equal(await release(page), "2", "the network comes first");
    await untilKept(page, { otherThan: first });
    assertClean(problems);

    await site.close();
    await page.reload();
    await page.locator("h1").first().waitFor();
    assert.equal(await release(page), "2", "the newest release is the one that is kept");
  } finally {
    await close();
    await site.close().catch(() => {});
  }
});

function release(page) {
  return page.evaluate(() => document.documentElement.dataset.release);
}
