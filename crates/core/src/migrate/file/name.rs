//! A file's name, taken apart by the rules of the tool whose file it is.

use super::{MigrationFormat, ScriptRole};
use crate::migrate::Version;
use crate::{Error, ErrorKind, Result};

/// A file's name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migrate) struct FileName {
    pub(in crate::migrate) version: Version,
    /// The version's digits as they stand there.
    pub(in crate::migrate) spelled: String,
    pub(in crate::migrate) name: String,
    pub(in crate::migrate) role: ScriptRole,
}

/// The endings that say what a file of SQL is for.
const ROLES: [(&str, ScriptRole); 3] =
    [(".up.sql", ScriptRole::Up), (".down.sql", ScriptRole::Down), (".verify.sql", ScriptRole::Verify)];

/// A file's name without its role's ending, where it has one.
pub(super) fn role_of(file: &str) -> Option<(&str, ScriptRole)> {
    ROLES.into_iter().find_map(|(ending, role)| Some((file.strip_suffix(ending)?, role)))
}

/// Whether a migration may be called so in our own format.
pub(in crate::migrate) fn is_plain_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.bytes().all(plain)
}

impl FileName {
    /// Reads a name by the rules of a format.
    ///
    /// # Errors
    /// `InvalidArguments` for a name that its tool would not take.
    pub(in crate::migrate) fn parse(file: &str, format: MigrationFormat) -> Result<Self> {
        let read = match format {
            MigrationFormat::Evaldesk => evaldesk(file),
            MigrationFormat::Sqlx => sqlx(file),
            MigrationFormat::Dbmate => dbmate(file),
            MigrationFormat::Rails => rails(file),
        };
        read.ok_or_else(|| {
            Error::new(ErrorKind::InvalidArguments, format!("{file} is not named like a migration"))
                .hint(format.naming())
        })
    }

    fn new(digits: &str, name: &str, role: ScriptRole) -> Option<Self> {
        let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        numeric.then(|| Self {
            version: Version::new(digits),
            spelled: digits.to_owned(),
            name: name.to_owned(),
            role,
        })
    }
}

fn evaldesk(file: &str) -> Option<FileName> {
    let (stem, role) = role_of(file)?;
    let (digits, name) = stem.split_once('_')?;
    is_plain_name(name).then(|| FileName::new(digits, name, role))?
}

/// sqlx takes any description; the version is a signed 64 bit number.
fn sqlx(file: &str) -> Option<FileName> {
    let (stem, role) = match role_of(file) {
        Some((stem, role @ (ScriptRole::Up | ScriptRole::Down))) => (stem, role),
        _ => (file.strip_suffix(".sql")?, ScriptRole::Up),
    };
    let (digits, name) = stem.split_once('_')?;
    digits.parse::<i64>().ok()?;
    FileName::new(digits, name, role).filter(|found| !found.name.is_empty())
}

/// dbmate takes whatever begins with digits; what separates the name is no part of it.
fn dbmate(file: &str) -> Option<FileName> {
    let stem = file.strip_suffix(".sql")?;
    let (digits, rest) = stem.split_at(leading_digits(stem));
    let name = rest.trim_start_matches(['_', '-', '.', ' ']);
    FileName::new(digits, if name.is_empty() { stem } else { name }, ScriptRole::Up)
}

/// Rails' own pattern: `20251106000001_create_tables.rb`, or `1_create_tables.blog.rb` with an engine's name.
fn rails(file: &str) -> Option<FileName> {
    let file = file.rsplit('/').next().unwrap_or(file);
    let (digits, rest) = file.strip_suffix(".rb")?.split_once('_')?;
    let (name, scope) = rest.split_once('.').unwrap_or((rest, ""));
    let plain = is_plain_name(name) && (scope.is_empty() || is_plain_name(scope));
    plain.then(|| FileName::new(digits, name, ScriptRole::Up))?
}

/// How many bytes of a name are its version.
pub(super) fn leading_digits(file: &str) -> usize {
    file.bytes().take_while(u8::is_ascii_digit).count()
}

/// The name of a file of ours.
pub(in crate::migrate) fn file_name(version: &str, name: &str, role: ScriptRole) -> String {
    let ending = ROLES.into_iter().find(|(_, known)| *known == role).map_or(".sql", |(ending, _)| ending);
    format!("{version}_{name}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, format: MigrationFormat) -> Option<(String, String, ScriptRole)> {
        let name = FileName::parse(file, format).ok()?;
        Some((name.spelled, name.name, name.role))
    }

    fn expect(file: &str, format: MigrationFormat, version: &str, name: &str, role: ScriptRole) {
        assert_eq!(read(file, format), Some((version.to_owned(), name.to_owned(), role)), "{file}");
    }

    #[test]
    fn a_name_of_ours_is_taken_apart() {
        let name = "20251106000001_create_evaluation_tables.down.sql";
        expect(
            name,
            MigrationFormat::Evaldesk,
            "20251106000001",
            "create_evaluation_tables",
            ScriptRole::Down,
        );
        for bad in ["create.up.sql", "1_.up.sql", "1_A.up.sql", "1_a.sql", "x1_a.up.sql"] {
            let error = FileName::parse(bad, MigrationFormat::Evaldesk).unwrap_err();
            assert!(error.message().contains(bad) && error.hint_text().unwrap().contains("<version>_<name>"));
        }
    }

    #[test]
    fn sqlx_takes_any_description_and_a_version_that_fits_a_bigint() {
        expect("0001_Add Users.sql", MigrationFormat::Sqlx, "0001", "Add Users", ScriptRole::Up);
        expect("1_a.down.sql", MigrationFormat::Sqlx, "1", "a", ScriptRole::Down);
        assert_eq!(read("99999999999999999999_a.sql", MigrationFormat::Sqlx), None);
        assert_eq!(read("-1_a.sql", MigrationFormat::Sqlx), None);
    }

    #[test]
    fn dbmate_takes_what_begins_with_digits() {
        expect("001_a.sql", MigrationFormat::Dbmate, "001", "a", ScriptRole::Up);
        expect("20240101-users.sql", MigrationFormat::Dbmate, "20240101", "users", ScriptRole::Up);
        expect("7.sql", MigrationFormat::Dbmate, "7", "7", ScriptRole::Up);
        assert_eq!(read("users.sql", MigrationFormat::Dbmate), None);
    }

    #[test]
    fn rails_knows_scopes_and_subfolders() {
        expect("sub/001_create_a.rb", MigrationFormat::Rails, "001", "create_a", ScriptRole::Up);
        expect("1_create_a.blog.rb", MigrationFormat::Rails, "1", "create_a", ScriptRole::Up);
        assert_eq!(read("1_CreateA.rb", MigrationFormat::Rails), None);
    }
}
