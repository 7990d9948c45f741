import type { Interval } from '../../domain/time.ts';
import { builder } from '../builder.ts';
import { TimeWindowRef } from './refs.ts';

TimeWindowRef.implement({
  description: 'Half-open [start, end).',
  fields: (t) => ({
    start: t.expose('start', { type: 'DateTime', description: 'The first instant inside.' }),
    end: t.expose('end', { type: 'DateTime', description: 'The first instant after it.' }),
  }),
});

export const TimeWindowInput = builder.inputRef<Interval>('TimeWindowInput').implement({
  description: 'Half-open [start, end). Bookings take whole minutes.',
  fields: (t) => ({
    start: t.field({
      type: 'DateTime',
      required: true,
      description: 'The first instant inside.',
    }),
    end: t.field({ type: 'DateTime', required: true, description: 'The first instant after it.' }),
  }),
});
