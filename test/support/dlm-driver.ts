import type { fileserver } from '#contracts';
import type {
  BreakFacts,
  DetachedFacts,
  Driver,
  DriverListener,
  HoldRequest,
  LostFacts,
  Notice,
  Refusal,
} from '../../apps/fileserver/src/driver';
import type { GuestLine } from './dlm-guest';

type Call = 'resolve' | 'setlease' | 'status' | 'isReachable' | 'gone' | 'places' | 'close';
interface Said {
  id?: number;
  answer?: unknown;
  failed?: string;
  report?: string;
  ready?: number;
  kind?: 'break' | 'detached' | 'lost';
  no?: number;
  facts?: unknown;
}

/** The driver of the stack `dlm` in the virtual machine (dlm-driver-host.cjs), and what it reports. */
export class GuestDriver implements Pick<Driver, 'listen'> {
  readonly reports: string[] = [];
  private readonly asked = new Map<
    number,
    { resolve: (answer: unknown) => void; reject: (e: Error) => void }
  >();
  private readonly unheard: Said[] = [];
  private listener: DriverListener | undefined;
  private ids = 0;
  pid = 0;

  private constructor(private readonly line: GuestLine) {}

  /** @throws with what it says if it does not start */
  static async start(line: GuestLine, lockspace: string, directory: string): Promise<GuestDriver> {
    const driver = new GuestDriver(line);
    line.write(`/node/node /repo/test/support/dlm-driver-host.cjs ${lockspace} ${directory}`);
    for (;;) {
      const text = await line.line();
      if (!text.startsWith('{')) continue;
      const said = JSON.parse(text) as Said;
      if (said.failed !== undefined) {
        await line.until(/^exit \d+$/);
        throw new Error(said.failed);
      }
      if (said.ready === undefined) continue;
      driver.pid = said.ready;
      line.onLine = (news) => {
        driver.hear(news);
      };
      return driver;
    }
  }

  /** Gives the line back when the driver has ended. */
  private ended: () => void = () => undefined;
  readonly end = new Promise<void>((resolve) => (this.ended = resolve));

  listen(listener: DriverListener): void {
    this.listener = listener;
    for (const said of this.unheard.splice(0)) this.tell(said);
  }

  resolve = (path: string): Promise<fileserver.ResolveAnswer | Refusal> =>
    this.call('resolve', 'demo', path) as Promise<fileserver.ResolveAnswer | Refusal>;
  setlease = (request: HoldRequest): Promise<fileserver.SetleaseAnswer> =>
    this.call('setlease', request) as Promise<fileserver.SetleaseAnswer>;
  holds = async (): Promise<fileserver.Hold[]> =>
    ((await this.call('status', undefined, 100)) as { holds: fileserver.Hold[] }).holds;
  isReachable = (): Promise<unknown> => this.call('isReachable', 'demo');
  gone = (): Promise<unknown> => this.call('gone', 'demo');
  close = async (): Promise<void> => {
    void this.call('close').catch(() => undefined);
    await this.end;
  };

  private call(name: Call | 'answered', ...args: unknown[]): Promise<unknown> {
    const id = ++this.ids;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      this.line.write(JSON.stringify({ id, call: name, args }));
    });
  }

  private hear(text: string): void {
    if (/^exit \d+$/.test(text)) {
      this.line.keep();
      for (const { reject } of this.asked.values()) reject(new Error('the driver has ended'));
      this.ended();
      return;
    }
    if (!text.startsWith('{')) return;
    const said = JSON.parse(text) as Said;
    if (said.report !== undefined) this.reports.push(said.report);
    if (said.kind !== undefined) this.tell(said);
    const asked = said.id === undefined ? undefined : this.asked.get(said.id);
    if (said.failed === undefined) asked?.resolve(said.answer);
    else asked?.reject(new Error(said.failed));
  }

  private tell(said: Said): void {
    if (this.listener === undefined) {
      this.unheard.push(said);
      return;
    }
    const { kind, no, facts } = said;
    const notice = <Facts>(): Notice<Facts> => ({
      subject: String(no),
      now: () => facts as Facts,
      answered: (taken) => void this.call('answered', no, taken),
    });
    if (kind === 'break') this.listener.onBreak(notice<BreakFacts>());
    if (kind === 'detached') this.listener.onDetached(notice<DetachedFacts>());
    if (kind === 'lost') this.listener.onLost(notice<LostFacts>());
  }
}
