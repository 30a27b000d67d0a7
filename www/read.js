// Reads the scenario that a link carries, beside the page, which has no reader of files of its own (src/reader.rs).
// Asked for { name, packed }; answers with { prepared } or { problem }.

onmessage = async ({ data: { name, packed } }) => {
  try {
    const reader = await import("./reader.js");
    await reader.default();
    postMessage({ prepared: reader.read(name, packed) });
  } catch (error) {
    postMessage({ problem: error?.message ?? String(error) });
  }
};
