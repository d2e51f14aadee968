//! Variables: DATABASE_URL and its like, the guide's DATABASE_* parts, libpq's PG*.

use super::Surroundings;
use super::conninfo::{Conninfo, finish};
use super::reading::{Candidate, Reading};
use crate::connection::parse_url_as;

/// The database that the guide's database.yml names for development; its variables name none.
const DATABASE_OF_THE_GUIDE: &str = "raaf_eval_development";

/// The guide's variables for one part each, and libpq's keyword for it.
const PARTS: [(&str, &str); 4] = [
    ("DATABASE_HOST", "host"),
    ("DATABASE_PORT", "port"),
    ("DATABASE_USERNAME", "user"),
    ("DATABASE_PASSWORD", "password"),
];

/// libpq's variables (<https://www.postgresql.org/docs/current/libpq-envars.html>).
const OF_LIBPQ: [(&str, &str); 11] = [
    ("PGHOST", "host"),
    ("PGHOSTADDR", "hostaddr"),
    ("PGPORT", "port"),
    ("PGDATABASE", "dbname"),
    ("PGUSER", "user"),
    ("PGPASSWORD", "password"),
    ("PGPASSFILE", "passfile"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGAPPNAME", "application_name"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
];

pub(super) fn read(around: &Surroundings) -> Reading {
    let mut reading = Reading::default();
    for (name, url) in urls(around) {
        match parse_url_as(url, &around.default_user()) {
            Ok(parsed) => reading.candidates.push(from_url(name, parsed, around)),
            Err(error) => reading.problem(None, format!("{name}: {}", error.message())),
        }
    }
    reading.candidates.extend(parts(around));
    reading.candidates.extend(libpq(around));
    if reading.candidates.is_empty() && reading.problems.is_empty() {
        reading
            .notes
            .push("No variable that names a database is set: DATABASE_URL, DATABASE_HOST, PGHOST.".into());
    }
    reading
}

/// DATABASE_URL, and Rails' URLs of further databases (ANIMALS_DATABASE_URL).
fn urls(around: &Surroundings) -> Vec<(&str, &str)> {
    let names = around.variables.keys().map(String::as_str);
    let mut names: Vec<&str> =
        names.filter(|name| *name == "DATABASE_URL" || name.ends_with("_DATABASE_URL")).collect();
    names.sort_unstable_by_key(|name| (name.len(), *name));
    names.into_iter().filter_map(|name| Some((name, around.variable(name)?))).collect()
}

fn from_url(name: &str, parsed: crate::connection::ParsedUrl, around: &Surroundings) -> Candidate {
    let mut candidate = Candidate::new(parsed.profile);
    name.clone_into(&mut candidate.profile.name);
    candidate.password = parsed.password;
    finish(&mut candidate, around, None);
    candidate
}

fn parts(around: &Surroundings) -> Option<Candidate> {
    let set: Vec<_> = PARTS.iter().filter_map(|(name, key)| Some((key, around.variable(name)?))).collect();
    if set.is_empty() {
        return None;
    }
    let mut conninfo = Conninfo::default();
    let named = around.variable("DATABASE_NAME");
    conninfo.set("host", "localhost");
    conninfo.set("user", "postgres");
    conninfo.set("dbname", named.unwrap_or(DATABASE_OF_THE_GUIDE));
    set.iter().for_each(|(key, value)| _ = conninfo.set(key, value));
    let mut candidate = conninfo.candidate("DATABASE_HOST", around);
    if named.is_none() {
        candidate.note(format!("No variable names the database: {DATABASE_OF_THE_GUIDE} is the guide's."));
    }
    Some(candidate)
}

/// One of those that say where: a user alone is no connection.
fn libpq(around: &Surroundings) -> Option<Candidate> {
    if let Some(service) = around.variable("PGSERVICE") {
        return super::service::named(around, service);
    }
    ["PGHOST", "PGHOSTADDR", "PGDATABASE"].iter().find_map(|name| around.variable(name))?;
    let mut conninfo = Conninfo::default();
    for (name, key) in OF_LIBPQ {
        around.variable(name).into_iter().for_each(|value| _ = conninfo.set(key, value));
    }
    Some(conninfo.candidate("PGHOST", around))
}
