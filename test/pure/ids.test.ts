import fc from 'fast-check';
import { shardFor, shardOfId, shardOfKey } from '#locks';
import { derivedId, Ids, otherOf, ownerKeyOf, randomId } from '../../apps/lease-api/src/application/ids';
import { isRefused } from '../../apps/lease-api/src/application/refusal';

/** Ids and keys: what they say, and that nothing about them depends on shards where there is one. */
const sessionId = randomId();
const counts = fc.constantFrom(2, 4, 8, 16, 32, 64);
const names = fc.string({ minLength: 1, maxLength: 40 });
const one = new Ids(1);
const demo = { name: 'demo', spread: true };
const form = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('a stateid resolves to its id', () => {
  for (let n = 0; n < 1_000; n += 1) {
    const id = randomId();
    expect(otherOf(id)).toMatch(/^[0-9a-f]{24}$/);
    expect(one.ofOther(otherOf(id).toUpperCase())).toBe(id);
  }
  const made = derivedId(sessionId, 'open', 'r');
  expect(one.ofOther(otherOf(made))).toBe(made);
});

test('so does the stateid of an id from before the shard came last', () => {
  const old = '00000000-2ed1-8637-b210-bb046969ff16';
  expect(otherOf(old)).toBe('2ed18637b210bb046969ff16');
  expect(one.ofOther(otherOf(old))).toBe(old);
});

test('ids are UUIDs of version 8 that end with the four bytes of their shard, and a requestId always gives the same', () => {
  for (const id of [randomId(), one.on(one.fileKey(demo, 'f'))]) {
    expect(id).toMatch(form);
    expect(id).toMatch(/00000000$/);
  }
  expect(randomId()).not.toBe(randomId());
  expect(randomId().slice(0, 8)).not.toBe(randomId().slice(0, 8));
  const id = derivedId(sessionId, 'lease', 'r');
  expect(id).toMatch(form);
  expect(derivedId(sessionId, 'lease', 'r')).toBe(id);
  expect(one.derived(sessionId, 'lease', 'r', one.fileKey(demo, 'f'))).toBe(id);
  expect([
    derivedId(sessionId, 'open', 'r'),
    derivedId(sessionId, 'lease', 's'),
    derivedId(randomId(), 'lease', 'r'),
  ]).not.toContain(id);
});

test('keys keep apart names whose joined text is the same', () => {
  expect(one.fileKey({ name: 'a' }, 'bc')).not.toBe(one.fileKey({ name: 'ab' }, 'c'));
  expect(ownerKeyOf('a', 'bc')).not.toBe(ownerKeyOf('ab', 'c'));
});

test('the key of a file says its shard, which its identity alone decides, and so do the ids of what is on it', () => {
  fc.assert(
    fc.property(counts, names, names, (shards, file, requestId) => {
      const ids = new Ids(shards);
      const key = ids.fileKey(demo, file);
      const shard = shardOfKey(key);
      expect(key).toHaveLength(22);
      expect(shard).toBe(shardFor(file, shards));
      expect(shardOfKey(ids.fileKey({ name: 'other', spread: true }, file))).toBe(shard);
      for (const id of [
        ids.on(key),
        ids.derived(sessionId, 'lease', requestId, key),
        ids.beside(ids.on(key)),
      ]) {
        expect(id).toMatch(form);
        expect(shardOfId(id)).toBe(shard);
        expect(ids.ofOther(otherOf(id).toUpperCase())).toBe(id);
        expect(ids.isOn(id, key)).toBe(true);
      }
      expect(ids.anywhere(sessionId, 'lease', requestId)[shard]).toBe(
        ids.derived(sessionId, 'lease', requestId, key),
      );
    }),
  );
});

test('what is not spread is in the first shard', () => {
  fc.assert(
    fc.property(counts, names, (shards, name) => {
      const ids = new Ids(shards);
      const keys = [ids.fileKey({ name: 'demo' }, name), ids.semaphoreKey({ name: 'demo' }, name)];
      expect([...keys, ids.resourceKey('demo', name)].map(shardOfKey)).toEqual([0, 0, 0]);
      expect(shardOfKey(ids.semaphoreKey(demo, name))).toBe(shardFor(`demo\0${name}`, shards));
      expect(shardOfId(ids.derived(sessionId, 'dlm', name))).toBe(0);
    }),
  );
});

test('with one shard a key is the whole digest, spread or not', () => {
  fc.assert(
    fc.property(names, (name) => {
      expect(one.fileKey(demo, name)).toBe(one.fileKey({ name: 'demo' }, name));
      expect(one.semaphoreKey(demo, name)).toBe(one.semaphoreKey({ name: 'demo' }, name));
    }),
  );
  expect(one.fileKey(demo, 'docs/plan.txt')).toBe('85KZwRA5SlO_-2gcK1zY7p');
});

test('twelve bytes that no id has still give one of a shard that is there', () => {
  const other = fc
    .uint8Array({ minLength: 12, maxLength: 12 })
    .map((bytes) => Buffer.from(bytes).toString('hex'));
  fc.assert(
    fc.property(counts, other, (shards, twelve) => {
      expect(shardOfId(new Ids(shards).ofOther(twelve))).toBeLessThan(shards);
    }),
  );
});

test('an id that its holder keeps must be of the shard of the file', () => {
  fc.assert(
    fc.property(counts, names, names, (shards, file, otherFile) => {
      const ids = new Ids(shards);
      const [key, other] = [ids.fileKey(demo, file), ids.fileKey(demo, otherFile)];
      const keeps = ids.on(other);
      const id = ids.forRequest(key, 'lease', { sessionId, requestId: 'r', keeps });
      if (shardOfKey(key) === shardOfKey(other)) {
        expect(id).toBe(keeps);
        expect(ids.forRequest(key, 'lease', { sessionId, keeps: keeps.toUpperCase() })).toBe(
          keeps.toUpperCase(),
        );
      } else expect(typeof id !== 'string' && isRefused(id) && id.refused.reason).toBe('bad_request');
    }),
  );
  // An id of another table, whose twelve bytes do not say its shard.
  const ids = new Ids(64);
  const foreign = '12345678-1234-8234-9234-563f00000001';
  expect(typeof ids.forRequest(keyOfShard(ids, 1), 'open', { sessionId, keeps: foreign })).toBe('object');
  expect(one.forRequest(one.fileKey(demo, 'f'), 'open', { sessionId, keeps: foreign })).toBe(foreign);
});

function keyOfShard(ids: Ids, shard: number): string {
  for (let n = 0; ; n += 1) {
    const key = ids.fileKey(demo, String(n));
    if (shardOfKey(key) === shard) return key;
  }
}
