//! The `DATABASE_URL` form: `postgresql://user:password@host:port/database?sslmode=...`.
//!
//! Parsed here rather than by the driver, so that the password is split off at once and never travels inside a text,
//! and so that a wrong part is named.

use url::Url;

use super::import::is_keyword;
use super::tls::SYSTEM;
use super::{ConnectionProfile, Environment, Secret, TlsMode};
use crate::{Error, ErrorKind, Result};

/// A URL taken apart: the profile it describes and the password it carried.
#[derive(Debug, Clone)]
pub struct ParsedUrl {
    pub profile: ConnectionProfile,
    pub password: Option<Secret>,
}

/// The parser's own words for a text that is no URL at all speak of bases.
fn unreadable(error: url::ParseError) -> String {
    match error {
        url::ParseError::RelativeUrlWithoutBase => "it does not begin with postgres://".to_owned(),
        other => other.to_string(),
    }
}

/// Rails puts its own settings into the URL: no concern of the server.
const OF_RAILS: [&str; 29] = [
    "adapter",
    "advisory_locks",
    "checkout_timeout",
    "connection_retries",
    "database_tasks",
    "encoding",
    "idle_timeout",
    "insert_returning",
    "keepalive",
    "max_age",
    "max_connections",
    "max_queries",
    "migrations_paths",
    "min_connections",
    "min_messages",
    "pool",
    "pool_jitter",
    "prepared_statements",
    "reaping_frequency",
    "replica",
    "retry_deadline",
    "schema_cache_path",
    "schema_dump",
    "schema_order",
    "schema_search_path",
    "seeds",
    "statement_limit",
    "timeout",
    "variables",
];

/// Takes a connection URL apart; one without a user means `postgres`.
///
/// # Errors
/// As `parse_url_as`.
pub fn parse_url(text: &str) -> Result<ParsedUrl> {
    parse_url_as(text, "postgres")
}

/// Takes a connection URL apart; one without a user means the one that the host says: libpq has PGUSER, then what the
/// operating system calls the person.
///
/// The profile's name is `database on host`; a URL is production unless its host is loopback.
///
/// # Errors
/// `InvalidArguments`, naming the part that is wrong, a parameter that libpq does not know too; the message never repeats
/// the password.
pub fn parse_url_as(text: &str, user: &str) -> Result<ParsedUrl> {
    let url = Url::parse(text.trim())
        .map_err(|error| invalid(format!("the connection URL cannot be read: {}", unreadable(error))))?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err(invalid(format!("the URL starts with {}://", url.scheme())));
    }
    refuse_torn(&url)?;
    let mut profile = from_parts(&url, user)?;
    let mut password = url.password().map(decode).transpose()?.map(Secret::new);
    for (key, value) in url.query_pairs() {
        match (&*key, &mut profile) {
            ("password", _) => password = Some(Secret::new(value.into_owned())),
            (key, _) if !is_known(key) => return Err(unknown(&url, key)),
            (key, profile) => apply_parameter(profile, key, &value)?,
        }
    }
    if profile.database.is_empty() {
        profile.database.clone_from(&profile.user);
    }
    profile.environment =
        if profile.is_loopback() { Environment::Development } else { Environment::Production };
    profile.name = format!("{} on {}", profile.database, profile.host);
    Ok(ParsedUrl { profile, password })
}

fn is_known(key: &str) -> bool {
    is_keyword(key) || OF_RAILS.contains(&key)
}

/// libpq refuses a parameter that it does not know. What may be a piece of a password is not repeated.
fn unknown(url: &Url, key: &str) -> Error {
    let query = url.query().unwrap_or_default();
    let may_be_secret = query.contains('@') || url.query_pairs().any(|(key, _)| key == "password");
    let named = if may_be_secret { String::new() } else { format!(" {key}") };
    invalid(format!("the URL has a parameter{named} that PostgreSQL's clients do not know"))
        .hint("Leave it out, or look how libpq writes it: sslmode, connect_timeout, application_name.")
}

/// A bare `#`, `?` or `/` in a password ends the host early, and the rest of the URL would name another server.
fn refuse_torn(url: &Url) -> Result<()> {
    let after_host = [Some(url.path()), url.query().and_then(|query| query.split(['=', '&']).next())];
    if url.fragment().is_none() && !after_host.into_iter().flatten().any(|part| part.contains('@')) {
        return Ok(());
    }
    Err(invalid("the URL's password holds a character that has a meaning in URLs".to_owned())
        .hint("Write @ as %40, # as %23, / as %2F, ? as %3F and : as %3A in user and password."))
}

fn from_parts(url: &Url, default_user: &str) -> Result<ConnectionProfile> {
    let host = decode(url.host_str().unwrap_or("localhost"))?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let user = decode(url.username())?;
    let user = if user.is_empty() { default_user.to_owned() } else { user };
    let database = decode(url.path().trim_start_matches('/'))?;
    Ok(ConnectionProfile::new("", host, url.port().unwrap_or(5432), database, user))
}

/// Takes one of libpq's keywords; those that are no concern of a profile are passed over.
pub(super) fn apply_parameter(profile: &mut ConnectionProfile, key: &str, value: &str) -> Result<()> {
    match key {
        "sslmode" => profile.tls = tls_mode(value)?,
        "sslrootcert" => {
            // As libpq has it, `system` wants the name looked at too, unless another mode is named (and refused).
            if value == SYSTEM && profile.tls == TlsMode::default() {
                profile.tls = TlsMode::VerifyFull;
            }
            profile.tls_root_cert = Some(value.to_owned());
        }
        "sslcert" => profile.tls_files.client_cert = Some(value.to_owned()),
        "sslkey" => profile.tls_files.client_key = Some(value.to_owned()),
        "host" => profile.host = value.to_owned(),
        "port" => {
            profile.port =
                value.parse().map_err(|_| invalid(format!("port={value} is not a port number")))?;
        }
        "user" => profile.user = value.to_owned(),
        "dbname" => profile.database = value.to_owned(),
        "application_name" => profile.application_name = value.to_owned(),
        "connect_timeout" => {
            let seconds: u32 = value
                .parse()
                .map_err(|_| invalid(format!("connect_timeout={value} is not a number of seconds")))?;
            profile.timeouts.connect_ms = seconds.saturating_mul(1000);
        }
        _ => {}
    }
    Ok(())
}

