import { createHash } from 'node:crypto';
import { recordShape, shapes } from '../../libs/locks/src/core/shapes';

/** How many fields each kind had, and a digest of them in order, when its rows were first stored this way. */
const stored: Record<string, [count: number, digest: string]> = {
  meta: [25, 'bd7c23165dbd'],
  session: [17, 'c0befaa25de3'],
  lease: [32, '0a70a8c67a26'],
  open: [28, 'ced88ee38d76'],
  ended: [3, '05cfcce92cef'],
  range: [22, '7614e2be4be9'],
  change: [17, '0f5288967dba'],
  dlm: [29, '71f41be46586'],
  connection: [11, '1f111d970c09'],
  share: [9, '8ada1ac35718'],
  lockState: [9, '5279d63260df'],
  file: [55, 'cfb50c61bc27'],
  export: [35, 'f1d2673e37e0'],
  stack: [6, '6b14344afdcb'],
  adapter: [12, '8a12d496250a'],
  region: [6, '38ceecbb7495'],
  node: [17, 'ac12e92e3f41'],
  subscription: [5, '6a7f9f9f49b4'],
  pin: [5, '96d70e93d682'],
  operation: [19, 'ecc2bdef43fc'],
  alias: [1, '6f075d888480'],
  server: [1, '458a4770df2b'],
  subject: [5, '0539aa8e7b11'],
  orphans: [1, '6c35493a2b93'],
  client: [3, 'afea0f4189b4'],
  permit: [16, '1c2ab7d6149a'],
  record: [38, 'a75e10f1a6a1'],
};

const all = { ...shapes, record: recordShape };

test.each(Object.entries(all))('%s: no field ever changes its place', (kind, { fields, defaults }) => {
  const [count, digest] = stored[kind] ?? [fields.length, ''];
  const first = fields.slice(0, count).join(' ');
  expect({ kind, count, digest: createHash('sha256').update(first).digest('hex').slice(0, 12) }).toEqual({
    kind,
    count,
    digest,
  });
  const named = fields.filter((field) => field !== '');
  expect(new Set(named).size).toBe(named.length);
  for (const field of Object.keys(defaults)) expect(named).toContain(field);
});

test.each(Object.entries(all))(
  '%s: a field that is left out is 0, false or none, as in every row that is stored already',
  (_kind, { defaults }) => {
    for (const [field, value] of Object.entries(defaults))
      expect([field, [0, false, 'none'].includes(value as number)]).toEqual([field, true]);
  },
);

test.each(Object.entries(all))(
  '%s: each field has its place, counted from 1',
  (_kind, { fields, placeOf }) => {
    expect(placeOf).toEqual(Object.fromEntries(fields.map((field, at) => [field, at + 1])));
  },
);

test.each(Object.entries(all).filter(([, { twins }]) => Object.keys(twins).length > 0))(
  '%s: where one field is stored as another, both are fields without defaults',
  (_kind, { fields, defaults, twins }) => {
    // A default would be left out, and then not be what the other field is.
    for (const field of Object.entries(twins).flat()) {
      expect(fields).toContain(field);
      expect(defaults).not.toHaveProperty(field);
    }
  },
);
