import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core';
import { Leasehold, type Session } from '#client';
import { eventually } from '../support/eventually';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/** The console in Chromium, against a running service. `SHOTS=FOLDER` keeps pictures of it. */
const stepMs = 120_000;
let api: LeaseApi;
let browser: Browser;
let page: Page;
/** What the page complained about: scripts, refused requests of its policy, errors. */
const complaints: string[] = [];
const sessions: Session[] = [];

async function open(label: string, node?: string, url = api.url): Promise<Session> {
  const session = await new Leasehold({ url }).openSession({ label, node });
  sessions.push(session);
  return session;
}
const local = (file: string) => ({ export: 'local', file });
const markup = '<img src=x onerror="document.title=\'owned\'">';

beforeAll(async () => {
  api = await startLeaseApi({ env: { LEASEHOLD_BREAK_MS: '600000' } });
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
  browser = await puppeteer.launch({
    executablePath: executablePath ?? 'chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    timeout: stepMs,
    protocolTimeout: stepMs,
  });
  page = await browser.newPage();
  page.setDefaultTimeout(stepMs);
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(api.url) && !request.url().startsWith('data:'))
      complaints.push(request.url());
  });
}, 300_000);
afterAll(async () => {
  await browser.close();
  await Promise.all(sessions.map((session) => session.end().catch(() => undefined)));
  await stopPrograms();
});

async function go(view: string, base = api.url): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${base}/#/${view}`);
}
/** Waits until the page shows this, without markup. */
const shows = (text: string | RegExp): Promise<void> =>
  eventually(async () => {
    expect(await page.evaluate(() => document.body.innerText)).toMatch(text);
  });
