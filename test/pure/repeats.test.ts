import { Repeats } from '#rpc';

test('a line that repeats is counted instead of logged, for 10 s; a flood of different lines is forgotten', () => {
  let now = 0;
  const repeats = new Repeats(() => now);
  expect([repeats.due('a'), repeats.due('a'), repeats.due('b'), repeats.due('a')]).toEqual([
    0,
    undefined,
    0,
    undefined,
  ]);
  now = 10_000;
  expect([repeats.due('a'), repeats.due('a')]).toEqual([2, undefined]);
  for (let n = 0; n < 1_000; n++) repeats.due(`c${String(n)}`);
  expect([repeats.due('a'), repeats.due('c999')]).toEqual([0, undefined]);
});
