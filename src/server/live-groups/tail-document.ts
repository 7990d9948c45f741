import {
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { positionVariable } from '../../graphql/stream-position.ts';

/** The argument of a resumable stream that says where to go on. */
const AFTER = 'after';

/**
 * The same subscription without the position to begin at. That is the opening's, which each client has
 * its own of: one client's bad position must not end the stream of all that are equal to it.
 */
export function tailDocument(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const position = positionVariable(document, schema);
  const typeInfo = new TypeInfo(schema);
  const root = schema.getSubscriptionType();
  return visit(
    document,
    visitWithTypeInfo(typeInfo, {
      VariableDefinition: ({ variable }) => (variable.name.value === position ? null : undefined),
      Argument: ({ name }) =>
        name.value === AFTER && typeInfo.getParentType() === root ? null : undefined,
    }),
  );
}

/** The name of the stream in the schema, whether it is asked for directly or in a fragment. */
export function streamOf(
  { selectionSet }: OperationDefinitionNode,
  document: DocumentNode,
): string | null {
  return fieldIn(selectionSet, document)?.name.value ?? null;
}

/** A valid subscription has one field; `__typename` and the like are not let through as it. */
function fieldIn({ selections }: SelectionSetNode, document: DocumentNode): FieldNode | null {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) return selection;
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragmentNamed(selection.name.value, document);
    const field = inner && fieldIn(inner, document);
    if (field) return field;
  }
  return null;
}

function fragmentNamed(wanted: string, { definitions }: DocumentNode): SelectionSetNode | null {
  for (const definition of definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    if (definition.name.value === wanted) return definition.selectionSet;
  }
  return null;
}