const press = async (label: string): Promise<void> => {
  await eventually(async () => {
    const isPressed = await page.evaluate((text) => {
      const found = [
        ...document.querySelectorAll<HTMLElement>('dialog button, dialog .button, header button'),
      ].find((each) => each.innerText.startsWith(text) && !(each as HTMLButtonElement).disabled);
      found?.click();
      return found !== undefined;
    }, label);
    expect(isPressed).toBe(true);
  });
};
/** A picture, if somebody wants to look. */
async function shot(name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

test('who holds and who waits is a tree, and it is live', async () => {
  const holder = await open('nightly backup');
  const opener = await open('editor of Ada');
  const lease = await holder.acquire({ ...local('report.odt'), type: 'write' });
  await page.setViewport({ width: 1200, height: 720 });
  await go('locks');
  await shows(/local:report\.odt[^]*lease write[^]*nightly backup/);
  await shows(/\blive\b/);
  // What begins now appears by itself, below what it waits for.
  const waiting = opener.open({ ...local('report.odt'), access: 'write', waitMs: Infinity });
  waiting.catch(() => undefined);
  await shows(/breaking[^]*└[^]*local:report\.odt[^]*open write[^]*waiting[^]*editor of Ada/);
  const levels = await page.$$eval('.list .all [role=row]', (rows) =>
    rows.map((row) => row.getAttribute('aria-level')),
  );
  expect(levels).toEqual(['1', '2']);
  await shot('locks-light');
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(ground).toBe('rgb(20, 23, 26)');
  await shot('locks-dark');

  await go('breaks');
  await shows(
    /local:report\.odt[^]*A break to none \(open\):\s+\d+ min \d+ s left[^]*nightly backup has not answered/,
  );
  await shot('breaks-dark');
  // It counts down by itself, and asks nothing: whatever happens to a break is pushed.
  await shows(/\blive\b/);
  const asked: string[] = [];
  const note = (request: { url(): string }): number => asked.push(request.url());
  const leftNow = (): Promise<string | null> => page.$eval('.left', (each) => each.textContent);
  const seen = new Set([await leftNow()]);
  await eventually(async () => {
    seen.add(await leftNow());
    if (seen.size === 3) page.on('request', note);
    expect(seen.size).toBeGreaterThan(6);
  });
  page.off('request', note);
  expect(asked).toEqual([]);
  await lease.release();
  await shows('No break is running.');
  await (await waiting).close();
  await holder.acquire({ ...local('report.odt'), type: 'write' });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  expect(complaints).toEqual([]);
});

test('by the keyboard alone a lease is released, after whom it hits was shown', async () => {
  const holder = await open('held by <b>Bob</b>');
  const lease = await holder.acquire({ ...local('keys.txt'), type: 'read' });
  const behind = await open('behind');
  const waiting = behind.open({ ...local('keys.txt'), access: 'write', waitMs: Infinity });
  await go('locks?export=local&file=keys.txt');
  await shows(/keys\.txt[^]*open write/);
  // To the first filter, and from there through the others to the list.
  await page.keyboard.press('/');
  const focused = (): Promise<string> =>
    page.evaluate(() => document.activeElement?.getAttribute('name') ?? '');
  expect(await focused()).toBe('export');
  for (const field of ['file', 'session', 'kind', 'state']) {
    await page.keyboard.press('Tab');
    expect(await focused()).toBe(field);
  }
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('treegrid');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await shows(/held by <b>Bob<\/b>/);
  await shot('dialog');
  await press('Release');
  await shows(/lease read on local:keys\.txt, held by <b>Bob<\/b>[^]*1 request waits behind it/);
  // Nothing has happened yet: Escape leaves it so.
  await page.keyboard.press('Escape');
  await eventually(async () => {
    expect(await page.$$eval('dialog', (open) => open.length)).toBe(0);
  });
  expect(lease.signal.aborted).toBe(false);
  await page.focus('.list');
  await page.keyboard.press('Enter');
  await press('Release');
  await shows(/1 request waits behind it/);
  await press('Release');
  await shows(/It is released\./);
  await (await waiting).close();
  await eventually(() => {
    expect(lease.signal.aborted).toBe(true);
  });
});

test('a break and the end of a session are confirmed likewise', async () => {
  const holder = await open('to be ended');
  let asked = false;
  const onBreak = (): Promise<never> => {
    asked = true;
    return new Promise(() => undefined);
  };
  await holder.acquire({ ...local('ended.txt'), type: 'write' }, { onBreak });
  await go('locks?export=local&file=ended.txt');
  await shows('ended.txt');
  await page.click('.list .all [role=row]');
  await press('Break');
  await shows(/Each of these holders is asked to let go[^]*to be ended/);
  await press('Break');
  await shows('The break has begun.');
  await eventually(() => {
    expect(asked).toBe(true);
  });
  await go('sessions?find=to be ended');
  await shows(/to be ended[^]*live[^]*has 1/);
  await shot('sessions');
  await page.click('.list .all [role=row]');
  await press('End the session');
  await shows(/It loses 1 row:[^]*lease write on local:ended\.txt/);
  await press('End the session');
  await shows('The session has ended.');
  await eventually(() => {
    expect(holder.signal.aborted).toBe(true);
  });
});

test('names from outside are text, wherever they are shown', async () => {
  const hostile = await open(markup);
  const file = `${markup}/\u202egnp.txt`;
  const lease = await hostile.acquire({ ...local(file), type: 'read' });
  await lease.release();
  await hostile.acquire({ ...local(file), type: 'read' });
  await api.request('PUT', '/v1/stacks/odd', { body: { description: markup } });
  const story = `story?export=local&file=${encodeURIComponent(file)}`;
  for (const [view, text] of [
    ['locks', 'onerror'],
    ['sessions', 'onerror'],
    ['exports', 'onerror'],
    [story, /granted[^]*released|released[^]*granted/],
  ] as const) {
    await go(view);
    await shows(text);
    expect(await page.$$eval('img', (found) => found.length)).toBe(0);
    expect(await page.evaluate(() => document.body.innerText)).not.toContain('\u202e');
  }
  expect(await page.title()).toBe('Leasehold');
  await shot('story');
  expect(complaints).toEqual([]);
});

test('is read and used at a width of 400 pixels', async () => {
  await page.setViewport({ width: 400, height: 760 });
  await api.request('PUT', '/v1/regions/rack', { body: {} });
  await api.request('PUT', '/v1/nodes/a-node', { body: { region: 'rack' } });
  await api.request('POST', '/v1/nodes/a-node/beat', { body: { incarnation: 'boot-1' } });
  const holder = await open('with a label that is much longer than a line of a telephone is', 'a-node');
  const file = 'projects/2026/reports/a-name-that-is-longer-than-a-line-of-a-telephone.odt';
  await holder.acquire({ ...local(file), type: 'write' });
  const waiting = (await open('waits')).open({ ...local(file), access: 'write', waitMs: Infinity });
  waiting.catch(() => undefined);
  for (const [view, text] of [
    ['locks', /breaking[^]*waiting/],
    ['breaks', 'has not answered'],
    ['sessions', 'with a label'],
    ['exports', 'local'],
    ['nodes', 'a-node'],
    [`story?export=local&file=${file}`, /breaking[^]*What happened[^]*granted/],
  ] as const) {
    await go(view);
    await shows(/\blive\b/);
    await shows(text);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect({ view, fits: wide <= 400 }).toEqual({ view, fits: true });
    await shot(`narrow-${view.replace(/\?.*/, '')}`);
  }
  await go('locks');
  await shows('a-name-that');
  await page.click('.list .all [role=row]');
  await shows('End its session');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
  await shot('narrow-dialog');
  await page.setViewport({ width: 1200, height: 720 });
});

test('a list of any length is paged: a few rows are in the document, and a few pages in memory', async () => {
  const { session } = { session: await open('many') };
  for (let at = 0; at < 6_000; at += 200)
    await session.allocateMany(
      Array.from({ length: 200 }, (_, i) => local(`many-${String(at + i).padStart(4, '0')}`)),
    );
  await go(`locks?session=${session.id}`);
  await shows(/many-0000/);
  const rows = () => page.$$eval('.list [role=row]', (found) => found.length);
  expect(await rows()).toBeLessThan(80);
  await page.focus('.list');
  // Down to the last page, as far as each step reaches.
  await eventually(async () => {
    await page.keyboard.press('End');
    expect(await page.evaluate(() => document.body.innerText)).toContain('many-5999');
  });
  expect(await rows()).toBeLessThan(80);
  const kept = await page.$eval('.count', (each) => each.textContent);
  expect(kept).toMatch(/to 6,000/);
  await eventually(async () => {
    await page.keyboard.press('Home');
    expect(await page.evaluate(() => document.body.innerText)).toContain('many-0000');
  });
});

/** The answers of listings to a page, each held until it is let through. */
class HeldAnswers {
  readonly #held: string[] = [];
  readonly #cdp: CDPSession;
  count = 0;
  most = 0;

  private constructor(cdp: CDPSession) {
    this.#cdp = cdp;
    cdp.on('Fetch.requestPaused', ({ requestId }) => {
      this.count += 1;
      this.#held.push(requestId);
      this.most = Math.max(this.most, this.#held.length);
    });
  }

  static async of(held: Page): Promise<HeldAnswers> {
    const cdp = await held.createCDPSession();
    const answers = new HeldAnswers(cdp);
    await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*/v1/locks*', requestStage: 'Response' }] });
    return answers;
  }

  /** Resolves when the service has answered, and the page does not know yet. */
  async one(): Promise<void> {
    await eventually(() => {
      expect(this.#held.length).toBeGreaterThan(0);
    });
  }

  async letThrough(): Promise<void> {
    await Promise.all(
      this.#held.splice(0).map((requestId) => this.#cdp.send('Fetch.continueRequest', { requestId })),
    );
  }
}

describe('what is pushed', () => {
  // What other tests left in the list would stand between its first rows and what is awaited here.
  let alone: LeaseApi;
  let own: Page;
  let answers: HeldAnswers;
  let holder: Session;
  let opener: Session;
  /** Begins a break, which is an event. */
  const begin = async (file: string): Promise<void> => {
    const never = (): Promise<never> => new Promise(() => undefined);
    await holder.acquire({ ...local(file), type: 'write' }, { onBreak: never });
    opener.open({ ...local(file), access: 'write', waitMs: Infinity }).catch(() => undefined);
  };
  const text = (): Promise<string> => own.evaluate(() => document.body.innerText);
  const ownShows = (wanted: string): Promise<void> =>
    eventually(async () => {
      expect(await text()).toContain(wanted);
    });
  beforeAll(async () => {
    alone = await startLeaseApi({ env: { LEASEHOLD_BREAK_MS: '600000' } });
  });
  beforeEach(async () => {
    own = await browser.newPage();
    own.setDefaultTimeout(stepMs);
    // Nothing is found by polling.
    await own.evaluateOnNewDocument(() => {
      Object.defineProperty(window, 'setInterval', { value: () => 0 });
    });
    holder = await open('has not answered', undefined, alone.url);
    opener = await open('waits for it', undefined, alone.url);
  });
  afterEach(async () => {
    await own.close();
    await Promise.all([holder.end(), opener.end()]);
  });

  test.each(['breaks', 'locks'])('during a read of the %s is read afterwards', async (view) => {
    await own.goto(`${alone.url}/#/${view}`);
    await ownShows('live');
    answers = await HeldAnswers.of(own);
    await begin(`${view}-first`);
    await answers.one();
    // The service has answered already when this happens, and the page hears of it before the answer.
    await begin(`${view}-second`);
    await own.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_500)));
    const whole = (async () => {
      await ownShows(`${view}-second`);
      return true;
    })();
    for (let isShown = false; !isShown;) {
      await answers.letThrough();
      isShown = await Promise.race([whole, new Promise<false>((resolve) => setTimeout(resolve, 50, false))]);
    }
  });

  test.each(['breaks', 'locks'])('without end does not keep the %s from being read', async (view) => {
    await own.goto(`${alone.url}/#/${view}`);
    await ownShows('live');
    answers = await HeldAnswers.of(own);
    const over = new AbortController();
    const flood = (async () => {
      for (let i = 0; !over.signal.aborted; i += 1) {
        const lease = await holder.acquire({ ...local(`${view}-flood-${String(i)}`), type: 'read' });
        await lease.release();
      }
    })();
    await begin(`${view}-flooded`);
    // Each answer comes later than more events than one.
    const shown = ownShows(`${view}-flooded`).then(() => true);
    for (let isShown = false; !isShown;) {
      await answers.one();
      await own.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_500)));
      await answers.letThrough();
      isShown = await Promise.race([shown, new Promise<false>((resolve) => setTimeout(resolve, 500, false))]);
    }
    over.abort();
    await flood;
    // One read at a time, however much happens.
    expect(answers.most).toBe(1);
  });
});

