//! A connection URL means on the command line what it means to psql.

use support::{Cli, any_database};

#[tokio::test]
async fn a_parameter_that_no_client_knows_is_refused_by_name() {
    let (cli, database) = (Cli::new(), any_database().await);
    let refused = cli.run(&["query", "select 1", "--url", &format!("{}?bogus=1", database.url)]).expect(2);
    assert!(refused.err.contains("bogus"), "{}", refused.err);
    let known = format!("{}?application_name=mine&pool=5", database.url);
    let named = cli.run(&["query", "select current_setting('application_name')", "--url", &known]).expect(0);
    assert!(named.out.contains("mine"), "{}", named.out);
}

#[tokio::test]
async fn who_is_not_named_is_pguser_and_else_the_user_of_the_system() {
    let (cli, database) = (Cli::new().with("USER", "maria"), any_database().await);
    let (_, place) = database.url.split_once('@').unwrap();
    let _ =
        cli.run(&["connection", "add", "Mine", "--ask", "--url", &format!("postgres://{place}")]).expect(0);
    assert_eq!(cli.json(&["connection", "show", "Mine", "--json"])["user"], "maria");
    let cli = cli.with("PGUSER", "otto");
    let _ =
        cli.run(&["connection", "add", "Other", "--ask", "--url", &format!("postgres://{place}")]).expect(0);
    assert_eq!(cli.json(&["connection", "show", "Other", "--json"])["user"], "otto");
}

#[test]
fn a_name_of_more_than_one_line_is_refused() {
    let cli = Cli::new();
    let url = ["--ask", "--url", "postgres://me@localhost/x"];
    for name in ["two\nlines", "bell\u{7}", "\u{202e}noitcudorp"] {
        let refused = cli.run(&[&["connection", "add", name][..], &url].concat()).expect(2);
        assert!(refused.err.contains("control character"), "{}", refused.err);
    }
    let _ = cli.run(&[&["connection", "add", "Größe 1"][..], &url].concat()).expect(0);
    let renamed = cli.run(&["connection", "edit", "Größe 1", "--rename", "a\tb"]).expect(2);
    assert!(renamed.err.contains("control character"), "{}", renamed.err);
}
