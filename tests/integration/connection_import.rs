//! From where connections stand to where they are saved: passwords to their place, and past everybody else.

use std::sync::Arc;

use evaldesk_api::{Session, dispatch};
use evaldesk_core::connection::import::Surroundings;
use evaldesk_core::connection::{MemoryProfiles, MemorySecrets, SecretStore as _};
use serde_json::{Value, json};

const PASSWORD: &str = "carried-over-9917";

struct Desk {
    session: Session,
    home: tempfile::TempDir,
    secrets: Arc<MemorySecrets>,
}

impl Desk {
    fn new(variables: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let secrets = Arc::new(MemorySecrets::default());
        let pairs = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let around = Surroundings {
            home: Some(home.path().to_owned()),
            user: Some("maria".to_owned()),
            variables: pairs.collect(),
            ..Surroundings::default()
        };
        let session = Session::builder(home.path().join("data"))
            .secrets(Arc::clone(&secrets) as _)
            .profiles(Arc::new(MemoryProfiles::default()))
            .surroundings(around)
            .build();
        Self { session, home, secrets }
    }

    async fn call(&self, name: &str, arguments: Value) -> Value {
        let told = dispatch(&self.session, name, arguments).await.unwrap();
        serde_json::from_str(&told).unwrap()
    }

    async fn fails(&self, name: &str, arguments: Value) -> String {
        let error = dispatch(&self.session, name, arguments).await.unwrap_err();
        format!("{} {:?} {:?}", error.message, error.hint, error.detail)
    }
}

#[tokio::test]
async fn what_is_chosen_is_saved_and_its_password_goes_to_the_keyring_alone() {
    let url = format!("postgresql://deploy:{PASSWORD}@db.example/raaf");
    let desk = Desk::new(&[("DATABASE_URL", &url), ("DATABASE_HOST", "db-2")]);
    let source = json!({ "kind": "environment" });
    let plan = desk.call("connection_import_plan", json!({ "source": source })).await;
    assert_eq!(plan["found"][0]["password"], "carried");
    let names = json!(["DATABASE_URL"]);
    let saved = desk.call("connection_import", json!({ "source": source, "names": names })).await;
    let id = saved[0]["id"].as_str().unwrap();
    assert_eq!(desk.secrets.get(id).await.unwrap().unwrap().expose(), PASSWORD);
    let again = desk.call("connection_import_plan", json!({ "source": source })).await;
    assert_eq!(again["found"][0]["exists"], "DATABASE_URL");
    for told in [plan, saved, again, desk.call("connection_discover", json!({})).await] {
        assert!(!told.to_string().contains(PASSWORD), "{told}");
    }
}

#[tokio::test]
async fn a_name_that_is_not_there_or_cannot_be_imported_saves_nothing_at_all() {
    let desk = Desk::new(&[("DATABASE_URL", "postgres://u@h/d"), ("PGHOST", "h"), ("PGPORT", "many")]);
    let source = json!({ "kind": "environment" });
    for (names, words) in
        [(json!(["DATABASE_URL", "nothing"]), "nothing"), (json!(["DATABASE_URL", "PGHOST"]), "many")]
    {
        let why = desk.fails("connection_import", json!({ "source": source, "names": names })).await;
        assert!(why.contains(words), "{why}");
    }
    assert_eq!(desk.call("connection_list", json!({})).await["connections"], json!([]));
}

#[tokio::test]
async fn a_broken_url_is_told_without_its_password() {
    let desk = Desk::new(&[]);
    let source = json!({ "kind": "url", "text": format!("postgres://u:{PASSWORD}@h:port/d") });
    let why = desk.fails("connection_import_plan", json!({ "source": source })).await;
    assert!(!why.contains(PASSWORD) && why.contains("URL"), "{why}");
}

#[tokio::test]
async fn an_export_is_imported_elsewhere_without_a_secret() {
    let desk = Desk::new(&[("DATABASE_URL", &format!("postgres://deploy:{PASSWORD}@db.example/raaf"))]);
    let source = json!({ "kind": "environment" });
    desk.call("connection_import", json!({ "source": source, "names": ["DATABASE_URL"] })).await;
    let path = desk.home.path().join("them.json").display().to_string();
    let exported = desk.call("connection_export", json!({ "connections": [], "path": path })).await;
    assert!(!exported.to_string().contains(PASSWORD));
    let why = desk.fails("connection_export", json!({ "connections": [], "path": path })).await;
    assert!(why.contains("already"), "{why}");

    let elsewhere = Desk::new(&[]);
    let source = json!({ "kind": "file", "path": path });
    let saved =
        elsewhere.call("connection_import", json!({ "source": source, "names": ["DATABASE_URL"] })).await;
    assert_eq!((&saved[0]["host"], &saved[0]["secretPolicy"]), (&json!("db.example"), &json!("ask")));
}

