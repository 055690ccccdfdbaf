import { ApiRefusal, type ApiClient, Unanswered } from '../../apps/fileserver/src/api-client';
import type { Driver } from '../../apps/fileserver/src/driver';
import { log } from '../../apps/fileserver/src/log';
import { Registration } from '../../apps/fileserver/src/registration';
import { problemOf } from '#contracts';

log.level = 'silent';

/** An adapter that is registered at lease APIs that answer its deregistration like this. */
function registered(answers: (Error | undefined)[]): Registration {
  const driver = {
    exports: ['demo'],
    ...{ breakLimitMs: () => 0, holdsOutliveMs: () => 0, isReachable: () => true },
    ...{ places: () => new Map(), gone: () => undefined },
  } as unknown as Driver;
  const call = (name: string): Promise<unknown> => {
    const failure = name === 'deregister' ? answers.shift() : undefined;
    return failure === undefined
      ? Promise.resolve({ predecessors: [], known: true })
      : Promise.reject(failure);
  };
  const process = { hostId: 'h', bootId: 'b', pid: 1, startTicks: '1' };
  const api = { call } as unknown as ApiClient;
  const proof = { publicKey: '', signature: '' };
  const registration = new Registration('posix', driver, api, 'one', process, proof);
  registration.start('127.0.0.1:1');
  return registration;
}

test.each<[string, (Error | undefined)[], { heard: boolean; left: number }]>([
  ['answers', [undefined], { heard: true, left: 0 }],
  [
    'is busy, and answers the second time',
    [new Unanswered('busy', true), undefined],
    { heard: true, left: 0 },
  ],
  ['is not there', [new Unanswered('refused'), undefined], { heard: false, left: 1 }],
  ['refuses', [new ApiRefusal(problemOf('invariant')), undefined], { heard: false, left: 1 }],
])('an adapter that stops when its lease API %s', async (_name, answers, { heard, left }) => {
  const registration = registered(answers);
  expect(await registration.deregister(false)).toBe(heard);
  expect(answers).toHaveLength(left);
});
