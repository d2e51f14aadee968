//! Migrations under everything that goes wrong: a killed runner, a killed server, a cut wire, at every boundary of a run.
//!
//! Runners are real processes: this test binary again, told by its environment what to migrate. They reach the server
//! over a wire that stops wherever a case wants it, so that no word of the product is there for the tests.

mod campaign;
mod case;
mod child;
mod each;
mod ground;
mod mixed;
mod truth;
