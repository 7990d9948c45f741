import { builder } from '../builder.ts';
import type { RateLimitState } from '../context.ts';

const RateLimitRef = builder.objectRef<RateLimitState>('RateLimit').implement({
  description: 'Your bucket of points: every operation takes its cost out, time fills it again.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'Points in a full bucket.' }),
    cost: t.exposeInt('cost', { description: 'Points that this operation cost.' }),
    remaining: t.exposeInt('remaining', { description: 'Points that are left.' }),
    restorePerSecond: t.exposeFloat('restorePerSecond', {
      description: 'Points that come back per second.',
    }),
    resetAt: t.expose('resetAt', {
      type: 'DateTime',
      description: 'When the bucket is full again if you ask nothing else.',
    }),
  }),
});

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimitRef,
    description: 'What you may still ask for.',
    resolve: (_root, _args, { rateLimit }) => rateLimit(),
  }),
);
