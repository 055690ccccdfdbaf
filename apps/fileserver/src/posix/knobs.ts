import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The system limit that an error code of a failed call points to. */
const limits: Readonly<Record<string, string>> = {
  EMFILE: 'RLIMIT_NOFILE: this process may open no more files',
  ENFILE: 'fs.file-max: this machine may open no more files',
};

/**
 * Settings that an administrator may change while the adapter runs. Logs once, by name, when a setting becomes a
 * problem, and once when it no longer is.
 */
export class Knobs {
  private readonly wrong = new Map<string, string>();
  private readonly read = new Map<string, string>();
  private breakTime: string;

  constructor(
    private readonly report: (message: string) => void,
    private readonly sysctls = '/proc/sys',
  ) {
    this.breakTime = this.sysctl('fs/lease-break-time');
  }

  /** Checks the settings that can be read; called about every second. */
  look(): void {
    this.say(
      'fs.leases-enable',
      this.sysctl('fs/leases-enable') === '0'
        ? 'fs.leases-enable is 0: the kernel grants no leases until it is 1'
        : undefined,
    );
    const breakTime = this.sysctl('fs/lease-break-time');
    if (breakTime !== this.breakTime)
      this.report(`fs.lease-break-time was ${this.breakTime} s, and is ${breakTime} s now`);
    this.breakTime = breakTime;
    if (this.wrong.has('EMFILE') || this.wrong.has('ENFILE')) this.probe();
  }

  /** A call has failed. Reports the system limit that its error points to, if any. */
  failed(code: string | undefined): void {
    const why = code === undefined ? undefined : limits[code];
    if (code !== undefined && why !== undefined) this.say(code, why);
  }

  /** @param why absent: the setting is no longer a problem */
  say(knob: string, why: string | undefined): void {
    if (this.wrong.get(knob) === why) return;
    if (why !== undefined) {
      this.wrong.set(knob, why);
      this.report(why);
      return;
    }
    this.wrong.delete(knob);
    this.report(`${limits[knob]?.split(':')[0] ?? knob} is no longer a problem`);
  }

  /** The explanation of a refusal that is caused by a setting. */
  get refusal(): string | undefined {
    return this.sysctl('fs/leases-enable') === '0' ? 'fs.leases-enable is 0 at the fileserver.' : undefined;
  }

  private probe(): void {
    try {
      closeSync(openSync('/dev/null', 'r'));
    } catch {
      return;
    }
    for (const code of Object.keys(limits)) this.say(code, undefined);
  }

  /** Reads a setting; if no descriptor is free to do so, returns the value read last. */
  private sysctl(name: string): string {
    try {
      this.read.set(name, readFileSync(join(this.sysctls, name), 'latin1').trim());
    } catch (error) {
      this.failed((error as { code?: string }).code);
    }
    return this.read.get(name) ?? '';
  }
}
