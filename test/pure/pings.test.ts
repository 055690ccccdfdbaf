import { pingMs, Pings } from '../../apps/lease-api/src/application/pings';

/** Streams that nothing concerns are kept open, without holding up everybody else. */
let pinged: string[] = [];
let streams: Map<string, string>;
let pings: Pings<string>;

const begin = (names: readonly string[]): void => {
  streams = new Map(names.map((name) => [name, name]));
  pinged = [];
  pings = new Pings(streams, (name) => pinged.push(name));
};
const named = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `s${String(from + at)}`);

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  pings.stop();
  jest.useRealTimers();
});

test.each([1, 3, 1_000])('%i streams are pinged once in each round', (count) => {
  begin(named(0, count));
  jest.advanceTimersByTime(pingMs - 1);
  for (let round = 1; round <= 3; round += 1) {
    expect(pinged).toEqual([]);
    jest.advanceTimersByTime(pingMs);
    expect(pinged).toEqual(named(0, count));
    pinged = [];
  }
});

test('no turn pings more than its share', () => {
  begin(named(0, 10_000));
  jest.advanceTimersByTime(pingMs - 1);
  expect(pinged).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(pinged).toHaveLength(250);
  jest.advanceTimersByTime(250);
  expect(pinged).toHaveLength(500);
});

test('streams begin and end during a round: the others are pinged once, none after its end', () => {
  begin(named(0, 400));
  jest.advanceTimersByTime(pingMs + 250);
  for (const name of named(10, 30)) streams.delete(name);
  for (const name of named(400, 410)) streams.set(name, name);
  jest.advanceTimersByTime(pingMs - 500);
  expect(pinged).toEqual([...named(0, 20), ...named(30, 410)]);
});
