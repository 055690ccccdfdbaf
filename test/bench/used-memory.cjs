// Preloaded with --expose-gc: at SIGUSR2, writes what the process uses after a collection to the file it was told.
const { writeFileSync, renameSync } = require('node:fs');
process.on('SIGUSR2', () => {
  for (let n = 0; n < 3; n++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  const path = process.env.BENCH_MEMORY;
  writeFileSync(`${path}.new`, JSON.stringify({ heapUsed, external }));
  renameSync(`${path}.new`, path);
});
