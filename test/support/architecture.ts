import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';

/** Who may import whom: a room is a folder of `src`, or a file that lies in it directly. */
export type RoomTable = Readonly<Record<string, readonly string[]>>;

const STATEMENT = /^\s*(?:import|export)\b[^;'"]*?\bfrom\s+['"]([^'"]+)['"]/gm;
const SIDE_EFFECT = /^\s*import\s+['"]([^'"]+)['"]/gm;
const EXPRESSION = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** What a file imports or re-exports from, type-only and dynamic imports included, in no order. */
export function importsOf(text: string): string[] {
  return [STATEMENT, SIDE_EFFECT, EXPRESSION].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match[1] ?? ''),
  );
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.');
}

function resolved(from: SourceFile, specifier: string): string {
  return posix.join(posix.dirname(from.path), specifier);
}

function internalImports(file: SourceFile): string[] {
  return importsOf(file.text)
    .filter(isRelative)
    .map((specifier) => resolved(file, specifier));
}

/** `src/domain/time.ts` → `domain`, `src/app.ts` → `app.ts`, anything outside → the path itself. */
function roomOf(path: string): string {
  const [top, room] = path.split('/');
  return top === 'src' && room !== undefined ? room : path;
}

/** Imports into a room that the table does not open. */
export function forbiddenRooms(files: readonly SourceFile[], table: RoomTable): string[] {
  return files.flatMap((file) => {
    const room = roomOf(file.path);
    const open = table[room];
    if (!open) return [`${file.path}: the table has no room ${room}`];
    return internalImports(file)
      .map(roomOf)
      .filter((target) => target !== room && !open.includes(target))
      .map((target) => `${file.path}: ${room} may not import ${target}`);
  });
}

/** Libraries that only some rooms may know, and rooms that may know none but the named ones. */
export function forbiddenLibraries(
  files: readonly SourceFile[],
  homes: RoomTable,
  pure: RoomTable,
): string[] {
  return files.flatMap((file) => {
    const room = roomOf(file.path);
    return importsOf(file.text)
      .filter((specifier) => !isRelative(specifier))
      .filter((specifier) => {
        const library = Object.keys(homes).find((name) => `${specifier}/`.startsWith(`${name}/`));
        const allowed = pure[room];
        if (allowed) return !allowed.includes(specifier);
        return library !== undefined && !homes[library]?.includes(room);
      })
      .map((specifier) => `${file.path}: ${room} may not use ${specifier}`);
  });
}

/** Every chain of imports that comes back to its first file, once, from its alphabetically first file. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const graph = new Map(files.map((file) => [file.path, internalImports(file)]));
  const found = new Set<string>();
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.add(canonicalCycle(trail.slice(start)));
    if (start >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return [...found];
}

function canonicalCycle(cycle: readonly string[]): string {
  const first = cycle.indexOf(cycle.toSorted()[0] ?? '');
  const turned = [...cycle.slice(first), ...cycle.slice(0, first + 1)];
  return turned.join(' → ');
}

/** Files that only hand on what others export. */
export function barrels(files: readonly SourceFile[]): string[] {
  const comment = /\/\*[\s\S]*?\*\/|\/\/.*$/gm;
  const reExport = /export\b[^;'"]*\bfrom\s+['"][^'"]+['"];?/g;
  return files
    .filter(
      ({ path, text }) =>
        path.endsWith('/index.ts') ||
        /^\s*export\s+\*/m.test(text) ||
        text.replaceAll(comment, '').replaceAll(reExport, '').trim() === '',
    )
    .map(({ path }) => `${path} is a barrel`);
}

/** Relative imports that do not name their file in full. */
export function importsWithoutExtension(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    importsOf(file.text)
      .filter((specifier) => isRelative(specifier) && !specifier.endsWith('.ts'))
      .map((specifier) => `${file.path}: ${specifier} does not end in .ts`),
  );
}

/** Files other than `reader` that look at the environment. */
export function environmentReaders(files: readonly SourceFile[], reader: string): string[] {
  return files
    .filter(({ path, text }) => path !== reader && /\bprocess\.env\b/.test(text))
    .map(({ path }) => `${path} reads process.env`);
}

/** Files longer than `limit` lines. */
export function tooLong(files: readonly SourceFile[], limit: number): string[] {
  return files
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > limit)
    .map(({ path, lines }) => `${path} has ${lines} lines`);
}
