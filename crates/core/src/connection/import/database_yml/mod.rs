//! Rails' config/database.yml (<https://guides.rubyonrails.org/configuring.html#configuring-a-database>): ERB, then
//! YAML with an entry for each environment, and in it one connection or several by name.

mod entry;
mod erb;
mod ruby;
mod yaml;

use std::path::Path;

use super::Surroundings;
use super::reading::{Candidate, Reading, text_of};
use crate::connection::Environment;
use crate::{Error, ErrorKind, Result};
use entry::Entry;
use erb::Expanded;
use yaml::Node;

pub(super) fn read(path: &Path, around: &Surroundings) -> Result<Reading> {
    let text = text_of(path)?;
    let mut reading = Reading::default();
    let expanded = erb::expand(&text, around).map_err(|(line, why)| wrong(path, line, &why))?;
    let root = yaml::read(&expanded.text).map_err(|(line, why)| wrong(path, expanded.line(line), &why))?;
    let root = root.ok_or_else(|| wrong(path, 1, "it is empty"))?;
    let entries = root.entries().ok_or_else(|| wrong(path, 1, "it is no mapping of environments"))?;
    let file = File { expanded: &expanded, around, application: application(path) };
    for (environment, node) in entries {
        file.environment(environment, node, &mut reading);
    }
    file.doubts(&mut reading);
    once_for_all(&mut reading);
    if around.variable("DATABASE_URL").is_some() {
        tell_of_url(&mut reading);
    }
    Ok(reading)
}

fn wrong(path: &Path, line: u32, why: &str) -> Error {
    Error::new(ErrorKind::InvalidArguments, format!("{}, line {line}: {why}", path.display()))
        .hint("Rails cannot read it like this either: mend that line.")
}

/// What is true of most entries is said once.
fn once_for_all(reading: &mut Reading) {
    let before: usize = reading.candidates.iter().map(|candidate| candidate.notes.len()).sum();
    for candidate in &mut reading.candidates {
        candidate.notes.retain(|note| note != entry::TIMEOUT_IS_NOT_READ);
    }
    let after: usize = reading.candidates.iter().map(|candidate| candidate.notes.len()).sum();
    if after < before {
        reading.notes.push(entry::TIMEOUT_IS_NOT_READ.to_owned());
    }
}

fn tell_of_url(reading: &mut Reading) {
    reading.notes.push(
        "DATABASE_URL is set here: Rails takes it instead of the environment that it runs in.".to_owned(),
    );
}

/// The name of the folder that holds `config`.
fn application(path: &Path) -> Option<String> {
    let real = std::path::absolute(path).ok()?;
    let folder = real.parent()?;
    let folder = if folder.file_name()? == "config" { folder.parent()? } else { folder };
    Some(folder.file_name()?.to_str()?.to_owned())
}

/// What every entry is read with.
pub(super) struct File<'a> {
    expanded: &'a Expanded,
    around: &'a Surroundings,
    application: Option<String>,
}

impl File<'_> {
    /// An environment is one connection, or several by name where each of its values is a mapping.
    fn environment(&self, environment: &str, node: &Node, reading: &mut Reading) {
        let line = self.expanded.line(node.line);
        let Some(entries) = node.entries() else {
            if !is_null(node) {
                reading.problem(line, format!("{environment} is no mapping"));
            }
            return;
        };
        let several = !entries.is_empty() && entries.iter().all(|(_, node)| node.entries().is_some());
        if !several {
            return self.connection(environment, None, node, reading);
        }
        for (name, node) in entries {
            self.connection(environment, Some(name), node, reading);
        }
    }

    fn connection(&self, environment: &str, name: Option<&str>, node: &Node, reading: &mut Reading) {
        // A base for others (`default: &default`) names no database.
        if node.get("database").is_none() && node.get("url").is_none() && is_base(environment) {
            return;
        }
        let title = [self.application.as_deref(), Some(environment), name];
        let title: Vec<&str> = title.into_iter().flatten().collect();
        let entry = Entry::new(self, node);
        let mut candidate = entry.candidate(&title.join(" "), environment_of(environment));
        candidate.line = Some(self.expanded.line(node.line));
        reading.candidates.push(candidate);
    }

    /// Code that may leave lines out or repeat them makes everything below it doubtful.
    fn doubts(&self, reading: &mut Reading) {
        for statement in &self.expanded.statements {
            let code = erb::shortened(&statement.code);
            reading.problem(
                statement.line,
                format!("the Ruby <% {code} %> is not understood and was not run: what it does to the file is not known"),
            );
        }
        if !self.expanded.statements.is_empty() {
            let doubt = |candidate: &mut Candidate| {
                candidate.note("The file has Ruby that was not run; look at it before you use it.");
            };
            reading.candidates.iter_mut().for_each(doubt);
        }
    }
}

fn is_null(node: &Node) -> bool {
    node.text().is_some_and(|(text, plain)| plain && matches!(text, "" | "~" | "null"))
}

fn is_base(name: &str) -> bool {
    !matches!(name, "development" | "test" | "staging" | "production")
}

fn environment_of(name: &str) -> Environment {
    match name {
        "development" => Environment::Development,
        "test" => Environment::Test,
        "staging" => Environment::Staging,
        "production" => Environment::Production,
        _ => Environment::Other,
    }
}

#[cfg(test)]
mod tests;
