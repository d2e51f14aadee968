//! What is sent to be explained: the statement, and what stands for its parameters.

use super::options::Options;
use super::report::ExplainParameters;
use super::statement::Chosen;
use crate::query::QueryParameter;
use crate::query::offset::{byte_of_character, units_before};
use crate::query::parameter::{self, Bound};
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Ident, Result};

/// The name that a statement with parameters is prepared under.
const PREPARED: &str = "evaldesk_explain";

/// A statement with its parameters.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) chosen: Chosen,
    values: Vec<QueryParameter>,
    pub(super) parameters: ExplainParameters,
}

/// What goes to the server in one message, and where the statement is in it.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) bound: Bound,
    /// Whether a prepared statement is left behind.
    pub(super) prepares: bool,
    /// Whether the planner has to be kept from looking at the values.
    pub(super) force_generic: bool,
}

impl Asked {
    /// Takes the values that were given.
    ///
    /// # Errors
    /// `InvalidArguments` where the statement is to be run and a parameter has no value.
    pub(super) fn of(chosen: Chosen, values: &[QueryParameter], analyze: bool) -> Result<Self> {
        let names = parameter::names(&chosen.sql);
        let missing: Vec<&str> = names
            .iter()
            .filter(|name| !values.iter().any(|value| value.name == **name))
            .map(String::as_str)
            .collect();
        let parameters = match (names.is_empty(), missing.is_empty()) {
            (true, _) => ExplainParameters::None,
            (_, true) => ExplainParameters::Values,
            _ => ExplainParameters::Generic,
        };
        if analyze && parameters == ExplainParameters::Generic {
            return Err(without_value(&missing));
        }
        Ok(Self { chosen, values: values.to_vec(), parameters })
    }

    /// The message, for a server of this version. Of an older one than 16, a plan for any values is had by preparing.
    pub(super) fn message(&self, options: Options) -> Message {
        let generic = self.parameters == ExplainParameters::Generic;
        let options = Options { generic, ..options };
        let prepares = match self.parameters {
            ExplainParameters::None => false,
            ExplainParameters::Values => true,
            ExplainParameters::Generic => options.major < 16,
        };
        let (words, sql) = (options.to_sql(), &self.chosen.sql);
        let bound = match (prepares, generic) {
            (true, _) => Bound::run_by(&words, sql, &self.values, PREPARED),
            (false, true) => Bound::open(&words, sql),
            (false, false) => Bound::plain(&words, sql),
        };
        Message { bound, prepares, force_generic: prepares && generic }
    }

    /// The message that runs it as it stands, its parameters in place.
    pub(super) fn plain_message(&self) -> Message {
        let words = SafeSql::default();
        let prepares = self.parameters != ExplainParameters::None;
        let bound = match prepares {
            true => Bound::run_by(&words, &self.chosen.sql, &self.values, PREPARED),
            false => Bound::plain(&words, &self.chosen.sql),
        };
        Message { bound, prepares, force_generic: false }
    }

    /// The same with another text in the statement's place: a rewrite of it.
    pub(super) fn with_sql(&self, sql: String) -> Self {
        Self { chosen: Chosen { sql, ..self.chosen.clone() }, ..self.clone() }
    }

    /// Says a server's error in terms of the text: where in it, in UTF-16 units from 0.
    pub(super) fn place(&self, error: Error, message: &Message, text: &str) -> Error {
        let position = error.server().and_then(|server| server.position);
        let place = position.and_then(|position| {
            let byte = byte_of_character(message.bound.message.as_str(), position);
            let at = self.chosen.start + message.bound.source_byte(byte)?;
            Some(units_before(text, at))
        });
        advised(error.at(place))
    }

    /// The name to deallocate.
    pub(super) fn prepared() -> Ident {
        Ident::new(PREPARED)
    }
}

fn without_value(missing: &[&str]) -> Error {
    let shown = |name: &&str| {
        if name.starts_with(|c: char| c.is_ascii_digit()) { format!("${name}") } else { format!(":{name}") }
    };
    let names = missing.iter().map(shown).collect::<Vec<_>>().join(", ");
    Error::new(ErrorKind::InvalidArguments, format!("{names} has no value, and ANALYZE runs the statement"))
        .hint("Give a value, or explain without ANALYZE: that shows the plan for any values.")
}

/// What a person may do about it that the server does not know of.
fn advised(error: Error) -> Error {
    let sqlstate = error.server().map(|server| server.sqlstate.clone()).unwrap_or_default();
    match sqlstate.as_str() {
        "42P01" => error.hint(
            "EXPLAIN runs in a session of its own: temporary tables and a search_path set in the tab are not there.",
        ),
        "42501" => error.hint("To see a plan a role needs the rights that it needs to run the statement."),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(sql: &str, values: &[(&str, Option<&str>)]) -> Asked {
        let chosen = Chosen { sql: sql.to_owned(), start: 0, line: 1 };
        let values: Vec<_> = values
            .iter()
            .map(|(name, value)| QueryParameter { name: (*name).into(), value: value.map(str::to_owned) })
            .collect();
        Asked::of(chosen, &values, false).unwrap()
    }

    fn check(asked: &Asked, major: i32, expected: &str) {
        let options = Options { major, analyze: false, buffers: false, generic: false };
        assert_eq!(asked.message(options).bound.message.as_str(), expected);
    }

    #[test]
    fn parameters_stand_as_each_server_takes_them() {
        let none = asked("select 1", &[]);
        check(&none, 15, "explain (format json, verbose, settings) select 1");
        let open = asked("select :since", &[]);
        check(&open, 16, "explain (format json, verbose, settings, generic_plan) select $1");
        check(
            &open,
            12,
            "prepare \"evaldesk_explain\" as select $1;\nexplain (format json, verbose, settings) \
             execute \"evaldesk_explain\"(null)",
        );
        let given = asked("select $1", &[("1", Some("it's"))]);
        check(
            &given,
            18,
            "prepare \"evaldesk_explain\" as select $1;\nexplain (format json, verbose, settings) \
             execute \"evaldesk_explain\"('it''s')",
        );
    }

    #[test]
    fn what_runs_needs_its_values() {
        let chosen = Chosen { sql: "select $1, :a".to_owned(), start: 0, line: 1 };
        let error = Asked::of(chosen, &[], true).unwrap_err();
        assert!(error.message().contains("$1, :a"), "{}", error.message());
    }
}
