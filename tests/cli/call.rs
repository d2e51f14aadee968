//! `evaldesk call`: every command of the facade, for scripts.

use evaldesk_api::COMMANDS;
use support::{Cli, any_database};

#[test]
fn it_lists_the_whole_table() {
    let listed = Cli::new().run(&["call", "--list"]).expect(0).out;
    let names: Vec<&str> = listed.lines().collect();
    assert_eq!(names, COMMANDS.iter().map(|command| command.name).collect::<Vec<_>>());
}

#[tokio::test]
async fn it_reaches_a_command_that_has_no_verb() {
    let (cli, database) = (Cli::new(), any_database().await);
    let _ = cli.run(&["connection", "add", "Here", "--url", &database.url]).expect(0);
    let sizes = cli.json(&["call", "index_sizes", r#"{"connection":"Here"}"#]);
    assert!(sizes.as_array().unwrap().len() > 10, "{sizes}");
}

#[test]
fn an_unknown_command_and_bad_json_are_told_apart() {
    assert!(Cli::new().run(&["call", "frobnicate"]).expect(2).err.contains("frobnicate"));
    assert!(Cli::new().run(&["call", "run_list", "{"]).expect(2).err.contains("JSON"));
}
