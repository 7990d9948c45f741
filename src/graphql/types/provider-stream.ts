import { builder } from '../builder.ts';
import type { GraphqlContext } from '../context.ts';
import { findProvider, providerOf } from '../find.ts';
import { decodeGlobalId } from '../global-id.ts';
import { atMost100 } from '../paging.ts';
import { ProviderRef } from './refs.ts';

/** Slugs of the asked providers that exist; all of them when none are named. */
async function knownSlugs(
  context: GraphqlContext,
  slugs: readonly string[] | null,
): Promise<readonly string[]> {
  if (!slugs) return context.loaders.providerSlugs();
  const providers = await Promise.all(slugs.map((slug) => findProvider(context, slug)));
  return providers.flatMap((provider) => provider?.value.slug ?? []);
}

builder.subscriptionField('providerStatusChanged', (t) =>
  t.field({
    type: ProviderRef,
    description: 'The current state of each provider first, then every change of one.',
    args: {
      providerIds: t.arg.idList({
        description: 'Only these providers, at most 100; absent = all.',
      }),
    },
    subscribe: (_root, { providerIds }, context) => {
      const ids = atMost100('providerIds', providerIds);
      const slugs = ids?.flatMap((id) => decodeGlobalId('Provider', id) ?? []) ?? null;
      return context.live.providers({ slugs, load: () => knownSlugs(context, slugs) });
    },
    resolve: (slug, _args, context) => {
      context.loaders.forget();
      return providerOf(context, slug);
    },
  }),
);
