    from evaluation_results x
    cross join lateral (
