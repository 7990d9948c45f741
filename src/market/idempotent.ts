import { IdempotencyError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/cache-event.ts';
import { findFirstAnswer, rememberAnswer } from '../store/idempotency-store.ts';
import { databaseNow, tryLockIdempotencyKey } from '../store/locks.ts';
import { requireIdempotencyKey } from './input-rules.ts';
import type { UnitOfWork, Work } from './unit-of-work.ts';
import { noteWritten, writtenSomewhere } from './written.ts';

/** What is remembered of a success: ids and amounts, which a replay answers with. */
export interface Remembered<A extends JsonObject> {
  readonly answer: A;
  readonly replayed: boolean;
}

interface Request {
  readonly operation: string;
  readonly accountId: string;
  readonly command: { readonly idempotencyKey: string };
}

/** Operation and input as one canonical text: names sorted at every depth, bigints as digits. */
function canonical({ operation, command }: Request): string {
  const { idempotencyKey: _key, ...input } = command;
  return `${operation} ${JSON.stringify(input, canonicalValue)}`;
}

function canonicalValue(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Steps 1, 2 and the last half of 7 of the one transaction: locks the key, replays the first answer or
 * performs and remembers. Only successes are remembered. Source: design "The market", Bookings.
 */
export function idempotently<A extends JsonObject>(
  unitOfWork: UnitOfWork,
  request: Request,
  perform: (work: Work) => Promise<A>,
): Promise<Remembered<A>> {
  return idempotentlyAfter(unitOfWork, request, async () => null, perform);
}

/**
 * The same; what `read` locks and reads travels with the key and is for nothing where the key was used
 * before. It must not write, nor wait for a lock while another request has the key.
 */
export async function idempotentlyAfter<A extends JsonObject, R>(
  unitOfWork: UnitOfWork,
  request: Request,
  read: (work: Work) => Promise<R>,
  perform: (work: Work, found: R) => Promise<A>,
): Promise<Remembered<A>> {
  const { accountId } = request;
  const key = request.command.idempotencyKey;
  requireIdempotencyKey(key);
  const text = canonical(request);
  const remembered = await unitOfWork(async (work) => {
    const [locked, first, found] = await Promise.all([
      tryLockIdempotencyKey(work.tx, accountId, key),
      findFirstAnswer(work.tx, accountId, key),
      read(work),
    ]);
    if (!locked) throw new IdempotencyError('IDEMPOTENCY_IN_PROGRESS', await databaseNow(work.tx));
    if (first) {
      if (first.request !== text)
        throw new IdempotencyError('IDEMPOTENCY_KEY_REUSED', first.firstUsedAt);
      return { answer: first.answer as A, replayed: true };
    }
    const answer = await perform(work, found);
    await rememberAnswer(work.tx, { accountId, key }, { request: text, answer });
    return { answer, replayed: false };
  });
  if (remembered.replayed) noteWritten(writtenSomewhere());
  return remembered;
}
