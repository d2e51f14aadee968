use super::*;

fn place(files: &[(&str, &str)]) -> (tempfile::TempDir, SshPlace) {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = home.path().join(".ssh").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let place =
        SshPlace { home: Some(home.path().to_owned()), user: Some("me".into()), ..SshPlace::default() };
    (home, place)
}

#[test]
fn the_first_value_counts_and_key_files_add_up() {
    let (_home, place) = place(&[(
        "config",
        "Host prod\n HostName %h.example\n Port 2222\n IdentityFile ~/.ssh/a\nHost *\n Port 22\n User deploy\n IdentityFile b\n",
    )]);
    let found = look_up(&place, "prod", None).unwrap();
    assert_eq!(found.host_name.as_deref(), Some("prod.example"));
    assert_eq!((found.port, found.user.as_deref()), (Some(2222), Some("deploy")));
    assert_eq!(found.identity_files, ["~/.ssh/a", "b"]);
}

#[test]
fn a_negated_host_is_left_out() {
    let (_home, place) = place(&[("config", "Host *.example !db.example\n User other\n")]);
    assert_eq!(look_up(&place, "db.example", None).unwrap().user, None);
    assert_eq!(look_up(&place, "web.example", None).unwrap().user.as_deref(), Some("other"));
}

#[test]
fn included_files_are_read_by_pattern_and_inside_their_block_alone() {
    let (_home, place) = place(&[
        ("config", "Include conf.d/*.conf\nHost inner\n Include only_inner\n"),
        ("conf.d/1.conf", "Host prod\n HostName one\n"),
        ("conf.d/2.conf", "Host prod\n HostName two\n"),
        ("only_inner", "User inside\n"),
    ]);
    assert_eq!(look_up(&place, "prod", None).unwrap().host_name.as_deref(), Some("one"));
    assert_eq!(look_up(&place, "prod", None).unwrap().user, None);
    assert_eq!(look_up(&place, "inner", None).unwrap().user.as_deref(), Some("inside"));
}

#[test]
fn a_file_that_includes_itself_comes_to_an_end() {
    let (_home, place) = place(&[("config", "Include config\nUser me2\n")]);
    assert_eq!(look_up(&place, "x", None).unwrap().user.as_deref(), Some("me2"));
}

#[test]
fn match_exec_is_never_run_and_never_matches() {
    let marker = tempfile::tempdir().unwrap();
    let ran = marker.path().join("ran");
    let config = format!(
        "Match exec \"touch {ran}\"\n User wrong\nMatch host prod exec \"touch {ran}\"\n User wrong\nMatch originalhost prod\n User right\n",
        ran = ran.display()
    );
    let (_home, place) = place(&[("config", &config)]);
    assert_eq!(look_up(&place, "prod", None).unwrap().user.as_deref(), Some("right"));
    assert!(!ran.exists());
}

#[test]
fn match_looks_at_host_name_and_user() {
    let (_home, place) = place(&[(
        "config",
        "Host prod\n HostName db.example\nMatch host *.example user me\n Port 2200\nMatch all\n User last\n",
    )]);
    let found = look_up(&place, "prod", None).unwrap();
    assert_eq!((found.port, found.user.as_deref()), (Some(2200), Some("last")));
    assert_eq!(look_up(&place, "prod", Some("other")).unwrap().port, None);
}

#[test]
fn unknown_keywords_and_nonsense_are_passed_over() {
    let (_home, place) =
        place(&[("config", "Frobnicate yes\nPort many\n=\nHost\nPort 7\n\u{0}\nHost x\nPort 8\n")]);
    assert_eq!(look_up(&place, "x", None).unwrap().port, Some(8));
}

#[test]
fn a_path_with_tokens_is_filled_in() {
    let (home, place) = place(&[]);
    let path = identity_path(&place, "%d/keys/%r-%h", "db", "deploy");
    assert_eq!(path, home.path().join("keys/deploy-db"));
    assert_eq!(identity_path(&place, "id_x", "db", "deploy"), home.path().join(".ssh/id_x"));
}
