import { buildSchema } from 'graphql';
import { readProjectFile } from './source-files.ts';

/** What a mutation's description says of events. */
export interface Publications {
  readonly always: readonly string[];
  readonly maybe: readonly string[];
}

function names(text: string | undefined): string[] {
  return text?.match(/[A-Z][A-Z_]+/g) ?? [];
}

/** "Publishes A, B; may publish C." of every mutation in the committed schema. */
export function readPublications(): Record<string, Publications> {
  const schema = buildSchema(readProjectFile('schema/schema.graphql'));
  const mutations = Object.entries(schema.getMutationType()?.getFields() ?? {});
  return Object.fromEntries(
    mutations.map(([name, { description }]) => {
      const sentence = /Publishes ([^;.]*)(?:; may publish ([^.]*))?\./.exec(description ?? '');
      return [name, { always: names(sentence?.[1]), maybe: names(sentence?.[2]) }];
    }),
  );
}
