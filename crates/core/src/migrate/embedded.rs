//! The files of `migrations/` at the root of the repository, compiled in.
//!
//! The list is written out; a test in `set` compares it with the folder.

macro_rules! embed {
    ($($name:literal),+ $(,)?) => {
        &[$(
            (concat!($name, ".up.sql"), include_str!(concat!("../../../../migrations/", $name, ".up.sql"))),
            (concat!($name, ".down.sql"), include_str!(concat!("../../../../migrations/", $name, ".down.sql"))),
            (concat!($name, ".verify.sql"), include_str!(concat!("../../../../migrations/", $name, ".verify.sql"))),
        )+]
    };
}

/// Each file by its name.
pub(super) const EMBEDDED: &[(&str, &str)] = embed![
    "20251106000001_create_evaluation_tables",
    "20261102090000_index_spans_on_evaluation_run_id",
    "20261102090500_index_results_on_evaluation_configuration_id",
    "20261102091000_index_runs_on_created_at_and_id",
    "20261102091500_index_results_on_created_at_and_id",
    "20261102092000_index_spans_on_created_at_and_id",
    "20261109090000_rename_changes_to_configuration_changes",
];
