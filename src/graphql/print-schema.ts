import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema.ts';

/** Writes the public contract: sorted, so that a diff of it shows what changed and nothing else. */
const file = new URL('../../schema/schema.graphql', import.meta.url);
writeFileSync(file, `${printSchema(lexicographicSortSchema(schema))}\n`);