test('no stream is open while nobody looks, and it resumes', async () => {
  const streams = async (): Promise<number> => {
    const { text } = await api.request('GET', '/metrics');
    return Number(/^leasehold_event_streams\{of="cluster"\} (\d+)$/m.exec(text)?.[1] ?? NaN);
  };
  const becomes = (wanted: number): Promise<void> =>
    eventually(async () => {
      expect(await streams()).toBe(wanted);
    });
  await page.goto('about:blank');
  await becomes(0);
  const first = await browser.newPage();
  await first.goto(`${api.url}/#/locks`);
  await becomes(1);
  // Another tab is in front.
  const second = await browser.newPage();
  await second.bringToFront();
  await eventually(async () => {
    expect(await first.evaluate(() => document.hidden)).toBe(true);
  });
  await becomes(0);
  const late = await open('came while nobody looked');
  await late.acquire({ ...local('unseen.txt'), type: 'read' });
  await first.bringToFront();
  await becomes(1);
  await eventually(async () => {
    expect(await first.evaluate(() => document.body.innerText)).toMatch(/\blive\b[^]*unseen\.txt/);
  });
  // A browser has six connections to one host, and keeps pages to which it may go back.
  for (let visit = 0; visit < 8; visit += 1) {
    await first.goto(`${api.url}/docs`);
    await first.goto(`${api.url}/?${String(visit)}#/locks`);
  }
  await becomes(1);
  await eventually(async () => {
    expect(await first.evaluate(() => document.body.innerText)).toMatch(/\blive\b[^]*unseen\.txt/);
  });
  await first.close();
  await second.close();
});

