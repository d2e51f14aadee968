//! Writing the files of a new version.

use std::path::Path;

use support::{Cli, empty_database, usual};

use super::Folder;

#[tokio::test]
async fn a_new_version_gets_its_files_in_the_folder_and_a_ruby_one_where_asked() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli);
    let rails = cli.home().join("rails");
    std::fs::create_dir(&rails).unwrap();
    let new = ["migrate", "new", "Add score index", "--url", &database.url, "--folder", folder.path()];
    let written = cli.run(&[&new[..], &["--ruby", rails.to_str().unwrap()]].concat()).expect(0);
    assert!(written.out.lines().all(|file| Path::new(file).is_file()), "{}", written.out);
    assert!(written.out.contains("add_score_index.up.sql") && written.out.contains(".rb"), "{}", written.out);
    assert!(cli.run(&new).expect(1).err.contains("is called add_score_index already"));
}

#[tokio::test]
async fn nothing_is_written_into_the_schema_that_is_compiled_in() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let refused = cli.run(&["migrate", "new", "mine", "--url", &database.url]).expect(4);
    assert!(refused.err.contains("--folder"), "{}", refused.err);
}
