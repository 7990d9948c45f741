import { keyText } from '../../domain/cache-key.ts';
import type { CacheEvent, SequencedEvent } from '../../domain/cache-event.ts';
import { GLOBAL_REGION, partitionOf } from '../../domain/partition.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { appendAudit } from '../../store/audit-store.ts';
import type { Db } from '../../store/database.ts';
import { orUnavailable } from '../../store/failures.ts';
import { databaseNow } from '../../store/locks.ts';
import { partitionsOf, publicationsOf } from '../../store/outbox-store.ts';
import { requireReason } from '../input-rules.ts';
import type { Relay } from '../jobs/relay.ts';
import type { InvalidateCacheCommand } from '../command-types.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { namedKeys, requireNames } from './invalidated-keys.ts';

/** Where an event stands that waits for the bus. */
const UNPUBLISHED = { base: 0n, sequence: 0n };

/** How often the relay is waited for, 150 ms each. */
const MAX_WAITS = 8;
const MAX_SUBJECT_LENGTH = 256;

/**
 * Makes every node forget keys, a resource, what carries a tag or a whole namespace. The counts are those
 * of its publication, whichever node did it; an event that waits for the bus has deleted and told nothing
 * yet.
 * @throws InvalidInputError for names that no key can have, or more keys than one event can name.
 */
export async function invalidateCache(
  deps: PublishedDeps & { readonly unitOfWork: UnitOfWork },
  viewer: Viewer,
  command: InvalidateCacheCommand,
): Promise<{ event: SequencedEvent; l2KeysDeleted: number; nodesNotified: number }> {
  requireReason(command.reason, true);
  requireNames(command);
  const event = await deps.unitOfWork(async (work) => {
    const { namespace, resourceId, reason } = command;
    const keys = await namedKeys(work.tx, command);
    const subject =
      resourceId ?? `${namespace} ${keys.map(keyText).join(' ').slice(0, MAX_SUBJECT_LENGTH)}`;
    await appendAudit(work.tx, {
      accountId: viewer.accountId,
      action: 'invalidateCache',
      subject,
      reason,
    });
    const draft = {
      type: 'MANUAL_INVALIDATION' as const,
      resourceId: resourceId ?? namespace,
      data: { namespace, reason },
      affectedNamespaces: [namespace],
      keys,
      region: keys[0]?.region ?? GLOBAL_REGION,
      version: null,
    };
    return work.emit(draft, await databaseNow(work.tx));
  });
  const partition = partitionOf(event.region);
  const published = await publishedOf(deps, event);
  const { base, sequence } = published.find((row) => row.partition === partition) ?? UNPUBLISHED;
  return {
    event: { event, partition, base, sequence },
    l2KeysDeleted: published.reduce((sum, { keysDeleted }) => sum + keysDeleted, 0),
    nodesNotified: Math.max(0, ...published.map(({ receivers }) => receivers)),
  };
}

interface PublishedDeps {
  readonly db: Db;
  readonly relay: Relay;
}

/** What is known of the publication after about a second at most: a namespace goes to every partition. */
async function publishedOf(
  { db, relay }: PublishedDeps,
  event: CacheEvent,
): Promise<Awaited<ReturnType<typeof publicationsOf>>> {
  const partitions = partitionsOf(event);
  for (let attempt = 1; ; attempt += 1) {
    const published = await orUnavailable(() => publicationsOf(db, event.eventId));
    if (published.length === partitions.length || attempt === MAX_WAITS) return published;
    await relay.publish(partitions);
  }
}
