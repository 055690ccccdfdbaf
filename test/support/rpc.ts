import { ClientTCP } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { z } from 'zod';
import { fileserver } from '#contracts';
import { Caller, type Incarnation, type Key, keyOf, newIncarnation, partsOf, seal, type Sealed } from '#rpc';
import { rpcSecret } from './service';

export type Facts = Record<string, unknown>;
export type Pattern = keyof typeof fileserver.patterns;
export const anything = z.record(z.string(), z.unknown());

/** A bare connection to an RPC port. */
export class Line {
  private readonly client: ClientTCP;

  constructor(address: string) {
    const [host, port] = address.split(':');
    this.client = new ClientTCP({ host, port: Number(port) });
  }

  send(pattern: string, message: object): Promise<Facts> {
    return firstValueFrom(this.client.send<Facts>(pattern, message).pipe(timeout(10_000)));
  }

  close(): void {
    this.client.close();
  }
}

/** An adapter as lease APIs see it: it sends what a test wants, with a valid seal. */
export class Teller {
  readonly line: Line;
  readonly incarnation: Incarnation;
  /** The last request as sent, to be replayed. */
  last: { pattern: string; envelope: Sealed['envelope'] } | undefined;
  private readonly caller: Caller;

  constructor(
    address: string,
    {
      key = keyOf(rpcSecret),
      incarnation = newIncarnation(key),
    }: { key?: Key; incarnation?: Incarnation } = {},
  ) {
    this.line = new Line(address);
    this.incarnation = incarnation;
    this.caller = new Caller(
      (pattern, envelope) => {
        this.last = { pattern, envelope };
        return this.line.send(pattern, envelope);
      },
      { key, incarnation },
    );
  }

  get name(): string {
    return this.incarnation.name;
  }

  /** The answer, or `{ok: false, problem}`. */
  async call(name: Pattern, message: object): Promise<Facts> {
    const answer = await this.caller.call(fileserver.patterns[name], message, anything);
    return answer.ok ? answer.message : answer;
  }

  /** Registers an adapter that nobody can dial. */
  register(over: object = {}): Promise<Facts> {
    return this.call('register', {
      stack: 'posix',
      protocol: { major: fileserver.protocol.major, minorMax: fileserver.protocol.minor },
      incarnation: this.name,
      process: { hostId: 'h', bootId: 'b', pid: 1, startTicks: '1' },
      endpoint: '127.0.0.1:1',
      exports: ['demo'],
      breakLimitMs: 45_000,
      holdsDieWithProcess: true,
      ...over,
    });
  }

  close(): void {
    this.line.close();
  }
}

/** A message sealed like a lease API's to an adapter, under a secret that it made itself. */
export const sealedTo = (incarnation: string, pattern: string, message: object, secret: string): Sealed =>
  seal(pattern, message, { key: partsOf(incarnation)?.keyId ?? '', secret, to: incarnation });
