import { decodeCursor } from '../../live/cursor.ts';
import { builder } from '../builder.ts';
import { pageSize } from '../paging.ts';
import { requireRole } from '../roles.ts';
import { CacheEventTypeEnum } from './enums.ts';
import { CacheEventRef } from './refs.ts';

const DEFAULT_EVENTS = 50;

builder.queryField('cacheEventLog', (t) =>
  t.field({
    type: [CacheEventRef],
    description:
      'Published events of the last 24 hours, oldest first, each once: the newest `first`, or those ' +
      'that follow `after`.\n\nRequires OPERATOR.',
    args: {
      first: t.arg.int({ defaultValue: DEFAULT_EVENTS, description: 'At most so many, 1-100.' }),
      after: t.arg({ type: 'EventCursor', description: 'Only events after this position.' }),
      types: t.arg({ type: [CacheEventTypeEnum], description: 'Only events of these types.' }),
    },
    resolve: async (_root, { first, after, types }, context) => {
      requireRole(context, 'OPERATOR');
      const page = {
        first: pageSize('first', first ?? DEFAULT_EVENTS),
        after: typeof after === 'string' ? decodeCursor(after) : null,
        types: types ?? null,
      };
      return [...(await context.fleet.eventLog(page))];
    },
  }),
);
