import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A text file of the project; `path` is relative to the project's folder, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

function readFolder(folder: string, extension: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${sep}generated${sep}`))
    .map((file) => ({
      path: relative(ROOT, file).split(sep).join('/'),
      text: readFileSync(file, 'utf8'),
    }))
    .toSorted((one, other) => one.path.localeCompare(other.path));
}

/** Every `.ts` file under a folder, generated ones left out. */
export function readSourceFiles(folder: string): SourceFile[] {
  return readFolder(folder, '.ts');
}

/** The pages of `docs` and those beside the README. */
export function readMarkdownFiles(): SourceFile[] {
  const pages = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  return [
    ...pages.map((path) => ({ path, text: readProjectFile(path) })),
    ...readFolder('docs', '.md'),
  ];
}

/** One file's text. */
export function readProjectFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Whether a file or folder of the project is there. */
export function projectFileExists(path: string): boolean {
  return existsSync(join(ROOT, path));
}
