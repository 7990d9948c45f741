import type { TokenRole, Viewer } from '../domain/viewer.ts';
import type { GraphqlContext } from './context.ts';
import { apiError } from './errors.ts';

type Asking = Pick<GraphqlContext, 'viewer'>;

/** Who is signed in; throws UNAUTHENTICATED for a stranger. */
export function requireViewer({ viewer }: Asking): Viewer {
  if (!viewer) throw apiError('UNAUTHENTICATED');
  return viewer;
}

/** The viewer if it has the role; an OPERATOR may do what everybody may. Throws FORBIDDEN. */
export function requireRole(context: Asking, role: TokenRole): Viewer {
  const viewer = requireViewer(context);
  if (viewer.role === role || viewer.role === 'OPERATOR') return viewer;
  throw apiError('FORBIDDEN', { requires: role }, `This needs the role ${role}.`);
}
