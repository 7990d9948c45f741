import fc from 'fast-check';
import { DYNAMIC_BASE_CENTS, PROVIDERS, RENTERS } from './commands.ts';
import type { Command, Minutes, UnitTerms } from './commands.ts';

/** One book's story: its units and what happens to them. */
export interface Story {
  readonly units: readonly UnitTerms[];
  readonly commands: readonly Command[];
}

// Few values, so that prices tie, periods meet and units are fought for.
const cents = fc.constantFrom(125, 150, 175, 200, 225, 250);
const gpuCount = fc.constantFrom(4, 8);
const tier = fc.constantFrom('COMMUNITY' as const, 'VERIFIED' as const, 'DATACENTER' as const);
const durations = fc.constantFrom<Minutes>([60, 43_200], [60, 43_200], [90, 43_200], [60, 90]);
const place = fc.nat({ max: 9 });

// From now, within the hour, and later: the first two take the unit's ask out of the book.
const bookable = fc
  .tuple(fc.constantFrom(0, 30, 120, 240), fc.constantFrom(60, 90, 125))
  .map(([start, length]): Minutes => [start, start + length]);
const upcoming = bookable.filter(([start]) => start > 0);

const unitTerms = { provider: fc.constantFrom(...PROVIDERS), gpuCount, trustTier: tier, durations };
const fixed = fc.record({ ...unitTerms, dynamic: fc.constant(false), cents });
const dynamic = fc.record({
  ...unitTerms,
  dynamic: fc.constant(true),
  cents: fc.constant(DYNAMIC_BASE_CENTS),
});

const orderTerms = {
  kind: fc.constant('placeOrder' as const),
  account: fc.constantFrom(...RENTERS, ...RENTERS, ...PROVIDERS),
  quantity: fc.integer({ min: 1, max: 3 }),
  gpusPerUnit: fc.option(gpuCount, { freq: 3 }),
  limitCents: cents,
  minTrustTier: fc.option(tier, { freq: 3 }),
};
const resting = fc.record({
  ...orderTerms,
  period: upcoming,
  timeInForce: fc.constant('GTC' as const),
});
const immediate = fc.record({
  ...orderTerms,
  period: bookable,
  timeInForce: fc.constantFrom('IOC' as const, 'FOK' as const),
});

const kind = <K extends Command['kind']>(name: K): fc.Arbitrary<K> => fc.constant(name);

function commandOf(units: number, fixedUnits: number): fc.Arbitrary<Command> {
  const unit = fc.nat({ max: units - 1 });
  return fc.oneof(
    { weight: 6, arbitrary: resting },
    { weight: 3, arbitrary: immediate },
    { weight: 2, arbitrary: fc.record({ kind: kind('cancelOrder'), order: place }) },
    { weight: 1, arbitrary: fc.record({ kind: kind('expireOrder'), order: place }) },
    { weight: 3, arbitrary: fc.record({ kind: kind('createBooking'), unit, period: bookable }) },
    { weight: 3, arbitrary: fc.record({ kind: kind('cancelBooking'), booking: place }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: kind('upsertOffer'),
        unit: fc.nat({ max: fixedUnits - 1 }),
        cents,
        active: fc.constantFrom(true, true, true, false),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: kind('setGpuStatus'), unit, online: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ kind: kind('updatePricing'), cents }) },
  );
}

/** Stories of up to `maxCommands`: one to three FIXED units first, up to two DYNAMIC ones after them. */
export function stories(maxCommands: number): fc.Arbitrary<Story> {
  const units = fc.tuple(
    fc.array(fixed, { minLength: 1, maxLength: 3 }),
    fc.array(dynamic, { maxLength: 2 }),
  );
  return units.chain(([first, second]) =>
    fc.record({
      units: fc.constant([...first, ...second]),
      commands: fc.array(commandOf(first.length + second.length, first.length), {
        minLength: Math.ceil(maxCommands / 2),
        maxLength: maxCommands,
      }),
    }),
  );
}
