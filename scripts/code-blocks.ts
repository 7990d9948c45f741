/** A code block of a page whose language is followed by the file that it shows: `ts client.ts`. */
const BLOCK = /^(```\w+ (\S+)\n)[\s\S]*?^```$/gm;

/** The files that a page shows, relative to it. */
export function filesShownIn(page: string): string[] {
  return [...page.matchAll(BLOCK)].map(([, , path = '']) => path);
}

/** The page with each such block as its file is now. */
export function withCode(page: string, read: (path: string) => string): string {
  return page.replaceAll(
    BLOCK,
    (_block, opening: string, path: string) => `${opening}${read(path).trimEnd()}\n\`\`\``,
  );
}
