//! What an import would do, for a person to choose from. There is no password in it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::reading::{Candidate, ImportProblem, Reading};
use crate::connection::{ConnectionProfile, TlsMode};

/// Whether the source has the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FoundPassword {
    /// It goes to the keyring with the import.
    Carried,
    None,
}

/// One connection that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportFound {
    /// As it would be saved; its name is free, and is what an import is told.
    pub profile: ConnectionProfile,
    pub password: FoundPassword,
    /// Where it stands in its file.
    pub line: Option<u32>,
    /// Why it cannot be imported.
    pub problem: Option<String>,
    pub note: Option<String>,
    /// The saved connection that leads to the same database as the same user.
    pub exists: Option<String>,
}

/// What a source has to offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportPlan {
    pub found: Vec<ImportFound>,
    /// What could not be read, by line.
    pub problems: Vec<ImportProblem>,
    pub notes: Vec<String>,
}

impl Reading {
    /// Gives every connection a name that neither a saved one nor another of the source has.
    pub fn with_free_names(mut self, saved: &[ConnectionProfile]) -> Self {
        let mut taken: Vec<String> = saved.iter().map(|profile| profile.name.clone()).collect();
        for candidate in &mut self.candidates {
            let own = saved.iter().any(|profile| {
                profile.name == candidate.profile.name && profile.same_place(&candidate.profile)
            });
            if !own {
                candidate.profile.name = free_name(&candidate.profile.name, &taken);
            }
            taken.push(candidate.profile.name.clone());
        }
        self
    }

    /// What of it is new, and what is saved already.
    pub fn plan(&self, saved: &[ConnectionProfile]) -> ImportPlan {
        ImportPlan {
            found: self.candidates.iter().map(|candidate| found(candidate, saved)).collect(),
            problems: self.problems.clone(),
            notes: self.notes.clone(),
        }
    }
}

/// "Staging", "Staging 2", "Staging 3": the first that nobody has.
pub fn free_name(wanted: &str, taken: &[String]) -> String {
    let free = |name: &str| {
        !name.eq_ignore_ascii_case("local") && !taken.iter().any(|other| other.eq_ignore_ascii_case(name))
    };
    let numbered = (2..).map(|n: u32| format!("{wanted} {n}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| free(name)).unwrap_or_default()
}

fn found(candidate: &Candidate, saved: &[ConnectionProfile]) -> ImportFound {
    let exists = saved.iter().find(|profile| profile.same_place(&candidate.profile));
    let notes: Vec<&str> = candidate.notes.iter().map(String::as_str).chain(unchecked(candidate)).collect();
    ImportFound {
        profile: ConnectionProfile { id: String::new(), ..candidate.profile.clone() },
        password: if candidate.password.is_some() { FoundPassword::Carried } else { FoundPassword::None },
        line: candidate.line,
        problem: candidate.problem.clone().or_else(|| invalid(&candidate.profile)),
        note: (!notes.is_empty()).then(|| notes.join(" ")),
        exists: exists.map(|profile| profile.name.clone()),
    }
}

fn invalid(profile: &ConnectionProfile) -> Option<String> {
    profile.validate().and_then(|()| profile.validate_names()).err().map(|error| error.message().to_owned())
}

/// libpq's default looks at no certificate, which nobody chose.
fn unchecked(candidate: &Candidate) -> Option<&'static str> {
    let profile = &candidate.profile;
    (profile.tls == TlsMode::Prefer && !profile.is_loopback()).then_some(
        "No sslmode is named, so nobody checks who answers; verify-full is safer where the server has a certificate.",
    )
}
