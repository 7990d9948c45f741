import { createIngest, type Ingest } from '../../market/ingest.ts';
import type { Db } from '../../store/database.ts';
import { withDatabase } from '../with-database.ts';

/** Runs `work` with what writes a catalogue into the database of the environment. */
export async function withIngest<T>(work: (ingest: Ingest, db: Db) => Promise<T>): Promise<T> {
  return await withDatabase(({ db, config }) =>
    work(createIngest({ db, sourceNode: config.node.id }), db),
  );
}
