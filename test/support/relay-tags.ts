import type { Plugin } from 'vitest/config';

const TAG = /graphql`\s*(?:query|subscription)\s+(\w+)[^`]*`/g;

/** Does what babel-plugin-relay does in an app: a tag becomes the artifact that was compiled of it. */
export function relayTags(): Plugin {
  return {
    name: 'relay-tags',
    enforce: 'pre',
    transform: (code, id) => {
      if (!id.includes('/docs/clients/relay/')) return null;
      const names: string[] = [];
      const untagged = code.replaceAll(TAG, (_tag, name: string) => {
        names.push(name);
        return `${name}Artifact`;
      });
      const imports = names.map(
        (name) => `import ${name}Artifact from './generated/${name}.graphql.ts';`,
      );
      // At the end, so that the lines above stay where they are.
      return { code: `${untagged}\n${imports.join('\n')}\n`, map: null };
    },
  };
}
