/** What adopting a database means, tool by tool and version by version. */
import type { StatusKind } from '$lib/ui';
import type { AdoptPlan, AdoptVersion } from '../wire';

const TOOLS: Record<string, string> = { rails: 'Rails', dbmate: 'dbmate', sqlx: 'sqlx', golang_migrate: 'golang-migrate', flyway: 'Flyway', liquibase: 'Liquibase', refinery: 'refinery', atlas: 'Atlas', sqitch: 'Sqitch' };

export const toolName = (tool: string): string => TOOLS[tool] ?? tool;

/** "Rails", "Rails and sqlx". */
export const toolsOf = ({ tools }: Pick<AdoptPlan, 'tools'>): string => tools.map((one) => toolName(one.tool)).join(' and ');

export const binding = ({ versions }: Pick<AdoptPlan, 'versions'>): AdoptVersion[] => versions.filter((one) => one.verdict.kind === 'binds');

const BY: Record<string, string> = { verify: 'its verify file finds it', fingerprint: 'what it makes is here', checksum: 'the same file was applied' };

export function verdictWords({ verdict }: Pick<AdoptVersion, 'verdict'>): { kind: StatusKind; word: string; why: string } {
  switch (verdict.kind) {
    case 'recorded':
      return { kind: 'skipped', word: 'recorded already', why: '' };
    case 'binds':
      return { kind: 'ok', word: 'matches', why: BY[verdict.by] ?? '' };
    case 'differs':
      return { kind: 'attention', word: 'differs, stays down', why: verdict.why };
    case 'not_there':
      return { kind: 'skipped', word: 'not there', why: verdict.why };
    default:
      return { kind: 'unknown', word: 'not known', why: 'why' in verdict ? verdict.why : '' };
  }
}
