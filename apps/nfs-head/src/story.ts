import type { nfs } from '#contracts';
import type { Contract } from './contract';
import { type FileName, must, NfsClientState, type SavedClient } from './nfs-client-state';

const leaseTimeMs = 30_000;
const callbackMs = 10_000;
/** Bytes 0 to 99. */
const firstHundred = ['0', '100'] as const;

/** One NFS server of the story, with one client. It prints its callbacks and returns recalled delegations. */
class Head {
  private readonly heard: nfs.Callback[] = [];
  private wake: (() => void) | undefined;
  client!: NfsClientState;

  constructor(
    readonly name: string,
    private readonly say: (line: string) => void,
  ) {}

  readonly hear = async (callback: nfs.Callback, client: NfsClientState): Promise<void> => {
    this.heard.push(callback);
    this.wake?.();
    if (callback.getAttr !== undefined) {
      // In the story, the client has written up to byte 1234 in its cache and has not flushed it yet.
      this.say(
        `${this.name} gets CB_GETATTR for ${callback.getAttr.file}; its client reports its attributes`,
      );
      must(await client.answerGetAttr(callback.getAttr, { change: '42', changeAtGrant: '41', size: '1234' }));
    }
    if (callback.recall === undefined) return;
    this.say(
      `${this.name} gets CB_RECALL for ${callback.recall.file}; its client writes back and returns the delegation`,
    );
    must(await client.delegReturn(callback.recall.stateid));
  };

