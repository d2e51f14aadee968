/** Where connections are written down, in words, and what the backend calls it. */
import type { ImportSource } from '$lib/ipc';

export type SourceKind = ImportSource['kind'];

interface Source {
  value: SourceKind;
  /** In the list. */
  label: string;
}

interface SourceField {
  value: SourceKind;
  label: string;
  help: string;
  placeholder?: string;
}

/** What has to be typed, and what is read. */
const FIELDS: Record<SourceKind, Omit<SourceField, 'value'>> = {
  database_yml: { label: 'Path', help: 'Ruby in it is read where it names variables, and never run', placeholder: '/srv/app/config/database.yml' },
  url: { label: 'URL', help: 'A password in it goes to the keyring', placeholder: 'postgresql://user@host:5432/database' },
  environment: { label: '', help: 'DATABASE_URL, DATABASE_HOST and its like, PGHOST and its like, as Evaldesk was started with them.' },
  pgpass: { label: '', help: 'PGPASSFILE, else ~/.pgpass. One that others may read is not used, as libpq has it.' },
  service: { label: '', help: 'PGSERVICEFILE, else ~/.pg_service.conf, and the system’s.' },
  sockets: { label: '', help: 'Servers of this computer, by their sockets.' },
  file: { label: 'Path', help: 'What Evaldesk exported, here or elsewhere. No command is taken from it.', placeholder: '/home/me/connections.json' },
};

const WORDS: Source[] = [
  { value: 'database_yml', label: 'Rails’ database.yml' },
  { value: 'url', label: 'A URL' },
  { value: 'environment', label: 'Variables' },
  { value: 'pgpass', label: 'The password file' },
  { value: 'service', label: 'Service files' },
  { value: 'sockets', label: 'Servers here' },
  { value: 'file', label: 'An export of Evaldesk' },
];

export const SOURCES: Source[] = WORDS;

export const fieldOf = (kind: SourceKind): Omit<SourceField, 'value'> => FIELDS[kind];

export function sourceOf(kind: SourceKind, text: string): ImportSource {
  if (kind === 'url') return { kind, text: text.trim() };
  if (kind === 'database_yml' || kind === 'file') return { kind, path: text.trim() };
  return { kind };
}
