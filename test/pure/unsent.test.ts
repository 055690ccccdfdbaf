import { Unsent } from '../../apps/lease-api/src/http/unsent';

/** Clients that do not read their event streams make us keep a bounded amount, together. */
const stream = (unsent: number) => ({ unsent, cut: jest.fn() });

test('beyond the bound the streams with the most unsent are cut off, and no more than needed', () => {
  const all = new Unsent(1_000);
  const streams = [stream(300), stream(500), stream(400)];
  for (const each of streams) all.watch(each);
  all.wrote(126);
  expect(streams.map(({ cut }) => cut.mock.calls.length)).toEqual([0, 1, 0]);
});

test('within the bound, and of streams that have ended, nothing is cut off', () => {
  const all = new Unsent(1_000);
  const [small, gone] = [stream(1_000), stream(900)];
  all.watch(small);
  all.watch(gone)();
  all.wrote(126);
  expect([small, gone].map(({ cut }) => cut.mock.calls.length)).toEqual([0, 0]);
});

test('streams are looked at again when enough has been written', () => {
  const all = new Unsent(1_000);
  const big = stream(2_000);
  all.watch(big);
  all.wrote(125);
  expect(big.cut).not.toHaveBeenCalled();
  all.wrote(1);
  expect(big.cut).toHaveBeenCalledTimes(1);
});
