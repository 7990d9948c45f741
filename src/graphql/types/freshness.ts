import { CacheLayerEnum } from './enums.ts';
import { FreshnessRef } from './refs.ts';

FreshnessRef.implement({
  description:
    'How fresh an answer is. Carried by every cacheable read so that a client never has to guess.',
  fields: (t) => ({
    asOf: t.expose('asOf', {
      type: 'DateTime',
      description: 'When the system of record produced this value.',
    }),
    servedFrom: t.expose('servedFrom', {
      type: CacheLayerEnum,
      description:
        'Diagnostic: the layer that answered this read. RESPONSE is the whole-answer cache.',
    }),
    sequence: t.expose('sequence', {
      type: 'Sequence',
      description:
        "Event sequence of the value's partition when the value was loaded; a later read of the same value never shows a lower one.",
    }),
    degraded: t.exposeBoolean('degraded', {
      description:
        'True when the node had lost its event stream and served a value only TTL still bounds.',
    }),
  }),
});
