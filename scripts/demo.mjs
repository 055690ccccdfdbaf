/**
 * `npm run demo`: plays the whole story against a running service, with `cat` and `sh` as the openers, and explains
 * each step. LEASEHOLD_URL is the address of the service (default http://127.0.0.1:8080), LEASEHOLD_DEMO_DIR the
 * directory that its export `demo` serves (default exports/demo). Leaves nothing behind; exit code 0 if everything went
 * as described.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError, ensureAll, printable, root, runScript } from './ensure.mjs';

const url = process.env.LEASEHOLD_URL ?? 'http://127.0.0.1:8080';
const directory = process.env.LEASEHOLD_DEMO_DIR ?? join(root, 'exports', 'demo');
const file = `demo-${process.pid}.txt`;
const path = join(directory, file);
/** Longest wait for anything that should happen by itself. */
const limitMs = 15_000;
/** The demo waits for a silent holder only if the break time is at most this. */
const patienceMs = 5_000;

// --- output

let steps = 0;
const step = (title) => console.log(`\n${(steps += 1)}. ${title}`);
const say = (text) => console.log(`   ${printable(text)}`);
const ms = (from, to = performance.now()) => `${(to - from).toFixed(1)} ms`;

/** Checks a statement and prints it. */
function check(holds, sentence) {
  if (!holds) throw new SetupError(`The story went wrong at step ${steps}: expected that ${sentence}`);
}