  /** The first callback that matches, now or soon. */
  async callback<T>(pick: (callback: nfs.Callback) => T | undefined): Promise<T> {
    const until = performance.now() + callbackMs;
    for (;;) {
      for (const callback of this.heard) {
        const picked = pick(callback);
        if (picked !== undefined) return picked;
      }
      const left = until - performance.now();
      if (left <= 0) throw new Error(`${this.name} did not get the expected callback`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

const shown = ({ seqid, other }: nfs.StateId): string => `stateid ${String(seqid)}:${other}`;
const stateidIn = (reply: { stateid?: nfs.StateId | undefined }): string =>
  reply.stateid === undefined ? 'no stateid' : shown(reply.stateid);
const delegationIn = ({ delegation }: nfs.ReplyOf<'Open'>): string =>
  delegation?.type === undefined || delegation.type === 'OPEN_DELEGATE_NONE'
    ? `no delegation (${delegation?.why ?? 'none asked for'})`
    : `${delegation.type} with fencing token ${delegation.token ?? '?'}`;

/** Two NFS servers over one lease service: performs and prints each step. Throws if a result is not as expected. */
export async function playStory(
  connect: () => Contract,
  exportName: string,
  say: (line: string) => void,
): Promise<void> {
  const contract = connect();
  const a = new Head('head A', say);
  const b = new Head('head B', say);
  // A unique name, so that the story can be played again.
  const where: FileName = { export: exportName, file: `story-${String(Date.now())}` };
  const expect = (what: string, status: nfs.NfsStat, wanted: nfs.NfsStat): void => {
    if (status !== wanted) throw new Error(`${what}: ${status} instead of ${wanted}`);
    say(`${what}: ${status}`);
  };

  say('--- EXCHANGE_ID: one session at the lease service for every NFS client');
  a.client = await NfsClientState.exchangeId(contract, { label: 'client of A', leaseTimeMs }, a.hear);
  b.client = await NfsClientState.exchangeId(contract, { label: 'client of B', leaseTimeMs }, b.hear);
  say(`head A serves ${a.client.credentials.sessionId}, head B ${b.client.credentials.sessionId}`);

  say('--- share reservations');
  const reader = { access: 'OPEN4_SHARE_ACCESS_READ', deny: 'OPEN4_SHARE_DENY_WRITE' } as const;
  const writer = { access: 'OPEN4_SHARE_ACCESS_WRITE', deny: 'OPEN4_SHARE_DENY_NONE' } as const;
  const opened = must(await a.client.open('editor', where, reader));
  say(`head A opens for reading and denies writing: ${stateidIn(opened)}`);
  const denied = await b.client.open('writer', where, writer);
  expect('head B opens for writing', denied.status, 'NFS4ERR_SHARE_DENIED');
  const upgraded = must(await a.client.open('editor', where, writer));
  say(`head A opens again, for writing: upgraded in place, ${stateidIn(upgraded)}`);
  const lowered = must(
    await a.client.downgrade('editor', where, 'OPEN4_SHARE_ACCESS_READ', 'OPEN4_SHARE_DENY_WRITE'),
  );
  say(`OPEN_DOWNGRADE to what it opened first: ${stateidIn(lowered)}`);
  must(await a.client.close('editor', where));

  say('--- a delegation, and its recall');
  const wanted = must(
    await a.client.open('editor', where, {
      access: 'OPEN4_SHARE_ACCESS_READ',
      want: 'WANT_READ_DELEG',
    }),
  );
  say(`head A opens and wants a delegation: ${delegationIn(wanted)}`);
  const delayed = await b.client.open('writer', where, writer);
  expect('head B opens for writing', delayed.status, 'NFS4ERR_DELAY');
  await a.callback(({ recall }) => recall);
  must(await b.client.openPatiently('writer', where, writer));
  say('head B has opened for writing: the delegation was returned');
  must(await b.client.close('writer', where));

  say('--- attributes, while another client writes under a delegation');
  const written = { ...where, file: `${where.file}-written` };
  must(
    await a.client.open('editor', written, {
      access: 'OPEN4_SHARE_ACCESS_BOTH',
      want: 'WANT_WRITE_DELEG',
    }),
  );
  const fileserver = { change: '41', size: '1000' };
  const told = must(await b.client.getAttr(written, fileserver));
  say(`head B is asked for attributes; ${told.holder}: change ${told.change}, size ${told.size}`);
  if (!told.modified || told.size !== '1234')
    throw new Error('the answer does not say that the file was modified');
  must(await a.client.close('editor', written));

  say('--- byte-range locks');
  const locked = must(await a.client.lock('process 7', where, 'WRITE_LT', ...firstHundred));
  say(`head A locks bytes 0 to 99: ${stateidIn(locked)}`);
  const tested = await b.client.lockT('process 8', where, 'WRITE_LT', '50', '1');
  expect('head B tests byte 50', tested.status, 'NFS4ERR_DENIED');
  const { denied: blocker } = tested;
  say(`  blocked by a lock on ${blocker?.length ?? '?'} bytes from offset ${blocker?.offset ?? '?'}`);
  const parked = await b.client.lock('process 8', where, 'WRITEW_LT', '50', '1');
  expect('head B waits for byte 50', parked.status, 'NFS4ERR_DENIED');
  must(await a.client.lockU('process 7', where));
  say('head A unlocks');
  await b.callback(({ notifyLock }) => (notifyLock?.waitId === parked.waitId ? notifyLock : undefined));
  const taken = must(await b.client.lock('process 8', where, 'WRITE_LT', '50', '1'));
  say(`head B gets CB_NOTIFY_LOCK and locks: ${stateidIn(taken)}`);

  say('--- head A restarts: its client resumes, and the lease service has lost nothing');
  const saved: SavedClient = a.client.toSave;
  const before = must(await a.client.open('editor', where, { access: 'OPEN4_SHARE_ACCESS_READ' }));
  a.client.stop();
  a.client = NfsClientState.resume(contract, saved, a.hear);
  const again = must(await a.client.open('editor', where, { access: 'OPEN4_SHARE_ACCESS_READ' }));
  if (again.stateid?.other !== before.stateid?.other) throw new Error('the open is a different one');
  say(`the open is unchanged: ${stateidIn(again)}`);
  const late = await a.client.open(
    'other',
    { ...where, file: `${where.file}-other` },
    {
      access: 'OPEN4_SHARE_ACCESS_READ',
      claim: 'CLAIM_PREVIOUS',
    },
  );
  expect('an open that never existed cannot be reclaimed', late.status, 'NFS4ERR_NO_GRACE');

  say('--- the clients leave');
  await a.client.destroy();
  await b.client.destroy();
  contract.close();
}
