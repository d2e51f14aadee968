//! One way to break a run: where it stands, and what happens to it there.

use std::fmt;

use support::Side;

use super::mixed::{Mode, Place};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// `kill -9` of the process that migrates.
    KillRunner,
    /// `kill -9` of the postmaster.
    KillServer,
    /// `kill -9` of the one server process; the postmaster then restarts all of them.
    KillBackend,
    /// The network drops.
    CutWire,
}

impl Fault {
    pub(crate) const ALL: [Self; 4] = [Self::KillRunner, Self::KillServer, Self::KillBackend, Self::CutWire];
}

/// Where the run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stand {
    /// Beside a round of the followed session.
    Round(usize, Side),
    /// In a statement, counted from 0, that waits for a lock; it is sent in this round.
    Waiting { statement: usize, round: usize },
}

/// What is asked for afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// On with it.
    Forward,
    /// Back.
    Back,
}

/// One case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) number: usize,
    pub(crate) mode: Mode,
    pub(crate) place: Place,
    pub(crate) stand: Stand,
    pub(crate) fault: Fault,
    pub(crate) then: Then,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, mode, place, stand, fault, then } = self;
        write!(f, "case {number}: {mode:?}, log in the {place:?}, {fault:?} at {stand:?}, then {then:?}")
    }
}
