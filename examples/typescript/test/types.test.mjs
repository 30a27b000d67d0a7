// Are the types of the package true? What really comes back is held against them, property by property, and nothing in
// them is `any`. The compiler knows the types; this walks through values beside them.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import ts from "typescript";
import { Case, scenarios } from "brokerlab-js";

const declarations = createRequire(import.meta.url).resolve("brokerlab-js").replace(/\.js$/, ".d.ts");
const program = ts.createProgram([declarations], { strict: true, target: ts.ScriptTarget.ES2022, types: [] });
const checker = program.getTypeChecker();
const source = program.getSourceFile(declarations);
const exported = new Map(checker.getExportsOfModule(checker.getSymbolAtLocation(source)).map((it) => [it.name, it]));

/** What does not fit, as sentences; nothing if the value is of the type, exactly. */
export function misfits(value, type, place) {
  if (type.isUnion()) {
    const each = type.types.map((part) => misfits(value, part, place));
    return each.find((wrong) => wrong.length === 0) ?? each.at(-1).slice(0, 1);
  }
  const text = checker.typeToString(type);
  const wrong = [`${place} is ${JSON.stringify(value)}, and should be ${text}`];
  if (type.isStringLiteral() || type.isNumberLiteral()) return value === type.value ? [] : wrong;
  if (type.flags & ts.TypeFlags.BooleanLiteral) return String(value) === text ? [] : wrong;
  if (type.flags & ts.TypeFlags.String) return typeof value === "string" ? [] : wrong;
  if (type.flags & ts.TypeFlags.Number) return typeof value === "number" ? [] : wrong;
  if (type.flags & ts.TypeFlags.Null) return value === null ? [] : wrong;
  if (type.flags & ts.TypeFlags.Undefined) return value === undefined ? [] : wrong;
  if (checker.isArrayType(type)) {
    const [item] = checker.getTypeArguments(type);
    return Array.isArray(value) ? value.flatMap((it, n) => misfits(it, item, `${place}[${n}]`)) : wrong;
  }
  if (!(type.flags & ts.TypeFlags.Object) || typeof value !== "object" || value === null) return wrong;
  const properties = checker.getPropertiesOfType(type);
  const known = new Set(properties.map((property) => property.name));
  const strange = Object.keys(value).filter((key) => !known.has(key));
  const own = properties.flatMap((property) => {
    const optional = property.flags & ts.SymbolFlags.Optional;
    if (!(property.name in value)) return optional ? [] : [`${place} has no ${property.name}`];
    const is = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    return misfits(value[property.name], optional ? is : checker.getTypeOfSymbol(property), `${place}.${property.name}`);
  });
  return [...strange.map((key) => `${place} has a ${key}, which its type ${text} has not`), ...own];
}

/** The type that a method of a class, or a function, says it gives. */
function given(name, method) {
  const symbol = exported.get(name);
  const owner = method ? checker.getPropertyOfType(checker.getDeclaredTypeOfSymbol(symbol), method) : symbol;
  const [signature] = checker.getSignaturesOfType(checker.getTypeOfSymbol(owner), ts.SignatureKind.Call);
  return checker.getReturnTypeOfSignature(signature);
}

const fits = (value, type, place) => assert.deepEqual(misfits(value, type, place).slice(0, 5), []);

/** Not every party has every table, and the door of somebody who is called is no queue. */
function orNone(ask) {
  try {
    ask();
  } catch (error) {
    if (!/ has no |unknown queue/.test(error.message)) throw error;
  }
}

test("what comes back is of the type that is declared", () => {
  fits(scenarios(), given("scenarios"), "scenarios()");
  for (const { name } of scenarios()) {
    const run = Case.named(name).run();
    for (const method of ["report", "story", "records", "promises", "verdict"]) {
      fits(run[method](), given("Run", method), `${name}.${method}()`);
    }
    const records = run.records();
    for (const step of [run.steps >> 1, run.steps]) {
      run.seekStep(step);
      for (const actor of new Set(records.map((record) => record.actor))) {
        for (const method of ["table", "outbox", "inbox", "deadLetters"]) {
          orNone(() => fits(run[method](actor), given("Run", method), `${name}.${method}(${actor})`));
        }
      }
      for (const queue of new Set(records.flatMap((record) => record.queue ?? []))) {
        orNone(() => fits(run.queue(queue), given("Run", "queue"), `${name}.queue(${queue})`));
      }
    }
  }
  // A seed that has no words.
  fits(Case.named("dual-write-lost").withSeed("9000000").run().report(), given("Run", "report"), "report()");
  fits(Case.named("dual-write-lost").explore(), given("Case", "explore"), "explore()");
});

test("what does not fit is found", () => {
  const [report, found] = [given("Run", "report"), Case.named("dual-write-lost").run().report()];
  const wrong = (change) => misfits({ ...structuredClone(found), ...change }, report, "report");
  assert.deepEqual(wrong({}), []);
  assert.match(wrong({ steps: "7" })[0], /report.steps is "7", and should be number/);
  assert.match(wrong({ part: "half" })[0], /report.part/);
  assert.match(wrong({ more: 1 })[0], /has a more/);
  assert.match(wrong({ verdict: {} })[0], /report.verdict has no lost/);
  assert.match(wrong({ promises: [{ ...found.promises[0], held: 1 }] })[0], /promises\[0\].held/);
  assert.match(wrong({ counterpart: undefined })[0], /report.counterpart/);
});

test("no type is any, or says nothing", () => {
  const text = readFileSync(declarations, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  assert.doesNotMatch(text, /\bany\b|\bunknown\b|\bFunction\b|\bobject\b/);
  assert.ok(exported.size > 15, `${exported.size}`);
});
