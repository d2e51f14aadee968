//! A database that another tool has migrated.

use support::{Cli, empty_database, usual};

use super::{gone, raaf};

#[tokio::test]
async fn what_stands_there_is_written_down_and_nothing_runs() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    raaf(&cli, &database).await;
    // As Flyway would have it: its own books, and none of Rails'.
    database.run("drop table schema_migrations").await;
    let books = "create table flyway_schema_history (installed_rank int primary key, version varchar(50), \
        description varchar(200) not null, type varchar(20) not null, script varchar(1000) not null, checksum int, \
        installed_by varchar(100) not null, installed_on timestamp not null default now(), \
        execution_time int not null, success boolean not null)";
    database.run(books).await;
    database
        .run("insert into flyway_schema_history values (1, '1', 'all', 'SQL', 'V1.sql', 7, 'x', now(), 5, true)")
        .await;
    let with = ["--url", &database.url];
    let plan = cli.run(&[&["migrate", "adopt"], &with[..]].concat()).expect(0);
    assert!(plan.out.contains("Flyway in public.flyway_schema_history"), "{}", plan.out);
    assert!(plan.out.contains("MATCHES"), "{}", plan.out);
    assert!(gone(&database, "schema_migrations").await);
    let apply = [&["migrate", "adopt", "--apply"], &with[..]].concat();
    assert!(cli.run(&apply).expect(4).err.contains("--yes"));
    let adopted = cli.json(&[&apply[..], &["--yes", "--json"]].concat());
    assert!(!adopted["bound"].as_array().unwrap().is_empty(), "{adopted}");
    let status = cli.run(&[&["migrate", "status"], &with[..]].concat()).expect(0);
    assert!(status.out.contains("BASELINED  20251106000001"), "{}", status.out);
    assert_eq!(database.count("flyway_schema_history").await, 1);
    assert_eq!(database.count("evaluation_runs").await, 0);
}