describe('with callers', () => {
  let guarded: LeaseApi;
  beforeAll(async () => {
    guarded = await startLeaseApi({ env: { LEASEHOLD_ADMIN_TOKEN: 'the-admin-token' } });
  });

  test('a token is asked for, kept in the tab alone, and sent', async () => {
    complaints.length = 0;
    await go('locks', guarded.url);
    await shows(/no rights/);
    const field = 'dialog[open] input[name=token]';
    await page.waitForSelector(field);
    await page.type(field, 'the-admin-token');
    expect(await page.$eval(field, (each) => each.value)).toBe('the-admin-token');
    await page.keyboard.press('Enter');
    await shows(/\blive\b/);
    await shows('Nothing is held, and nobody waits.');
    const stored = await page.evaluate(() => [localStorage.length, document.cookie]);
    expect(stored).toEqual([0, '']);
  });
});

test('a page of another origin can neither frame it nor read it, but may lead to it', async () => {
  const other = await browser.newPage();
  await other.goto(`${api.url.replace('127.0.0.1', 'localhost')}/`);
  const framed = await other.evaluate(async (url) => {
    const frame = document.createElement('iframe');
    frame.src = url;
    const loaded = new Promise((resolve) => (frame.onload = resolve));
    document.body.append(frame);
    await loaded;
    const read = await fetch(`${url}/v1/sessions`).then(
      () => 'read',
      () => 'refused',
    );
    return { inside: frame.contentDocument === null ? 'another' : 'own', read };
  }, api.url);
  expect(framed).toEqual({ inside: 'another', read: 'refused' });
  const [frame] = other.frames().slice(1);
  expect(await frame?.evaluate(() => document.querySelector('header') === null)).toBe(true);
  await other.evaluate((url) => {
    location.href = url;
  }, `${api.url}/`);
  await eventually(async () => {
    expect(await other.evaluate(() => document.querySelector('h1')?.textContent)).toBe('Leasehold');
  });
  await other.close();
});

test('the API explorer shows every route, from this service alone', async () => {
  // The page that was there before sees that it is looked at again.
  await page.goto('about:blank');
  complaints.length = 0;
  await page.goto(`${api.url}/docs`);
  await shows(/Leases on files[^]*Locks/);
  expect(await page.$$eval('.opblock-tag-section', (found) => found.length)).toBeGreaterThan(15);
  await shot('docs');
  expect(complaints).toEqual([]);
});
