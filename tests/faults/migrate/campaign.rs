//! The campaign: a run is recorded once round by round, and then broken at each of them.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use evaldesk_core::catalog::fingerprint::quick_fingerprint;
use sqlx::{Connection as _, PgConnection};
use support::{Proxy, Side};

use super::case::{Case, Fault, Stand, Then};
use super::child::Runner;
use super::ground::{self, Ground};
use super::mixed::{Mode, Place, STATEMENTS};
use super::truth::{self, Clean, Found};

const KINDS: [(Mode, Place); 4] = [
    (Mode::StatementByStatement, Place::Database),
    (Mode::StatementByStatement, Place::File),
    (Mode::OneTransaction, Place::Database),
    (Mode::OneTransaction, Place::File),
];

/// Statements that touch a table that was there before: a lock on it holds them. In one transaction only the first of
/// them waits, since the transaction has the table from then on.
fn holdable(mode: Mode) -> &'static [usize] {
    if mode == Mode::OneTransaction { &[3] } else { &[3, 4, 5, 6, 7, 9] }
}

/// As long as anything may take on a busy machine.
const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_sample_of_the_campaign_leaves_the_truth_and_two_ways_out() {
    let ground = Arc::new(Ground::on(support::usual()).await);
    let cases = every_case(&ground).await;
    // Prime to the number of faults, sides and ways out: all of them come up.
    let sample: Vec<_> = cases.into_iter().step_by(61).collect();
    assert!(sample.len() >= 12, "{}", sample.len());
    run(vec![ground], sample).await;
}

/// `cargo xtask faults`
#[tokio::test]
#[ignore = "takes the better part of an hour: cargo xtask faults"]
async fn the_whole_campaign() {
    for major in support::versions() {
        let started = Instant::now();
        let grounds = [Ground::on(major).await, Ground::on(major).await, Ground::on(major).await];
        let grounds: Vec<_> = grounds.into_iter().map(Arc::new).collect();
        let cases = every_case(&grounds[0]).await;
        say(&format!("PostgreSQL {major}: {} cases", cases.len()));
        let count = cases.len();
        run(grounds, cases).await;
        say(&format!("PostgreSQL {major}: {count} cases hold ({} s)", started.elapsed().as_secs()));
    }
}

/// Every boundary of every kind of run, with every fault.
async fn every_case(ground: &Ground) -> Vec<Case> {
    let mut cases = Vec::new();
    for (mode, place) in KINDS {
        let rounds = record(ground, mode, place).await;
        let mut stands: Vec<_> = (begins(&rounds)..rounds.len())
            .flat_map(|round| [Stand::Round(round, Side::Before), Stand::Round(round, Side::After)])
            .collect();
        stands.extend(holdable(mode).iter().map(|statement| {
            let round = round_of(&rounds, mode, *statement);
            Stand::Waiting { statement: *statement, round }
        }));
        for stand in stands {
            for fault in Fault::ALL {
                let number = cases.len();
                // Neighbouring boundaries take turns, and so do the faults of one.
                let then = if (number + number / 4) % 2 == 0 { Then::Forward } else { Then::Back };
                cases.push(Case { number, mode, place, stand, fault, then });
            }
        }
    }
    cases
}

/// Runs the version without any fault, and tells what its session sent.
async fn record(ground: &Ground, mode: Mode, place: Place) -> Vec<String> {
    let url = ground.fresh("recorded", place).await;
    let proxy = Proxy::to(ground.cluster.port());
    let mut runner = Runner::start(&proxy.url("recorded"), mode, place, ground.logs.path());
    assert!(runner.end(LONG).expect("the runner ends").success(), "a run without a fault fails");
    let rounds = proxy.rounds();
    ground::gone(&url).await;
    ground.drop("recorded").await;
    rounds
}

/// The first round of the version itself; what comes before it only reads.
fn begins(rounds: &[String]) -> usize {
    let first = rounds.iter().position(|text| text.contains("One hash over everything"));
    first.expect("the schema's fingerprint comes before the first statement")
}

/// Where a statement of the version is sent.
fn round_of(rounds: &[String], mode: Mode, statement: usize) -> usize {
    let sql = STATEMENTS[statement].0.split_whitespace().collect::<Vec<_>>().join(" ");
    let sql = if mode == Mode::OneTransaction { sql.replace("CONCURRENTLY ", "") } else { sql };
    rounds.iter().position(|text| text.starts_with(&sql)).expect("the statement is sent")
}

/// Runs the cases, as many at once as there are servers, and fails with all that did not hold.
async fn run(grounds: Vec<Arc<Ground>>, cases: Vec<Case>) {
    let (cases, next, found) =
        (Arc::new(cases), Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(String::new())));
    let workers: Vec<_> = grounds
        .into_iter()
        .enumerate()
        .map(|(worker, ground)| {
            let (cases, next, found) = (Arc::clone(&cases), Arc::clone(&next), Arc::clone(&found));
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let clean = Cleans::on(&ground, worker).await;
                    while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Err(wrong) = one(&ground, case, &clean).await {
                            say(&format!("{case}: {wrong}"));
                            let _ = writeln!(found.lock().unwrap(), "{case}: {wrong}");
                        }
                    }
                });
            })
        })
        .collect();
    tokio::task::spawn_blocking(move || workers.into_iter().for_each(|worker| worker.join().unwrap()))
        .await
        .unwrap();
    let found = found.lock().unwrap();
    assert!(found.is_empty(), "of {} cases these do not hold:\n{found}", cases.len());
    say(&format!("{} cases of broken migrations hold", cases.len()));
}

/// What a clean run leaves, in either mode, on one server.
struct Cleans([Clean; 2]);

