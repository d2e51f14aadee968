//! Viewers of query results that ours is measured beside: DbGate's server and pgAdmin's, each as its users install it.
//! They are large, so only the measurement that needs them fetches them.

use std::path::PathBuf;

use crate::step::Step;
use crate::{engines, fingerprint, npm, paths, shell};

const PGADMIN: &str = "pgadmin4==9.18";

/// The steps that fetch both.
pub(crate) fn steps() -> Vec<Step> {
    vec![
        npm::packages("tests/peers/query", "DbGate, measured beside the query workbench"),
        engines::pip_step(),
        pgadmin(),
    ]
}

/// Where pgAdmin's Python packages lie.
fn pgadmin_folder() -> PathBuf {
    paths::target().join("peers/pgadmin")
}

fn pgadmin() -> Step {
    Step::new(
        "pgAdmin",
        "measured beside the query workbench",
        || Ok(pgadmin_folder().is_dir() && fingerprint::is("pgadmin", PGADMIN)),
        || {
            let mut pip = shell::command("python3");
            pip.args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--upgrade",
                "--target",
            ]);
            pip.arg(pgadmin_folder()).arg(PGADMIN);
            shell::quiet("pgadmin", &mut pip)?;
            fingerprint::leave("pgadmin", PGADMIN)
        },
    )
}
