//! One error has one code and the server's own five characters, by whichever way it comes.

use serde_json::Value;
use support::{Cli, any_database};

fn last_line(text: &str) -> Value {
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

#[tokio::test]
async fn an_export_and_a_run_say_the_same_of_the_same_error() {
    let (cli, database) = (Cli::new(), any_database().await);
    for (sql, code, sqlstate) in [
        ("select 1/0", "invalid_arguments", "22012"),
        ("select 'x'::int", "invalid_arguments", "22P02"),
        ("select 1 / (g - 70000) from generate_series(1, 70001) g", "invalid_arguments", "22012"),
        ("select * from nowhere", "not_found", "42P01"),
        ("select nothing", "not_found", "42703"),
    ] {
        let url = ["--json", "--url", &database.url];
        let run = cli.run(&[&["query", sql], &url[..]].concat()).expect(1);
        let document: Value = serde_json::from_str(&run.out).unwrap();
        let export = cli.run(&[&["query", sql, "--out", "z.csv"], &url[..]].concat()).expect(1);
        assert!(export.out.is_empty() && !cli.home().join("z.csv").exists(), "{sql}");
        let said = [&document["statements"][0]["error"], &last_line(&run.err), &last_line(&export.err)];
        let pairs: Vec<_> = said.iter().map(|error| (&error["code"], &error["sqlstate"])).collect();
        assert_eq!(pairs, [(&Value::from(code), &Value::from(sqlstate)); 3], "{sql}");
    }
    let streamed = cli.run(&["query", "select 1/0", "--format", "csv", "--url", &database.url]).expect(1);
    assert!(streamed.err.contains("(SQLSTATE 22012)"), "{}", streamed.err);
}
