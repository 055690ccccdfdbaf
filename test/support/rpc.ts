import { ClientTCP } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { z } from 'zod';
import { fileserver } from '#contracts';
import { Caller, type Incarnation, type Key, keyOf, newIncarnation, partsOf, seal, type Sealed } from '#rpc';
import { rpcSecret } from './service';

export type Facts = Record<string, unknown>;
export type Pattern = keyof typeof fileserver.patterns;
export const anything = z.record(z.string(), z.unknown());

/** The wire to a port that speaks RPC, bare. */
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

/** An adapter as far as lease APIs hear of it: it says what a test wants said, sealed as it should be. */
export class Teller {
  readonly line: Line;
  readonly incarnation: Incarnation;
  /** The last request on its way, to be sent once more. */
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

  /** What is answered, or `{ok: false, problem}`. */
  async call(name: Pattern, message: object): Promise<Facts> {
    const answer = await this.caller.call(fileserver.patterns[name], message, anything);
    return answer.ok ? answer.message : answer;
  }

  /** Registers an adapter that nobody can dial. */
  register(over: object = {}): Promise<Facts> {
    return this.call('register', {
      stack: 'posix',
      protocol: { major: fileserver.protocol.major, minorMax: 9 },
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

/** A message as a lease API seals it to an adapter, under a secret of its own making. */
export const sealedTo = (incarnation: string, pattern: string, message: object, secret: string): Sealed =>
  seal(pattern, message, { key: partsOf(incarnation)?.keyId ?? '', secret, to: incarnation });