#[tokio::test]
async fn a_copy_has_its_own_password_and_stands_below_the_original() {
    let desk = Desk::new(&[
        ("DATABASE_URL", &format!("postgres://deploy:{PASSWORD}@db.example/raaf")),
        ("PGHOST", "db-3"),
    ]);
    let source = json!({ "kind": "environment" });
    let names = json!(["DATABASE_URL", "PGHOST"]);
    let saved = desk.call("connection_import", json!({ "source": source, "names": names })).await;
    let original = saved[0]["id"].as_str().unwrap();
    let copy = desk.call("connection_duplicate", json!({ "connection": original, "name": "Copy" })).await;
    let list = desk.call("connection_list", json!({})).await;
    assert_eq!(list["connections"][1]["name"], "Copy");
    desk.call("connection_remove", json!({ "connection": original })).await;
    let kept = desk.secrets.get(copy["id"].as_str().unwrap()).await.unwrap().unwrap();
    assert_eq!(kept.expose(), PASSWORD);
    let why = desk.fails("connection_duplicate", json!({ "connection": "Copy", "name": "copy" })).await;
    assert!(why.contains("already saved"), "{why}");
}

#[tokio::test]
async fn whose_password_counts_is_not_the_wires_to_say() {
    let desk = Desk::new(&[("DATABASE_URL", &format!("postgres://deploy:{PASSWORD}@db.example/raaf"))]);
    let source = json!({ "kind": "environment" });
    let saved = desk.call("connection_import", json!({ "source": source, "names": ["DATABASE_URL"] })).await;
    let mut thief = saved[0].clone();
    (thief["secretOf"], thief["host"]) = (saved[0]["id"].clone(), json!("127.0.0.1"));
    (thief["id"], thief["name"], thief["port"]) = (json!(""), json!("Thief"), json!(1));
    let tested = desk.call("connection_test", json!({ "profile": thief })).await;
    assert!(tested["error"]["message"].is_string(), "{tested}");
    let kept = desk.call("connection_save", json!({ "profile": thief })).await;
    assert_eq!(kept["secretOf"], Value::Null);
}

#[tokio::test]
async fn a_test_runs_no_command_that_nobody_saved() {
    let desk = Desk::new(&[("DATABASE_URL", "postgres://deploy@127.0.0.1:1/raaf")]);
    let source = json!({ "kind": "environment" });
    let saved = desk.call("connection_import", json!({ "source": source, "names": ["DATABASE_URL"] })).await;
    let ran = desk.home.path().join("ran");
    let mut profile = saved[0].clone();
    profile["secretPolicy"] = json!("command");
    profile["passwordCommand"] = json!(format!("touch '{}'", ran.display()));
    desk.call("connection_test", json!({ "profile": profile })).await;
    assert!(!ran.exists(), "a form ran a program");
    desk.call("connection_save", json!({ "profile": profile })).await;
    desk.call("connection_test", json!({ "profile": profile })).await;
    assert!(ran.exists(), "the command that was saved is run");
}

#[tokio::test]
async fn order_and_groups_are_kept_and_unknown_ones_are_passed_over() {
    let desk = Desk::new(&[("DATABASE_URL", "postgres://u@h/d"), ("PGHOST", "h2")]);
    let source = json!({ "kind": "environment" });
    let names = json!(["DATABASE_URL", "PGHOST"]);
    let saved = desk.call("connection_import", json!({ "source": source, "names": names })).await;
    let order = json!([{ "connection": "gone", "group": null }, { "connection": saved[1]["id"], "group": "<script>" }]);
    desk.call("connection_arrange", json!({ "order": order })).await;
    let list = desk.call("connection_list", json!({})).await;
    assert_eq!(
        (&list["connections"][0]["name"], &list["connections"][0]["group"]),
        (&json!("PGHOST"), &json!("<script>"))
    );
}
