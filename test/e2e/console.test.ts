import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createParser } from 'eventsource-parser';
import { clusterEvent } from '#contracts';
import { within } from '../support/eventually';
import { compiled } from '../support/openers';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

const run = promisify(execFile);

/** What the console is made of, without a browser: its pages and the events of the cluster. */
let api: LeaseApi;
beforeAll(async () => {
  api = await startLeaseApi();
});
afterAll(stopPrograms);

describe('the pages', () => {
  const page = (path: string, headers: Record<string, string> = {}) => api.request('GET', path, { headers });

  test.each(['/', '/docs'])('%s loads nothing from elsewhere, and nobody may frame it', async (path) => {
    const { status, headers, text } = await page(path);
    expect({ status, type: headers.get('content-type') }).toEqual({
      status: 200,
      type: 'text/html; charset=utf-8',
    });
    const policy = headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      expect(policy.split('; ')).toContain(rule);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(text).not.toMatch(/https?:|<script>|style="|\son\w+="/);
    for (const [, file = ''] of text.matchAll(/(?:src|href)="(console\/[^"]+)"/g))
      expect(await page(`/${file}`)).toMatchObject({ status: 200 });
  });

  test('are asked for again only if they have changed', async () => {
    const { headers } = await page('/console/console.js');
    expect(headers.get('cache-control')).toBe('no-cache');
    const tag = headers.get('etag') ?? '';
    expect(await page('/console/console.js', { 'if-none-match': tag })).toMatchObject({
      status: 304,
      text: '',
    });
    expect(await page('/console/console.js', { 'if-none-match': '"x"' })).toMatchObject({ status: 200 });
  });

  test('are only those of the build', async () => {
    for (const path of [
      '/console/',
      '/console/../main.js',
      '/console/%2e%2e%2fmain.js',
      '/console/index.html',
    ])
      expect(await page(path)).toMatchObject({ status: 404 });
  });
});

/** Events as they come; `rest` ends the stream. */
async function events(query: string, headers: Record<string, string> = {}) {
  const abort = new AbortController();
  const answer = await fetch(`${api.url}/v1/events${query}`, { headers, signal: abort.signal });
  expect(answer.status).toBe(200);
  const seen: { name: string; id: string | undefined; data: Record<string, unknown> }[] = [];
  let wake: () => void = () => undefined;
  const parser = createParser({
    onEvent: ({ event = 'message', id, data }) => {
      const read = JSON.parse(data) as Record<string, unknown>;
      if (event === 'message') clusterEvent.strict().parse(read);
      seen.push({ name: event, id, data: read });
      wake();
    },
  });
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const bytes of answer.body ?? []) parser.feed(decoder.decode(bytes, { stream: true }));
  })().catch(() => undefined);
  return {
    seen,
    ended,
    /** The first that is about `what`. */
    async first(what: string) {
      const find = () => seen.find(({ name, data }) => name === what || data['what'] === what);
      return within(
        `the event ${what}`,
        (async () => {
          for (let found = find(); ; found = find()) {
            if (found !== undefined) return found;
            await new Promise<void>((resolve) => (wake = resolve));
          }
        })(),
      );
    },
    async close() {
      abort.abort();
      await ended;
    },
  };
}

const made = async (label: string): Promise<{ sessionId: string; secret: string }> => {
  const { body } = await api.request('POST', '/v1/sessions', { body: { label } });
  return { sessionId: String(body['sessionId']), secret: String(body['secret']) };
};
async function leased(holder: { sessionId: string; secret: string }, file: string): Promise<string> {
  const { body } = await api.request('POST', '/v1/leases/acquire', {
    secret: holder.secret,
    body: { sessionId: holder.sessionId, export: 'local', file, type: 'write' },
  });
  return String(body['leaseId']);
}

