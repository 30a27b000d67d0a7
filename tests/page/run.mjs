// Runs all page tests in one process, so that they share one browser: `node --test-reporter=spec run.mjs [PATTERN...]`.
// A pattern is part of a test's name; without one all run.

import { readdirSync } from "node:fs";
import { assertSomeChosen } from "./harness.mjs";

const tests = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".test.mjs"));
for (const file of tests.sort()) await import(`./${file}`);
assertSomeChosen();
