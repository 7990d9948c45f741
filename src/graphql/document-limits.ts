import {
  Kind,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type SelectionSetNode,
} from 'graphql';
import { apiError } from './errors.ts';

/** For `parse`: deep literals and endless documents are cut off before they become a tree. */
export const MAX_TOKENS = 1000;

/** What one document may hold; every operation in `schema/operations` stays well below. */
export const DOCUMENT_LIMITS = { depth: 10, aliases: 15, directives: 10 } as const;

type Limited = keyof typeof DOCUMENT_LIMITS;

/**
 * What is too much in a document: one QUERY_TOO_COMPLEX error per limit that it breaks. Meant to run
 * before validation, whose own cost grows with aliases and fragments; so nothing is assumed of the
 * document, and fragments are measured once however often they are spread.
 */
export function documentErrors(document: DocumentNode): readonly GraphQLError[] {
  const counts = { ...countMarks(document), depth: documentDepth(document) };
  const broken = (Object.keys(DOCUMENT_LIMITS) as Limited[]).filter((what) => {
    return counts[what] > DOCUMENT_LIMITS[what];
  });
  return broken.map((what) => tooMuch(what, DOCUMENT_LIMITS[what]));
}

function countMarks(document: DocumentNode): { aliases: number; directives: number } {
  let aliases = 0;
  let directives = 0;
  visit(document, {
    Field: ({ alias }) => {
      if (alias) aliases += 1;
    },
    Directive: () => {
      directives += 1;
    },
  });
  return { aliases, directives };
}

function tooMuch(what: Limited, limit: number): GraphQLError {
  const things = what === 'depth' ? 'levels of fields' : what;
  const message = `A document may have at most ${limit} ${things}.`;
  return apiError('QUERY_TOO_COMPLEX', { limited: what, limit }, message);
}

/**
 * The longest chain of fields in any operation, the leaf included. Introspection has no depth here:
 * the standard query is deep, and graphql-js limits it by a rule of its own.
 */
function documentDepth(document: DocumentNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const depths = new Map<string, number>();

  function ofFragment(name: string): number {
    const known = depths.get(name);
    if (known !== undefined) return known;
    // Validation refuses a fragment that spreads itself; until then it adds nothing the second time.
    depths.set(name, 0);
    const depth = ofSelections(fragments.get(name)?.selectionSet);
    depths.set(name, depth);
    return depth;
  }

  function ofSelections(set: SelectionSetNode | undefined): number {
    let deepest = 0;
    for (const node of set?.selections ?? []) {
      deepest = Math.max(deepest, ofSelection(node));
    }
    return deepest;
  }

  function ofSelection(node: SelectionSetNode['selections'][number]): number {
    switch (node.kind) {
      case Kind.FIELD:
        return node.name.value.startsWith('__') ? 0 : 1 + ofSelections(node.selectionSet);
      case Kind.INLINE_FRAGMENT:
        return ofSelections(node.selectionSet);
      case Kind.FRAGMENT_SPREAD:
        return ofFragment(node.name.value);
    }
  }

  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  return Math.max(0, ...operations.map((operation) => ofSelections(operation.selectionSet)));
}
