// Tries every placement of faults beside the page, so that the page keeps its frames: the same program, in a worker.
// Asked for { script, program, name, seed, faults, kinds, own }; answers with what has been found so far, several times a
// second, and with "done" at the end. Whoever asks ends it by ending the worker.

const PAUSE = 60;

onmessage = async ({ data: { script, program, name, seed, faults, kinds, own } }) => {
  try {
    const lab = await import(script);
    await lab.default({ module_or_path: program });
    const search = new lab.Search(name, seed, faults, kinds, own);
    let told = 0;
    let found;
    for (let next; (next = search.next()); ) {
      found = next;
      if (performance.now() - told > PAUSE) {
        told = performance.now();
        postMessage({ found, part: search.part() });
      }
    }
    postMessage({ found, part: 1, done: true });
  } catch (error) {
    postMessage({ problem: error?.message ?? String(error) });
  }
};