fn tls_mode(value: &str) -> Result<TlsMode> {
    serde_json::from_value(serde_json::Value::String(value.to_owned())).map_err(|_| {
        invalid(format!(
            "sslmode={value} is not one of disable, allow, prefer, require, verify-ca, verify-full"
        ))
    })
}

/// Percent-decodes; the `url` crate leaves user, password and path encoded.
fn decode(text: &str) -> Result<String> {
    let pair = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    let decoded = url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned());
    let decoded = decoded.unwrap_or_default();
    if decoded.contains('\u{fffd}') {
        Err(invalid("a part of the URL is not UTF-8".to_owned()))
    } else {
        Ok(decoded)
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidArguments, message)
        .hint("The form is postgresql://user:password@host:port/database?sslmode=require")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str) -> ParsedUrl {
        parse_url(url).unwrap()
    }

    #[test]
    fn every_part_of_a_url_arrives() {
        let parsed =
            check("postgresql://deploy:p%40ss%2Bword@db-1.stg.internal:6432/raaf_eval?sslmode=verify-full");
        assert_eq!(parsed.password, Some(Secret::new("p@ss+word")));
        assert_eq!(parsed.profile.address(), "db-1.stg.internal:6432");
        assert_eq!(parsed.profile.tls, TlsMode::VerifyFull);
        assert_eq!(parsed.profile.environment, Environment::Production);
    }

    #[test]
    fn what_is_left_out_is_what_libpq_takes() {
        let parsed = check("postgres://localhost");
        assert_eq!(
            (parsed.profile.port, parsed.profile.user.as_str(), parsed.profile.database.as_str()),
            (5432, "postgres", "postgres")
        );
        assert_eq!(parsed.profile.environment, Environment::Development);
        assert_eq!(parsed.password, None);
    }

    #[test]
    fn a_socket_folder_may_stand_in_the_query() {
        assert_eq!(check("postgresql://me@localhost/db?host=/run/pg").profile.host, "/run/pg");
    }

    #[test]
    fn certificates_of_a_url_arrive_and_the_systems_authorities_look_at_the_name() {
        let parsed = check("postgres://me@db/raaf?sslcert=/c.crt&sslkey=/c.key&sslrootcert=system").profile;
        assert_eq!(parsed.tls_files.client_cert.as_deref(), Some("/c.crt"));
        assert_eq!(parsed.tls_files.client_key.as_deref(), Some("/c.key"));
        assert_eq!((parsed.tls_root_cert.as_deref(), parsed.tls), (Some("system"), TlsMode::VerifyFull));
        assert_eq!(check("postgres://db?sslrootcert=system&sslmode=require").profile.tls, TlsMode::Require);
    }

    #[test]
    fn who_is_not_named_is_whom_the_host_says_and_so_is_the_database() {
        let parsed = |url| parse_url_as(url, "maria").unwrap().profile;
        let (user, database) = (parsed("postgres://db").user, parsed("postgres://db").database);
        assert_eq!((user.as_str(), database.as_str()), ("maria", "maria"));
        assert_eq!(parsed("postgres://db?user=otto").database, "otto");
        assert_eq!(parsed("postgres://otto@db/eval").user, "otto");
    }

    #[test]
    fn a_parameter_that_libpq_does_not_know_is_refused_and_one_of_rails_passes() {
        let error = parse_url("postgres://me@db/raaf?bogus=1").unwrap_err();
        assert!(error.to_string().contains("bogus"), "{error}");
        for known in ["keepalives=1", "hostaddr=::1", "pool=5&prepared_statements=false", "options=-c%20x"] {
            assert!(parse_url(&format!("postgres://me@db/raaf?{known}")).is_ok(), "{known}");
        }
        for torn in ["me:h?unter&2=x@db/raaf", "me@db/raaf?password=h&unter=1"] {
            let error = parse_url(&format!("postgres://{torn}")).unwrap_err();
            assert!(!error.to_string().contains("unter"), "{error}");
        }
    }

    #[test]
    fn a_text_that_is_no_url_is_told_how_one_begins() {
        let error = parse_url("db.example/raaf_eval").unwrap_err();
        assert!(error.to_string().contains("does not begin with postgres://"), "{error}");
    }

    #[test]
    fn a_password_that_tears_the_url_is_refused_instead_of_naming_another_server() {
        for torn in ["12#x", "12/x", "12?x"] {
            let error = parse_url(&format!("postgres://u:{torn}@h/d")).unwrap_err();
            assert!(error.hint_text().is_some_and(|hint| hint.contains("%23")), "{error:?}");
        }
        assert!(parse_url("postgres://u:12%23x@h/d?application_name=a@b").is_ok());
    }

    #[test]
    fn a_wrong_url_says_which_part_and_never_the_password() {
        for url in [
            "mysql://u:hunter2@h/d",
            "postgres://u:hunter2@h:notaport/d",
            "postgres://u:hunter2@h/d?sslmode=maybe",
            "nonsense",
        ] {
            let error = parse_url(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArguments);
            assert!(!format!("{error:?} {error}").contains("hunter2"), "{error:?}");
        }
    }
}
