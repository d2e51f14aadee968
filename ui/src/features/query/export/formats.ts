/** What a result can be written as, and what that keeps. */
import type { QueryExportFormat } from '../wire';

export const FORMATS: { format: QueryExportFormat; label: string; ending: string; means: string }[] = [
  { format: 'csv', label: 'CSV', ending: 'csv', means: 'RFC 4180, with heads; NULL is an unquoted nothing, the empty string is quoted' },
  { format: 'tsv', label: 'TSV', ending: 'tsv', means: 'As COPY writes it: NULL is \\N' },
  { format: 'json', label: 'JSON', ending: 'json', means: 'One array; numbers keep their digits' },
  { format: 'jsonl', label: 'JSON lines', ending: 'jsonl', means: 'One object a line, to be read as it comes' },
  { format: 'parquet', label: 'Parquet', ending: 'parquet', means: 'Columns with their types, compressed' },
  { format: 'insert', label: 'SQL inserts', ending: 'sql', means: 'Statements that write the rows into a table' },
];

/** A name to begin with: the query's, without what a file system might not take. */
export function suggested(name: string, ending: string): string {
  const plain = name.replace(/\.sql$/i, '').replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  return `${plain || 'result'}.${ending}`;
}

const SEPARATOR = /[\\/]/;

/** From the root on: what is relative would lie wherever the app was started. */
export const isWhole = (path: string): boolean => /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path);

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.length - (path.split(SEPARATOR).at(-1)?.length ?? 0) - 1));

export const joined = (folder: string, name: string): string => (folder === '' ? name : `${folder}${folder.includes('\\') ? '\\' : '/'}${name}`);
