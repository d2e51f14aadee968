use super::*;

struct Row(Vec<Option<Vec<u8>>>);

impl RowBytes for Row {
    fn append_to(&self, columns: usize, rows: &mut Vec<u8>) -> bool {
        self.0.iter().for_each(|cell| push_cell(cell.as_deref(), rows));
        self.0.len() == columns
    }
}

fn row(number: u64, long: usize) -> Row {
    let text = format!("{number}:{}", "x".repeat(long));
    let null = if number.is_multiple_of(3) { None } else { Some(Vec::new()) };
    Row(vec![Some(text.into_bytes()), null])
}

async fn filled(budget: u64, rows: u64, long: usize) -> (tempfile::TempDir, Arc<Store>, Arc<Budget>) {
    let folder = tempfile::tempdir().unwrap();
    let budget = Budget::new(budget);
    let store = Store::new(2, &folder.path().join("results"), &budget);
    let mut appender = Appender::new(&store);
    for number in 0..rows {
        assert!(appender.row(&row(number, long)));
        assert!(!appender.row(&Row(vec![Some(b"other".to_vec())])), "a row of another store");
        if number % 7 == 0 {
            appender.hand_over().await.unwrap();
            check(&store, number, long);
        }
    }
    appender.finish().await.unwrap();
    (folder, store, budget)
}

fn check(store: &Arc<Store>, number: u64, long: usize) {
    let mut reader = store.reader(number).unwrap();
    assert!(reader.next_row(), "row {number}");
    for expected in row(number, long).0 {
        let length = reader.length().unwrap();
        assert_eq!(length, expected.as_ref().map(Vec::len), "row {number}");
        let mut found = Vec::new();
        reader.take(length.unwrap_or(0), &mut found).unwrap();
        assert_eq!(found, expected.unwrap_or_default(), "row {number}");
    }
}

#[tokio::test]
async fn every_row_reads_as_it_was_written_in_memory_and_in_the_file() {
    for (budget, long) in [(u64::MAX / 2, 10), (3 * 1024 * 1024, 900), (0, 300_000)] {
        let rows = if long > 100_000 { 40 } else { 9_000 };
        let (_folder, store, _) = filled(budget, rows, long).await;
        assert_eq!((store.rows(), store.is_complete()), (rows, true));
        for number in (0..rows).rev() {
            check(&store, number, long);
        }
        assert!(!store.reader(rows).unwrap().next_row());
        assert_eq!(store.spilled() > 0, budget < u64::MAX / 2);
    }
}

#[tokio::test]
async fn a_result_that_goes_gives_its_memory_back_and_leaves_no_file() {
    let (folder, store, budget) = filled(2 * 1024 * 1024, 9_000, 900).await;
    let files = std::fs::read_dir(folder.path().join("results")).unwrap().count();
    assert!(store.spilled() > 0);
    assert_eq!(files, 0, "the file has no name");
    assert!(!budget.take(2 * 1024 * 1024));
    drop(store);
    assert!(budget.take(2 * 1024 * 1024));
}

#[tokio::test]
async fn an_empty_result_has_no_rows_and_is_complete() {
    let (_folder, store, _) = filled(0, 0, 0).await;
    assert_eq!((store.rows(), store.bytes(), store.is_complete()), (0, 0, true));
}
