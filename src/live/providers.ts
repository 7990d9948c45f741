import { GLOBAL_REGION, partitionOf } from '../domain/partition.ts';
import type { Emission, Source } from './emission.ts';
import type { Hub } from './hub.ts';
import { openingOf, type Parts } from './parts.ts';
import type { ProviderStreamOptions } from './types.ts';

const HOME = partitionOf(GLOBAL_REGION);

function told(slug: string, order: number): Emission<string> {
  return { item: slug, order, key: slug, position: null };
}

/** Slugs of providers: all wanted ones, then those whose status changed. */
export function providerStreams(hub: Hub): Parts<ProviderStreamOptions, string> {
  async function allOf({ load }: ProviderStreamOptions): Promise<Emission<string>[]> {
    const order = hub.next();
    return (await load()).map((slug) => told(slug, order));
  }

  function tail(options: ProviderStreamOptions): Source<string> {
    const wanted = options.slugs ? new Set(options.slugs) : null;
    const queue: Source<string> = hub.open<Emission<string>>({
      listener: {
        onEvent: ({ event: { event }, order }) => {
          if (event.type !== 'PROVIDER_STATUS_CHANGED') return;
          const slug = event.resourceId;
          if (wanted?.has(slug) ?? true) queue.push(told(slug, order), slug);
        },
        onLost: (partition) => {
          if (partition === HOME) void tellAll();
        },
      },
    });

    /** Any of them may have changed. */
    async function tellAll(): Promise<void> {
      try {
        for (const emission of await allOf(options)) queue.push(emission, emission.key);
      } catch (error) {
        queue.end(error as Error);
      }
    }
    return queue;
  }
  return { opening: (options) => openingOf(hub, () => allOf(options)), tail };
}
