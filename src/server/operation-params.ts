/** What a client asks for, at every door. */
export interface OperationParams {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Null for what is no operation: a text as `query`, the rest what its name says or absent. */
export function toOperationParams(value: unknown): OperationParams | null {
  if (!isRecord(value)) return null;
  const { query, operationName, variables, extensions } = value;
  const valid =
    typeof query === 'string' &&
    (isAbsent(operationName) || typeof operationName === 'string') &&
    (isAbsent(variables) || isRecord(variables)) &&
    (isAbsent(extensions) || isRecord(extensions));
  return valid ? { query, operationName, variables, extensions } : null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
