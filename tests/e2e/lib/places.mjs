/** Where things lie: what xtask says in the environment, else what a plain `cargo build` made. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const built = (name) => path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), 'debug', name);

/** A path, or a failure with what to run: a test without its program has failed, it is not skipped. */
function there(file, what) {
  if (!existsSync(file)) throw new Error(`${what} is not at ${file}: run \`cargo xtask test\``);
  return file;
}

export const bridgeProgram = () => there(process.env.EVALDESK_BRIDGE ?? built('evaldesk-bridge'), 'the test bridge');
export const appProgram = () => there(process.env.EVALDESK_APP ?? built('evaldesk-desktop'), 'the app');
export const cliProgram = () => there(process.env.EVALDESK_CLI ?? built('evaldesk'), 'the command line');
export const engine = () => there(process.env.EVALDESK_ENGINE ?? path.join(root, 'target/engines/17'), 'the PostgreSQL engine');
export const out = path.join(root, 'tests/e2e/out');
