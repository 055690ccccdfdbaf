import type { SubjectLimits, SubjectView } from '#locks';
import type { Values } from '#telemetry';
import type { Log } from '../telemetry/logger';
import type { Arbiter } from './arbiter';

const pageRows = 256;
/** How many subjects the metrics show. */
const shownMax = 1_000;

interface Names {
  tenant: string;
  subject: string;
}
export type SubjectUse = Omit<SubjectView, 'name'> & Names;

/** Subjects that have limits, and what they use. */
export class Subjects {
  private refreshing: Promise<void> | undefined;
  private isStale = false;

  constructor(
    private readonly arbiter: Arbiter,
    private readonly quotaOf: (names: Names) => SubjectLimits | undefined,
    private readonly log: Log,
  ) {}

  /** One page, in the order in which they came; `after` is where the next page begins. */
  async list(after: number, limit: number): Promise<{ subjects: SubjectUse[]; after?: number }> {
    const page = await this.arbiter.run('subjectList', { after, limit });
    const subjects = page.subjects.map(({ name, ...use }) => ({ ...namesIn(name), ...use }));
    return { subjects, after: page.after };
  }

  /** For the metrics. */
  async use(): Promise<Values> {
    const { subjects } = await this.list(0, shownMax);
    return subjects.flatMap(({ tenant, subject, sessions, rows, waits }) =>
      Object.entries({ sessions, rows, waits }).map(([of, value]) => [[tenant, subject, of], value] as const),
    );
  }

  /** Brings the limits that the table has up to date with the callers file. */
  refresh(): Promise<void> {
    this.isStale = true;
    this.refreshing ??= this.walk()
      .catch((error: unknown) => {
        this.log.warn({ err: error }, 'limits could not be brought up to date; new sessions bring theirs');
      })
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }

  private async walk(): Promise<void> {
    while (this.isStale) {
      this.isStale = false;
      let after: number | undefined = 0;
      while (after !== undefined) {
        const page: { subjects: SubjectUse[]; after?: number } = await this.list(after, pageRows);
        for (const { tenant, subject, limits } of page.subjects) {
          const now = this.quotaOf({ tenant, subject });
          if (!isSame(limits, now)) await this.arbiter.run('subjectSet', { tenant, subject, limits: now });
        }
        ({ after } = page);
      }
    }
  }
}

const isSame = (a: SubjectLimits = {}, b: SubjectLimits = {}): boolean =>
  (['sessions', 'rows', 'waits', 'queueShare', 'quietMs'] as const).every((name) => a[name] === b[name]);

/** Neither name contains a space. */
function namesIn(name: string): Names {
  const [tenant = '', subject = ''] = name.split(' ');
  return { tenant, subject };
}
