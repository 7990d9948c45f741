import type { GraphQLError } from 'graphql';

/** graphql-js repeats the client's values in its messages; these are the places. */
const ECHOES: readonly (readonly [RegExp, string])[] = [
  [/( cannot represent [^:]*): .*$/s, '$1.'],
  [/^(Expected value of type "[^"]*"), found .*$/s, '$1.'],
  [/^(Syntax Error: .*(?:String|BlockString|Int|Float)) ".*"\.$/s, '$1.'],
  [
    /^Value ".*" does not exist in "(\w+)" enum\..*$/s,
    'This value does not exist in the enum "$1".',
  ],
];

const SUGGESTION = /\s*Did you mean .*$/s;
const VARIABLE = /^Variable "\$(\w+)" got invalid value /;

/** What a message says without the argument values that it echoes. */
export function withoutValues(error: GraphQLError): string {
  const variable = VARIABLE.exec(error.message)?.[1];
  if (variable === undefined) return withoutEchoes(error.message);
  const place =
    new RegExp(`^[^]* at "(${variable}[\\w.[\\]]*)"; `).exec(error.message)?.[1] ?? variable;
  const reason = error.originalError ? withoutEchoes(error.originalError.message) : '';
  return `Variable "$${place}" has a value that is not allowed. ${reason}`.trimEnd();
}

/** Suggestions tell the names of a schema that production keeps to itself. */
export function withoutSuggestion(message: string): string {
  return message.replace(SUGGESTION, '');
}

/** Whether the message is graphql-js's complaint about a variable's value. */
export function isVariableError(error: GraphQLError): boolean {
  return /^Variable "\$\w+" (got invalid value|of (required|non-null) type) /.test(error.message);
}

function withoutEchoes(message: string): string {
  return ECHOES.reduce(
    (text, [pattern, replacement]) => text.replace(pattern, replacement),
    message,
  );
}
