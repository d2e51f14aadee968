//! What a person sees first.

use support::Cli;

#[test]
fn help_names_every_noun() {
    let help = Cli::new().run(&["--help"]).expect(0).out;
    for noun in [
        "connection",
        "local",
        "database",
        "demo",
        "migrate",
        "schema",
        "run",
        "query",
        "result",
        "span",
        "health",
        "maintain",
        "job",
        "audit",
        "call",
    ] {
        assert!(help.contains(&format!("\n  {noun} ")), "{noun} is not in\n{help}");
    }
}

#[test]
fn a_word_that_is_no_verb_is_a_matter_of_usage() {
    let finished = Cli::new().run(&["frobnicate"]).expect(2);
    assert!(finished.err.contains("frobnicate"), "{}", finished.err);
    assert_eq!(finished.out, "");
}

#[test]
fn the_version_is_told() {
    assert!(Cli::new().run(&["--version"]).expect(0).out.starts_with("evaldesk "));
}
