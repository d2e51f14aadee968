/** The verbs that mend a state, each with what it means. None is the default: which one is right, a person knows. */
import type { RepairPlan } from './wire';

export interface RepairWords {
  verb: RepairPlan['verb'];
  label: string;
  /** In the question: "Accept the change of 20261029110000?" */
  act: string;
  means: string;
  /** Data or a record goes with it. */
  danger?: boolean;
}

export const REPAIRS: Record<string, RepairWords> = {
  resume: { verb: 'resume', label: 'Resume', act: 'Resume', means: 'Goes on with the first statement that has not run.' },
  undo: { verb: 'undo', label: 'Roll back what ran', act: 'Roll back what ran of', means: 'Runs the down file, so that the database is as before.', danger: true },
  'accept-change': { verb: 'accept-change', label: 'Accept the change', act: 'Accept the change of', means: 'The file is right as it is now. Nothing runs.' },
  'accept-order': { verb: 'accept-order', label: 'Accept the order', act: 'Accept the order of', means: 'It may be applied although it is older. Nothing runs yet.' },
  forget: { verb: 'forget', label: 'Forget it', act: 'Forget', means: 'Takes the version out of the ledger. What it made stays.', danger: true },
  'restore-file': { verb: 'restore-file', label: 'Restore the file', act: 'Restore the file of', means: 'Writes the text that ran, as the log has it, back into the folder.' },
  strike: { verb: 'strike', label: 'Strike it out', act: 'Strike out', means: 'Takes the version out of the ledger, so that it is applied again.', danger: true },
  release: { verb: 'release', label: 'Leave the number to the other', act: 'Release the number of', means: 'The row belongs to another migration; ours is kept in a ledger of our own.' },
  record: { verb: 'record', label: 'Record it', act: 'Record', means: 'Its objects are there: it is written into the ledger without running.' },
};

/** Those that the backend offers for this version, the likeliest first. */
export const repairsOf = ({ repairs }: { repairs: string[] }): RepairWords[] => repairs.flatMap((verb) => REPAIRS[verb] ?? []);
