import type { StreamHeartbeat, StreamItem, StreamStart } from '../../live/types.ts';
import { builder } from '../builder.ts';

/** Texts of the fields that every streamed item has. */
export const SEQUENCE = "Its place in its partition's log; infer nothing from gaps.";
export const CURSOR = 'Position after it, for `after`.';
export const AT = 'When it was committed.';
export const AFTER = 'Resume after this position; the first event tells whether that worked.';

export const StreamStartRef = builder.objectRef<StreamStart>('StreamStart').implement({
  description:
    'First event of every resumable stream. resumed=false means events were missed: refetch before applying the next one.',
  fields: (t) => ({
    resumed: t.exposeBoolean('resumed', {
      description: 'True when nothing was missed or doubled since `after`.',
    }),
    sequence: t.expose('sequence', { type: 'Sequence', description: 'The highest seen so far.' }),
    cursor: t.expose('cursor', { type: 'EventCursor', description: 'Position of this start.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the stream began.' }),
  }),
});

export const StreamHeartbeatRef = builder.objectRef<StreamHeartbeat>('StreamHeartbeat').implement({
  description: 'Sent every 5 s on a quiet stream, so that silence can be told from death.',
  fields: (t) => ({
    sequence: t.expose('sequence', { type: 'Sequence', description: 'The highest seen so far.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was sent.' }),
  }),
});

/** The type of an item of a stream whose changes are of the type `changeType`. */
export function itemType(changeType: string): (item: StreamItem<unknown>) => string {
  const byKind = {
    start: 'StreamStart',
    change: changeType,
    heartbeat: 'StreamHeartbeat',
  } as const;
  return ({ kind }) => byKind[kind];
}