impl Cleans {
    async fn on(ground: &Ground, worker: usize) -> Self {
        let mut cleans = Vec::new();
        for mode in [Mode::OneTransaction, Mode::StatementByStatement] {
            let name = format!("clean_{worker}");
            let url = ground.fresh(&name, Place::File).await;
            let mut session = PgConnection::connect(&url).await.unwrap();
            let down = quick_fingerprint(&mut session).await.unwrap();
            let mut runner = Runner::start(&url, mode, Place::File, ground.logs.path());
            assert!(runner.end(LONG).is_some_and(|status| status.success()));
            let up = quick_fingerprint(&mut session).await.unwrap();
            assert_ne!(up, down);
            session.close().await.unwrap();
            ground::gone(&url).await;
            ground.drop(&name).await;
            cleans.push(Clean { up, down });
        }
        Self(cleans.try_into().unwrap())
    }

    fn of(&self, mode: Mode) -> &Clean {
        &self.0[usize::from(mode == Mode::StatementByStatement)]
    }
}

/// Runs one case on a database of its own.
async fn one(ground: &Ground, case: &Case, clean: &Cleans) -> Found {
    let name = format!("case_{}", case.number);
    let url = ground.fresh(&name, case.place).await;
    let proxy = Proxy::to(ground.cluster.port());
    let broken = strike(ground, &proxy, &name, case).await;
    drop(proxy);
    ground.answers().await;
    ground::gone(&url).await;
    let found = match broken {
        Ok(()) => truth::check(&url, ground.logs.path(), case, clean.of(case.mode)).await,
        wrong => wrong,
    };
    ground::gone(&url).await;
    ground.drop(&name).await;
    found
}

/// Lets the runner come to where the case stands, and strikes.
async fn strike(ground: &Ground, proxy: &Proxy, name: &str, case: &Case) -> Found {
    let (round, side) = match case.stand {
        Stand::Round(round, side) => (round, side),
        Stand::Waiting { round, .. } => (round, Side::Before),
    };
    proxy.stop_at(round, side);
    let mut runner = Runner::start(&proxy.url(name), case.mode, case.place, ground.logs.path());
    if !proxy.reached(LONG) {
        return Err("the run never came there".to_owned());
    }
    let direct = ground.cluster.url(name);
    let Stand::Waiting { statement, .. } = case.stand else {
        return fault(ground, proxy, &mut runner, &direct, case.fault).await;
    };
    let mut holder = PgConnection::connect(&direct).await.unwrap();
    sqlx::raw_sql(hold(case.mode, statement)).execute(&mut holder).await.unwrap();
    proxy.go_on();
    waits(&direct).await;
    let struck = fault(ground, proxy, &mut runner, &direct, case.fault).await;
    // Gone with its server, or let go here: a build whose runner is dead comes to its end.
    let _ = sqlx::raw_sql("rollback").execute(&mut holder).await;
    let _ = holder.close().await;
    struck
}

/// What is concurrent waits for those who write, everything else for another who changes the table or a row of it.
fn hold(mode: Mode, statement: usize) -> &'static str {
    if mode == Mode::StatementByStatement && STATEMENTS[statement].0.contains("CONCURRENTLY") {
        "begin; lock table base in row exclusive mode"
    } else {
        "begin; lock table base in share update exclusive mode; select 1 from base where id = 1 for update"
    }
}

/// Waits until somebody waits for a lock, or for another's transaction.
async fn waits(url: &str) {
    let mut session = PgConnection::connect(url).await.unwrap();
    let waiting = "select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let until = Instant::now() + LONG;
    while !ground::is_so(&mut session, waiting).await {
        assert!(Instant::now() < until, "nobody waits for the lock");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    session.close().await.unwrap();
}

/// Does the harm, and waits for the runner's end.
async fn fault(ground: &Ground, proxy: &Proxy, runner: &mut Runner, url: &str, fault: Fault) -> Found {
    match fault {
        Fault::KillRunner => {
            runner.kill();
            proxy.cut();
            return Ok(());
        }
        Fault::KillServer => {
            let postmaster = ground.cluster.process().unwrap();
            ground.cluster.kill();
            wait_down(ground, postmaster).await;
            ground.cluster.start();
        }
        Fault::KillBackend => kill_backend(url).await,
        Fault::CutWire => {}
    }
    proxy.cut();
    match runner.end(LONG) {
        Some(status) if status.success() => Err("the runner says that all went well".to_owned()),
        Some(_) => Ok(()),
        None => Err("the runner hangs".to_owned()),
    }
}

/// A postmaster that was killed leaves its children a moment to notice, and none may start while one of them lives.
async fn wait_down(ground: &Ground, postmaster: u32) {
    let data = ground.cluster.data();
    let lives = || {
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let mut places = processes.map(|process| std::fs::read_link(process.path().join("cwd")));
        // One that is dead and not yet buried still counts for the next server's lock file.
        places.any(|place| place.is_ok_and(|place| place == data))
            || std::path::Path::new(&format!("/proc/{postmaster}")).exists()
    };
    while lives() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Kills the process of the session that migrates, and waits until the postmaster has ended all others for it.
async fn kill_backend(url: &str) {
    let mut session = PgConnection::connect(url).await.unwrap();
    let pid = "select pid from pg_locks where locktype = 'advisory' and granted
        and database = (select oid from pg_database where datname = current_database()) limit 1";
    let pid: i32 = sqlx::query_scalar(pid).fetch_one(&mut session).await.unwrap();
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    while sqlx::raw_sql("select 1").execute(&mut session).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Straight to the terminal: the harness would swallow it.
fn say(words: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{words}\n").as_bytes());
}
