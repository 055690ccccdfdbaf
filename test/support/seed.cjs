/** SEED repeats the random histories of a run. Without it, every run plays new ones. */
const { SEED } = process.env;
if (SEED !== undefined) require('fast-check').configureGlobal({ seed: Number(SEED) });
