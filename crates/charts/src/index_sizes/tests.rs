use super::*;

const SIZE: Size = Size { width: 640, height: 260 };

fn bar(table: &str, index: &str, method: &str, bytes: u64, scans: Option<u64>) -> IndexSizeBar {
    let (table, index, method) = (table.to_owned(), index.to_owned(), method.to_owned());
    IndexSizeBar { table, index, method, bytes, scans, valid: true }
}

fn bars() -> Vec<IndexSizeBar> {
    let mut bars = vec![
        bar("evaluation_spans", "evaluation_spans_pkey", "btree", 137_363_456, Some(18_402)),
        bar("evaluation_spans", "index_evaluation_spans_on_span_data", "gin", 3_650_722_201, Some(41_208)),
        bar("evaluation_results", "index_evaluation_results_on_token_metrics", "gin", 736_100_352, Some(0)),
        bar(
            "evaluation_results",
            "index_evaluation_results_on_baseline_comparison",
            "gin",
            509_607_936,
            None,
        ),
        bar("evaluation_spans", "a<b>&\"c\"", "btree", 8_192, Some(0)),
        bar("evaluation_runs", "evaluation_runs_by_meaning", "hnsw", 91_226_112, Some(1)),
    ];
    bars[5].valid = false;
    bars
}

#[test]
fn the_svg_is_as_it_was() {
    insta::assert_snapshot!(index_sizes_svg(&bars(), Theme::Light, SIZE).unwrap());
}

#[test]
fn nothing_in_it_is_refused_by_a_strict_policy() {
    for theme in [Theme::Light, Theme::Dark] {
        let svg = index_sizes_svg(&bars(), theme, SIZE).unwrap();
        for forbidden in ["style=", "<script", "onload", "href", "a<b>"] {
            assert!(!svg.contains(forbidden), "{forbidden}");
        }
    }
}

#[test]
fn the_largest_stands_first_and_says_so_in_words() {
    let svg = index_sizes_svg(&bars(), Theme::Light, SIZE).unwrap();
    assert!(svg.contains("role=\"img\""));
    assert!(svg.contains("6 indexes, 4.8 GB together. The largest is index_evaluation_spans_on_span_data"));
    assert!(svg.contains("2 had no scans."));
}

#[test]
fn what_does_not_fit_is_summed() {
    let many: Vec<_> = (0..40).map(|n| bar("t", &format!("index_{n}"), "btree", 1 << 20, Some(1))).collect();
    let svg = index_sizes_svg(&many, Theme::Light, SIZE).unwrap();
    assert!(svg.contains("33 more, 33 MB together"), "{svg}");
}

#[test]
fn no_index_at_all_is_a_picture_too() {
    let svg = index_sizes_svg(&[], Theme::Dark, SIZE).unwrap();
    assert!(svg.contains("There are no indexes."));
}

#[test]
fn a_size_that_nothing_fits_in_is_refused() {
    let tiny = Size { width: 10, height: 10 };
    assert!(matches!(index_sizes_svg(&bars(), Theme::Light, tiny), Err(ChartError::Size { .. })));
    let huge = Size { width: u32::MAX, height: 100 };
    assert!(index_sizes_png(&bars(), Theme::Light, huge).is_err());
}

#[test]
fn a_png_has_two_pixels_for_one() {
    let png = index_sizes_png(&bars(), Theme::Light, SIZE).unwrap();
    let decoded = ::png::Decoder::new(png.as_slice()).read_info().unwrap();
    assert_eq!((decoded.info().width, decoded.info().height), (1280, 520));
}