test('what is being broken is listed file by file, and a page may end within a file', async () => {
  const holders = await Promise.all(['one', 'two', 'three'].map(made));
  const ids: string[] = [];
  for (const holder of holders) {
    const body = { sessionId: holder.sessionId, export: 'local', file: 'broken', type: 'read' };
    const { body: lease } = await api.request('POST', '/v1/leases/acquire', { secret: holder.secret, body });
    ids.push(String(lease['leaseId']));
  }
  expect(await api.request('POST', `/v1/locks/${ids[0] ?? ''}/break`, { body: {} })).toMatchObject({
    status: 200,
  });
  const found: unknown[] = [];
  for (let cursor: string | undefined = '0'; cursor !== undefined;) {
    const { status, body } = await api.request('GET', `/v1/locks?state=breaking&limit=1&cursor=${cursor}`);
    expect(status).toBe(200);
    found.push(...(body['locks'] as { id: string }[]).map(({ id }) => id));
    cursor = body['cursor'] as string | undefined;
  }
  expect(found).toEqual(ids);
  const { text } = await api.request('GET', '/v1/locks?state=breaking&format=ndjson');
  expect(text.trim().split('\n')).toHaveLength(3);
  for (const cursor of ['1.', '.1', '1.2.3', '1.x'])
    expect(await api.request('GET', `/v1/locks?cursor=${cursor}`)).toMatchObject({ status: 400 });
  for (const id of ids) await api.request('DELETE', `/v1/locks/${id}`);
});

describe('the events of the cluster', () => {
  test('tell what happens, as it happens, each with the place to go on from', async () => {
    const live = await events('');
    const holder = await made('live');
    const leaseId = await leased(holder, 'live');
    const granted = await live.first('granted');
    expect(granted.data).toMatchObject({
      ...{ what: 'granted', export: 'local', file: 'live', id: leaseId, type: 'write' },
      sessionId: holder.sessionId,
    });
    await api.request('POST', `/v1/locks/${leaseId}/break`, { body: {} });
    expect((await live.first('break')).data).toMatchObject({ target: 'none', cause: 'admin', file: 'live' });
    await api.request('DELETE', `/v1/locks/${leaseId}`);
    expect((await live.first('revoked')).data).toMatchObject({ id: leaseId });
    await live.close();

    const resumed = await events('', { 'last-event-id': granted.id ?? '' });
    await resumed.first('revoked');
    expect(resumed.seen.map(({ data }) => data['what']).slice(0, 2)).toEqual(['break', 'revoked']);
    await resumed.close();
  });

  test('tell the story of one file, and end after what is past where that is asked for', async () => {
    const holder = await made('story');
    const leaseId = await leased(holder, 'story');
    await leased(holder, 'another');
    await api.request('DELETE', `/v1/leases/${leaseId}`, { secret: holder.secret });
    const story = await events('?export=local&file=story&past&follow=false');
    await within('the end of the stream', story.ended);
    expect(story.seen.map(({ data }) => [data['what'], data['id']])).toEqual([
      ['granted', leaseId],
      ['released', leaseId],
    ]);
    const ofSession = await events(`?session=${holder.sessionId}&past&follow=false`);
    await within('the end of the stream', ofSession.ended);
    expect(ofSession.seen.map(({ data }) => data['file'])).toEqual(['story', 'another', 'story']);
    const nothing = await events(`?export=local&file=nothing&past&follow=false`);
    await within('the end of the stream', nothing.ended);
    expect(nothing.seen).toEqual([]);
  });

  test('say so if they cannot go on from a place', async () => {
    for (const from of ['nonsense', '1-1']) {
      const lost = await events('', { 'last-event-id': from });
      expect(await lost.first('resync')).toMatchObject({ data: { cause: 'position_unknown' } });
      await lost.close();
    }
  });

  test('are refused for a bad filter', async () => {
    for (const query of ['?file=a', '?export=no%20name', '?session=x', '?colour=red'])
      expect(await api.request('GET', `/v1/events${query}`)).toMatchObject({ status: 400 });
    expect(await api.request('GET', '/v1/events?export=nowhere&file=a')).toMatchObject({ status: 404 });
  });

  test('are no more streams at a time than there may be', async () => {
    const open: Awaited<ReturnType<typeof events>>[] = [];
    try {
      for (let n = 0; n < 100; n += 1) open.push(await events(''));
      expect(await api.request('GET', '/v1/events')).toMatchObject({
        status: 429,
        body: { reason: 'streams_max', used: 100, allowed: 100 },
      });
    } finally {
      await Promise.all(open.map((each) => each.close()));
    }
  });
});

test('a program explains itself: --help', async () => {
  for (const [name, expected] of [
    ['lease-api', 'LEASEHOLD_HTTP\n'],
    ['fileserver', '--export'],
    ['nfs-head', '--api'],
    ['leasectl', 'Usage: leasectl'],
  ] as const) {
    const { stdout: out } = await run(process.execPath, [compiled(`apps/${name}/src/main.ts`), '--help']);
    expect(out).toContain(expected);
  }
});
