//! What desktop and command line bring along: the wall clock, the keyring, the data folder.
//!
//! The only place outside the binaries that looks at the environment, so that app and CLI agree on it.

mod clock;
mod folders;
mod keyring;
mod surroundings;

pub use clock::SystemClock;
pub use folders::{actor, data_folder, engine_hints, home, machine, ssh_place, system_folder};
pub use keyring::KeyringSecrets;
pub use surroundings::surroundings;
