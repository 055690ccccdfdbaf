/**
 * Process 1 of a container gets only the signals that it handles, and our programs handle them once there is something to
 * stop. Loaded first, this ends those that are still starting; nobody has been answered yet.
 */
const { constants } = require('node:os');

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
  });
