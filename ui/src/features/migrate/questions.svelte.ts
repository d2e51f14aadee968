/** What is asked before something is done, and what came of asking: one question at a time. */
import { AppError } from '$lib/ipc';
import type { MigrateState } from './migrate.svelte';
import type { RepairWords } from './repairs';
import type { AdoptPlan, Finding, MigrationRequest, Plan, StatusRow } from './wire';

export class Questions {
  plan = $state.raw<Plan | null>(null);
  repair = $state.raw<{ row: StatusRow; words: RepairWords } | null>(null);
  finding = $state.raw<{ row: StatusRow; finding: Finding } | null>(null);
  rehearsal = $state.raw<Plan | null>(null);
  adoption = $state.raw<AdoptPlan | null>(null);
  /** Why nothing could be asked. */
  error = $state.raw<AppError | null>(null);
  readonly #migrate: MigrateState;

  constructor(migrate: MigrateState) {
    this.#migrate = migrate;
  }

  /** What is not planned yet is planned first; nothing to do is said, not asked. */
  ask(request: MigrationRequest): Promise<void> {
    return this.#try(async () => {
      const plan = await this.#migrate.plan(request);
      if (plan.steps.length === 0) throw new AppError({ code: 'precondition', message: 'There is nothing to do for that.', hint: plan.notices.join(' ') });
      this.plan = plan;
    });
  }

  /** What sends statements is a plan like any other, with its progress; the rest writes down a decision. */
  decide(row: StatusRow, words: RepairWords): Promise<void> {
    if (words.verb === 'resume' || words.verb === 'undo') return this.ask({ kind: words.verb, version: row.version });
    this.repair = { row, words };
    return Promise.resolve();
  }

  adopt(): Promise<void> {
    return this.#try(async () => {
      const plan = await this.#migrate.planAdoption();
      if (plan.tools.length === 0) throw new AppError({ code: 'precondition', message: 'No other tool has migrated this database.', hint: 'What was made by hand is recorded version by version.' });
      this.adoption = plan;
    });
  }

  rewrite(row: StatusRow, finding: Finding): Promise<void> {
    return this.#try(() => this.#migrate.rewrite(row, finding));
  }

  async #try(act: () => Promise<void>): Promise<void> {
    this.error = null;
    try {
      await act();
    } catch (thrown) {
      this.error = AppError.from(thrown);
    }
  }
}
