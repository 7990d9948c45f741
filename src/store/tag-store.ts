import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { isSlug, parsePairKey, type Pair } from '../domain/catalog.ts';
import type { Db } from './database.ts';
import type { Tables } from './schema.ts';

/**
 * A tag is a region's code (`us-east-1`), a GPU type's slug (`h100-sxm`) or both (`h100-sxm@us-east-1`).
 * What has its region or type carries it.
 */
function carries(tag: string) {
  const pair = parsePairKey(tag);
  return (eb: ExpressionBuilder<Tables, 'pair' | 'gpu'>): Expression<SqlBool> =>
    pair
      ? eb.and({ gpu_type: pair.gpuType, region: pair.region })
      : eb.or([eb('gpu_type', '=', tag), eb('region', '=', tag)]);
}

function isTag(text: string): boolean {
  return isSlug(text) || parsePairKey(text) !== null;
}

/** The pairs that carry a tag, sorted, at most `limit`; none for any other text. */
export async function pairsTagged(db: Db, tag: string, limit: number): Promise<Pair[]> {
  if (!isTag(tag)) return [];
  const rows = await db
    .selectFrom('pair')
    .select(['gpu_type', 'region'])
    .where(carries(tag))
    .orderBy('gpu_type')
    .orderBy('region')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ gpuType: row.gpu_type, region: row.region }));
}

/** The ids of the units that carry a tag, sorted, at most `limit`; none for any other text. */
export async function unitIdsTagged(db: Db, tag: string, limit: number): Promise<string[]> {
  if (!isTag(tag)) return [];
  const rows = await db
    .selectFrom('gpu')
    .select('id')
    .where(carries(tag))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
