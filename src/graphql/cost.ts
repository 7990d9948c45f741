import {
  getNamedType,
  getNullableType,
  getOperationAST,
  isCompositeType,
  isListType,
  Kind,
  OperationTypeNode,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { candleCost } from './candle-cost.ts';
import { MAX_PAGE_SIZE } from './paging.ts';

/** The dearest operation that is executed at all: what a full bucket of points holds. */
export const MAX_OPERATION_COST = 1000;

/** Entries that a list without a page size is taken to have. */
const PLAIN_LIST_SIZE = 20;
const MUTATION_COST = 5;

/** Fields that do more than read: a quote is a row in the database. */
const SURCHARGES: Readonly<Record<string, number>> = {
  'Query.quote': 20,
  'PriceChangedError.newQuote': 20,
};

/** Objects that come with their parent and cost nothing to make. */
const FREE_TYPES: ReadonlySet<string> = new Set([
  'CacheCounters',
  'Freshness',
  'HealthCheck',
  'NamespaceStats',
  'PageInfo',
  'PriceLevel',
  'PriceLevelChange',
  'TimeWindow',
]);

type Variables = Readonly<Record<string, unknown>>;

/**
 * What an operation costs, before it is executed: 1 per object, times the size of every list around
 * it (`first`, `last`, the number of `ids`, else 20); a mutation 5 more, a quote 20 more; ten candles
 * cost 1; never less than 1. Numbers and texts are free, introspection too. Skipped fields count, so this is a bound.
 * Takes documents that were not validated: what the schema does not know costs nothing.
 */
export function operationCost(
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Variables | null | undefined,
  schema: GraphQLSchema,
): number {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return 1;
  const cost = new OperationCost(document, operation, variables ?? {}, schema);
  return Math.max(1, cost.ofSelections(operation.selectionSet, root, PLAIN_LIST_SIZE));
}

class OperationCost {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Variables;
  readonly #schema: GraphQLSchema;
  readonly #mutation: boolean;
  /** A fragment is priced once per page size, however often it is spread: 2^14 spreads stay cheap. */
  readonly #fragmentCosts = new Map<string, number>();

  constructor(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Variables,
    schema: GraphQLSchema,
  ) {
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((node) => [node.name.value, node]));
    this.#variables = { ...variableDefaults(operation), ...variables };
    this.#schema = schema;
    this.#mutation = operation.operation === OperationTypeNode.MUTATION;
  }

  /** `pageSize` is the page of the connection that these selections belong to. */
  ofSelections(set: SelectionSetNode, parent: GraphQLCompositeType, pageSize: number): number {
    let cost = 0;
    for (const selection of set.selections) cost += this.#ofSelection(selection, parent, pageSize);
    return cost;
  }

  #ofSelection(node: SelectionNode, parent: GraphQLCompositeType, pageSize: number): number {
    switch (node.kind) {
      case Kind.FIELD:
        return this.#ofField(node, parent, pageSize);
      case Kind.INLINE_FRAGMENT: {
        const type = this.#compositeType(node.typeCondition?.name.value) ?? parent;
        return this.ofSelections(node.selectionSet, type, pageSize);
      }
      case Kind.FRAGMENT_SPREAD:
        return this.#ofFragment(node.name.value, pageSize);
    }
  }

  #ofFragment(name: string, pageSize: number): number {
    const key = `${name} ${pageSize}`;
    const known = this.#fragmentCosts.get(key);
    if (known !== undefined) return known;
    const fragment = this.#fragments.get(name);
    const type = this.#compositeType(fragment?.typeCondition.name.value);
    if (!fragment || !type) return 0;
    // Validation refuses a fragment that spreads itself; until then it costs nothing the second time.
    this.#fragmentCosts.set(key, 0);
    const cost = this.ofSelections(fragment.selectionSet, type, pageSize);
    this.#fragmentCosts.set(key, cost);
    return cost;
  }

  #ofField(node: FieldNode, parent: GraphQLCompositeType, pageSize: number): number {
    const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    if (!field || !node.selectionSet || !isCompositeType(type)) return 0;
    if (type.name === 'Candle' && isListType(getNullableType(field.type)))
      return candleCost(node, field, this.#variables);
    const asked = this.#askedSize(node, field);
    const isList = isListType(getNullableType(field.type));
    const isPage = isList && parent.name.endsWith('Connection');
    const size = isList ? (isPage ? pageSize : asked) : 1;
    const own = FREE_TYPES.has(type.name) || type.name.endsWith('Edge') ? 0 : 1;
    const extra = SURCHARGES[`${parent.name}.${field.name}`] ?? 0;
    const isCommand = this.#mutation && parent === this.#schema.getMutationType();
    const children = this.ofSelections(node.selectionSet, type, asked);
    return size * (own + children) + extra + (isCommand ? MUTATION_COST : 0);
  }

  /** How many items the field was asked for; resolvers refuse what is out of range. */
  #askedSize(node: FieldNode, field: GraphQLField<unknown, unknown>): number {
    for (const name of ['last', 'first', 'ids']) {
      const definition = field.args.find((arg) => arg.name === name);
      if (!definition) continue;
      const argument = node.arguments?.find((arg) => arg.name.value === name);
      const size = argument ? this.#size(argument.value) : Number(definition.defaultValue ?? 0);
      if (size > 0) return Math.min(size, MAX_PAGE_SIZE);
    }
    return PLAIN_LIST_SIZE;
  }

  /** A number itself, a list's length; 0 for what is neither. */
  #size(node: ValueNode): number {
    if (node.kind === Kind.LIST) return node.values.length;
    const value = node.kind === Kind.VARIABLE ? this.#variables[node.name.value] : literal(node);
    if (Array.isArray(value)) return value.length;
    return typeof value === 'number' && value > 0 ? value : 0;
  }

  #compositeType(name: string | undefined): GraphQLCompositeType | null {
    const type = name === undefined ? undefined : this.#schema.getType(name);
    return isCompositeType(type) ? type : null;
  }
}

function literal(node: ValueNode): number | null {
  return node.kind === Kind.INT ? Number(node.value) : null;
}

function variableDefaults(operation: OperationDefinitionNode): Variables {
  const definitions = operation.variableDefinitions ?? [];
  return Object.fromEntries(
    definitions.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue && valueFromASTUntyped(defaultValue),
    ]),
  );
}
