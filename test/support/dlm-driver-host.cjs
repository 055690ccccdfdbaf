/**
 * Runs in the virtual machine of dlm-vm.sh: the driver of the stack `dlm`, spoken to in lines of JSON (dlm-driver.ts).
 * Arguments: LOCKSPACE DIR.
 */
const { createInterface } = require('node:readline');
const { DlmDriver } = require('../../dist/apps/fileserver/src/dlm/dlm-driver.js');

const [lockspace, directory] = process.argv.slice(2);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const notices = [];

async function main() {
  const driver = await DlmDriver.start({ demo: { lockspace, directory } }, (report) => say({ report }));
  const hear = (kind) => (notice) => {
    notices.push(notice);
    say({ kind, no: notices.length - 1, facts: notice.now() });
  };
  driver.listen({ onBreak: hear('break'), onDetached: hear('detached'), onLost: hear('lost') });
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const { id, call, args } = JSON.parse(line);
    try {
      if (call === 'answered') notices[args[0]].answered?.(args[1]);
      const answer = call === 'answered' ? undefined : await driver[call](...args);
      say({ id, answer: answer ?? null });
      // An exit would wait for the read of the standard input.
      if (call === 'close') process.kill(process.pid, 'SIGKILL');
    } catch (error) {
      say({ id, failed: String(error) });
    }
  });
  say({ ready: process.pid, exports: driver.exports });
}

main().catch((error) => {
  say({ failed: `${error.message}${error.cause ? `: ${error.cause.message}` : ''}` });
  process.exit(1);
});
