import type { ObjectRef } from '@pothos/core';
import { UserError } from '../../domain/errors.ts';
import { builder } from '../builder.ts';

type Ref<T> = ObjectRef<typeof builder.$inferSchemaTypes, T>;

/**
 * A result: one success type, or the refusals that can happen. `settle` runs a command and gives what
 * the union may hold. A refusal that is no member is a bug; any other error goes on as it is.
 */
export function resultUnion<S extends object, E extends readonly UserError[]>(
  name: string,
  description: string,
  success: Ref<S>,
  refusals: readonly [...{ [K in keyof E]: Ref<E[K]> }],
) {
  const members = new Set(refusals.map((refusal) => refusal.name));
  const isMember = (error: UserError): error is E[number] => members.has(error.name);
  const type = builder.unionType(name, {
    description,
    types: [success, ...refusals],
    resolveType: (value) => ('__typename' in value ? String(value.__typename) : success.name),
  });
  async function settle(run: () => Promise<S> | S): Promise<S | E[number]> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!isMember(error)) throw new Error(`${name} has no ${error.name}`, { cause: error });
      return asValue(error);
    }
  }
  return { type, settle };
}

/** A plain copy with the error's name as its type: graphql-js throws every resolved `Error`. */
function asValue<E extends UserError>(error: E): E & { readonly __typename: string } {
  const { name, message, retryable } = error;
  return Object.assign({ name, message, retryable, __typename: name }, error);
}
