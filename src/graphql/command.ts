import type { TokenRole, Viewer } from '../domain/viewer.ts';
import { collectWritten } from '../market/written.ts';
import type { GraphqlContext } from './context.ts';
import { requireRole } from './roles.ts';

/**
 * Runs a mutation's command as the viewer, who must have the role. What was read before it is
 * forgotten, so that the answer, and a second mutation of the same document, show what it wrote.
 */
export async function command<T>(
  context: GraphqlContext,
  role: TokenRole,
  run: (viewer: Viewer) => Promise<T>,
): Promise<T> {
  const viewer = requireRole(context, role);
  const { result, token } = await collectWritten(() => run(viewer));
  if (token) context.wrote(token);
  context.loaders.forget();
  return result;
}
