/** The five environments as words, letters and how much care they ask. An unknown one is shown as "other". */
export type EnvironmentKind = 'development' | 'test' | 'staging' | 'production' | 'other';

export const ENVIRONMENTS: { kind: EnvironmentKind; letters: string; word: string }[] = [
  { kind: 'development', letters: 'DEV', word: 'Development' },
  { kind: 'test', letters: 'TEST', word: 'Test' },
  { kind: 'staging', letters: 'STG', word: 'Staging' },
  { kind: 'production', letters: 'PROD', word: 'Production' },
  { kind: 'other', letters: 'OTHER', word: 'Other' },
];

export function environmentOf(name: string | null | undefined): (typeof ENVIRONMENTS)[number] {
  const found = ENVIRONMENTS.find((one) => one.kind === name?.toLowerCase());
  return found ?? { kind: 'other', letters: 'OTHER', word: 'Other' };
}
