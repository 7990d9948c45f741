export const ROLES = ['PUBLIC', 'RENTER', 'PROVIDER', 'OPERATOR'] as const;
export type Role = (typeof ROLES)[number];

/** Roles a token may carry; PUBLIC is who comes without one. */
export const TOKEN_ROLES = ['RENTER', 'PROVIDER', 'OPERATOR'] as const satisfies readonly Role[];
export type TokenRole = (typeof TOKEN_ROLES)[number];

/** Who asks: the account named by a valid token. A provider's account is its slug. */
export interface Viewer {
  readonly accountId: string;
  readonly role: TokenRole;
  /** When the token stops being valid; private streams end then. */
  readonly expiresAt: number;
}

export interface Account {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
}

/** Accounts are named by strangers' tokens: bounded text that a database can keep and a log can print. */
export function isAccountId(text: string): boolean {
  return /^\P{Cc}{1,255}$/u.test(text) && text.isWellFormed() && text.trim() === text;
}