async function within(promise, what, limit = limitMs) {
  const over = new AbortController();
  const late = delay(limit, undefined, { signal: over.signal }).then(() => {
    throw new SetupError(`The story stopped at step ${steps}: waited ${limit} ms for ${what}.`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}

/** For a promise awaited later: if the demo ends before that, its rejection must not count as unhandled. */
function begun(promise) {
  promise.catch(() => undefined);
  return promise;
}

// --- openers: ordinary programs that know nothing of leases

const openers = new Set();

function opener(command, ...args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  openers.add(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = once(child, 'close').then(([code]) => {
    openers.delete(child);
    check(code === 0, `${command} succeeds, but it ended with ${code}.`);
    return { output, at: performance.now() };
  });
  return { ended: begun(ended), waits: () => child.exitCode === null, startedAt: performance.now() };
}
const cat = () => opener('cat', path);
const append = (line) => opener('sh', '-c', `echo ${line} >> '${path}'`);

// --- the kernel's own view

const kernelLines = () => {
  try {
    return readFileSync('/proc/locks', 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
};
/** Class, state, mode, maj:min:ino and range; number and pid differ between the two sides. */
const comparable = (line) => {
  const [, kind, state, mode, , inode, ...range] = line.trim().split(/\s+/);
  return [kind, state, mode, inode, ...range].join(' ');
};

async function story({ Leasehold, LeaseholdError }) {
  const leasehold = new Leasehold({ url, adminToken: process.env.LEASEHOLD_ADMIN_TOKEN, retryMs: 0 });
  const exports = await leasehold.exports().catch((error) => {
    if (!(error instanceof LeaseholdError)) throw error;
    throw new SetupError(`No lease API at ${url} (${printable(error.reason)}). Start it with: npm start`);
  });
  const demo = exports.find(({ name }) => name === 'demo');
  if (demo?.state !== 'up') {
    throw new SetupError(`${url} has no export "demo" that is up. Start the service with: npm start`);
  }
  writeFileSync(path, 'first line\n');

  /** The kernel may take a moment to notice that an opener is gone. */
  const acquire = async (session, type, options) => {
    const giveUpAt = performance.now() + limitMs;
    for (;;) {
      try {
        return await session.acquire({ export: 'demo', file, type }, options);
      } catch (error) {
        const retry = ['fileserver_refused', 'fencing', 'no_backend'].includes(error.reason);
        if (!retry || performance.now() > giveUpAt) throw error;
        await delay(200);
      }
    }
  };
  const refusal = async (promise) => {
    try {
      await promise;
    } catch (error) {
      if (error instanceof LeaseholdError) return error;
      throw error;
    }
    return undefined;
  };
  const heard = (lease) => begun(within(once(lease.breaking, 'abort'), 'the break to arrive'));

  console.log(`The story of a lease on exports/demo/${file}, told by ${url}.`);
  const holder = await leasehold.openSession({ label: 'demo: the holder', pid: process.pid });
  const other = await leasehold.openSession({ label: 'demo: another client' });
  try {
    step('A read lease, and somebody reads');
    let from = performance.now();
    let lease = await acquire(holder, 'read');
    say(
      `The holder acquired a read lease in ${ms(from)}: it may cache what it reads. Its fencing token is ${lease.token}.`,
    );
    let reader = cat();
    let done = await within(reader.ended, 'cat');
    check(!lease.breaking.aborted, 'reading does not break a read lease.');
    say(
      `cat read the file in ${ms(reader.startedAt, done.at)}. Readers do not conflict with a read lease: no break.`,
    );

    step('Somebody writes: sh must wait until the holder has answered');
    let told = heard(lease);
    const writer = append('second line');
    await told;
    let heardAt = performance.now();
    const { target, remainingMs } = lease.notice;
    say(
      `"sh -c 'echo ... >> file'" opened the file. ${ms(writer.startedAt, heardAt)} later the holder heard: break, target ${target}.`,
    );
    check(writer.waits(), 'sh waits while the holder has not answered.');
    say(
      `sh is blocked in open(2), held up by the kernel. The holder has ${((remainingMs ?? 0) / 1_000).toFixed(0)} s to drop what it cached.`,
    );
    from = performance.now();
    await lease.acknowledge();
    done = await within(writer.ended, 'sh to go on');
    check(lease.signal.aborted, 'the lease is over for its holder.');
    say(`The holder answered "none". ${ms(from, done.at)} later sh had written its line and exited.`);

    step('A write lease, and somebody reads: a downgrade is enough');
    from = performance.now();
    lease = await acquire(holder, 'write');
    say(
      `The holder acquired a write lease in ${ms(from)}: it may keep changes to itself. Token ${lease.token}, larger than before.`,
    );
    told = heard(lease);
    reader = cat();
    await told;
    heardAt = performance.now();
    check(lease.notice.target === 'read', 'a reader asks a write lease to become a read lease.');
    check(reader.waits(), 'cat waits while the holder has not answered.');
    say(
      `cat opened the file. ${ms(reader.startedAt, heardAt)} later: break, target read. A holder would write its changes back now.`,
    );
    from = performance.now();
    await lease.acknowledge('read');
    done = await within(reader.ended, 'cat to go on');
    check(done.output.endsWith('second line\n'), 'cat sees what was written.');
    check(lease.type === 'read' && !lease.signal.aborted, 'the holder keeps a read lease.');
    say(
      `The holder kept "read". ${ms(from, done.at)} later cat had read everything. The lease lives on, with token ${lease.token}.`,
    );

    step('Another client opens the file through the service');
    told = heard(lease);
    from = performance.now();
    const opening = begun(other.open({ export: 'demo', file, access: 'write', waitMs: limitMs }));
    await told;
    say(
      `Its open for writing waits; the holder heard of it after ${ms(from)} (cause: ${lease.notice.cause}).`,
    );
    from = performance.now();
    await lease.acknowledge();
    let opened = await within(opening, 'the open');
    say(`The holder answered "none"; the open was granted ${ms(from)} later.`);
    const conflict = await refusal(holder.acquire({ export: 'demo', file, type: 'read' }));
    check(
      conflict?.reason === 'open_conflict',
      'a read lease is refused while the file is open for writing.',
    );
    say(
      `Meanwhile the holder asks for a read lease and is told: ${conflict.code} ${conflict.reason}. Grants never break anyone.`,
    );
    await opened.close();

    step('An open that will not wait');
    lease = await acquire(holder, 'read');
    told = heard(lease);
    const impatient = await refusal(other.open({ export: 'demo', file, access: 'write' }));
    check(
      impatient?.reason === 'break_started',
      'an open that does not wait is refused, and starts the break.',
    );
    await told;
    say(
      `The answer is ${impatient.code} ${impatient.reason}, with the blocker (a ${impatient.problem.blockers?.[0]?.type} lease) and when to retry.`,
    );
    await lease.acknowledge();
    opened = await other.open({ export: 'demo', file, access: 'write' });
    say('The break went on without it. The holder has answered; the same open now succeeds at once.');
    await opened.close();

    step('A holder that does not answer');
    lease = await acquire(holder, 'write');
    const { token } = lease;
    const fence = { export: 'demo', file, token, for: 'write' };
    const valid = await leasehold.checkFence(fence);
    check(valid.valid, 'the token of a live lease is current.');
    say(
      `A storage server asks whether token ${token} may write: yes, it is that of the ${valid.type} lease.`,
    );
    told = heard(lease);
    const waiting = begun(other.open({ export: 'demo', file, access: 'write', waitMs: 60_000 }));
    await told;
    from = performance.now();
    const { breakId } = lease.notice;
    const lost = lease.signal.aborted ? Promise.resolve() : once(lease.signal, 'abort');
    if (demo.breakMs > 0 && demo.breakMs <= patienceMs) {
      say(`A writer comes and the holder stays silent. Break time is ${demo.breakMs} ms: we wait for it.`);
    } else {
      say(
        `A writer comes and the holder stays silent. It has ${demo.breakMs / 1_000} s; an administrator does not wait, and revokes the lease.`,
      );
      await leasehold.forceRelease(lease.id);
    }
    await within(lost, 'the lease to be taken', patienceMs + limitMs);
    opened = await within(waiting, 'the open');
    say(
      `The lease was revoked after ${ms(from)}, and the writer has opened the file. The holder's client aborted its work under the lease.`,
    );
    const refused = await refusal(leasehold.checkFence(fence));
    check(refused?.code === 'ESTALE', 'the token of a lost lease is refused.');
    say(
      `The storage server asks about token ${token} again: ${refused.code} ${refused.reason}. A late write does no harm.`,
    );
    check(!(await lease.acknowledge('none', breakId)), 'a late answer changes nothing.');
    say('The holder answers at last, and is told that the break is over.');
    await opened.close();

    step('An open with a delegation, and one that denies');
    opened = await holder.open({ export: 'demo', file, access: 'read', deny: 'write', want: 'read' });
    const delegated = opened.delegation?.lease;
    check(delegated?.delegation, 'nothing prevents a delegation.');
    say('The holder opened the file for reading, and got a read delegation with it.');
    const denied = await refusal(other.open({ export: 'demo', file, access: 'write' }));
    check(denied?.reason === 'share_denied', 'nobody writes where writing is denied.');
    say(
      `It denies writing to others. Another client tries: ${denied.code} ${denied.reason}, by the open of pid ${process.pid}.`,
    );
    await delegated.release();
    await opened.close();

    step('Byte ranges, a queue, and a deadlock that does not happen');
    const bytes = (start, end) => ({ export: 'demo', file, class: 'posix', type: 'write', start, end });
    await holder.lock(bytes(0, 99));
    await other.lock(bytes(100, 199));
    const inTurn = begun(holder.lock({ ...bytes(100, 199), waitMs: limitMs }));
    const blocked = async () => (await leasehold.locksText({ export: 'demo', file })).includes('-> POSIX');
    for (const until = performance.now() + patienceMs; !(await blocked()) && performance.now() < until;)
      await delay(5);
    say('The holder locked bytes 0-99, the other client 100-199. The holder waits for those too:');
    for (const line of (await leasehold.locksText({ export: 'demo', file })).trimEnd().split('\n'))
      say(`GET /v1/locks  ${line}`);
    const deadlock = await refusal(other.lock({ ...bytes(0, 9), waitMs: limitMs }));
    check(deadlock?.code === 'EDEADLK', 'a wait that would never end is refused.');
    say(
      `Now the other client would wait for the holder: ${deadlock.code}, with the ${deadlock.problem.cycle.length} requests of the cycle.`,
    );
    await other.unlock(bytes(100, 199));
    const whole = await within(inTurn, 'the lock');
    check(whole.start === 0n && whole.end === 199n, 'adjacent ranges become one lock.');
    say(
      `It unlocks instead. The holder got its turn at once, and now has bytes ${whole.start}-${whole.end} in one lock.`,
    );
    await whole.release();

    step('Two views of the same lease');
    lease = await acquire(holder, 'read');
    const text = (await leasehold.locksText({ export: 'demo', file })).trimEnd().split('\n');
    for (const line of text) say(`GET /v1/locks  ${line}`);
    const ours = comparable(text[0]);
    const kernel = kernelLines().filter((line) => comparable(line) === ours);
    for (const line of kernel) say(`/proc/locks    ${line}`);
    check(kernel.length === 1, `the kernel lists the same lease once, as ${ours}.`);
    say('The pid is that of the session here, and that of the adapter there; everything else is the same.');
    await lease.release();
    // The release is answered once it is recorded; the fileserver follows a moment later.
    const left = () => kernelLines().some((line) => comparable(line) === ours);
    for (const until = performance.now() + patienceMs; left() && performance.now() < until;) await delay(5);
    check(!left(), 'the kernel no longer lists it after the release.');
  } finally {
    await Promise.all([holder.end(), other.end()]);
  }
  console.log(`\nThat is the story. ${basename(path)} and both sessions are gone again.`);
}

await runScript(async () => {
  await ensureAll();
  const client = await import('#client');
  try {
    await story(client);
  } finally {
    // The end of the sessions releases openers that still wait; this kill is for a demo that failed.
    for (const child of openers) child.kill('SIGKILL');
    rmSync(path, { force: true });
  }
});
