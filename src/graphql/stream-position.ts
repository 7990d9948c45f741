import {
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';

/** The argument of a resumable stream that says where to go on. */
const AFTER = 'after';

/**
 * The variable that gives the stream's position and nothing else; null without one. It makes no
 * difference to what happens from now on, so streams that differ in it alone are equal.
 */
export function positionVariable(document: DocumentNode, schema: GraphQLSchema): string | null {
  const positions: string[] = [];
  const uses = new Map<string, number>();
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void uses.set(name.value, (uses.get(name.value) ?? 0) + 1),
      Argument(node) {
        if (node.name.value !== AFTER || typeInfo.getParentType() !== schema.getSubscriptionType())
          return;
        if (node.value.kind === Kind.VARIABLE) positions.push(node.value.name.value);
      },
    }),
  );
  const [position] = positions;
  return position !== undefined && uses.get(position) === 1 ? position : null;
}

/**
 * The same subscription from another position, as a browser asks for it that reconnects with
 * `Last-Event-ID`: its own `after` is older. A stream that cannot be resumed stays as it is.
 */
export function resumedAfter(
  document: DocumentNode,
  schema: GraphQLSchema,
  cursor: string,
): DocumentNode {
  const typeInfo = new TypeInfo(schema);
  const root = schema.getSubscriptionType();
  return visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const { args = [] } = typeInfo.getFieldDef() ?? {};
        const resumable = args.some(({ name }) => name === AFTER);
        if (typeInfo.getParentType() !== root || !resumable) return;
        return withPosition(node, cursor);
      },
    }),
  );
}

function withPosition(field: FieldNode, cursor: string): FieldNode {
  const others = field.arguments?.filter(({ name }) => name.value !== AFTER) ?? [];
  const position = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: AFTER },
    value: { kind: Kind.STRING, value: cursor },
  } as const;
  return { ...field, arguments: [...others, position] };
}
