//! The private server under everything that goes wrong on a user's machine: killed apps, killed servers, taken ports,
//! half-made folders, lost passwords.
//!
//! Apps and watchers are real processes here: this test binary again, told by its environment which part to play.

mod parts;
mod place;
mod privacy;
mod recovery;
mod upgrade;
mod use_and_end;

use parts::Part;
use place::{Place, eventually};
