/** A mark for each kind of span and each voice of a conversation; what nobody knows gets the plain one. */
import type { IconName } from '$lib/ui';

export function spanIcon(type: string): IconName {
  if (/handoff/i.test(type)) return 'handoff';
  if (/tool|function/i.test(type)) return 'tool';
  if (/agent/i.test(type)) return 'agent';
  if (/response|generation|llm/i.test(type)) return 'response';
  return 'doc';
}

export function roleIcon(role: string): IconName {
  const known: Record<string, IconName> = { user: 'user', assistant: 'agent', system: 'doc', developer: 'doc', tool: 'tool', function: 'tool' };
  return known[role] ?? 'info';
}

export const roleLabel = (role: string): string => (role === '' ? 'no role' : role.charAt(0).toUpperCase() + role.slice(1));
