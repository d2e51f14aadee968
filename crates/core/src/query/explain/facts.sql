-- What the catalog knows of the relations of a plan ($1 schemas, $2 names, side by side). PostgreSQL 12 to 18; needs no
-- privilege beyond reading the catalog.
select
    n.nspname::text as schema,
    c.relname::text as name,
    c.oid::bigint as oid,
    c.relkind::text as kind,
    c.relpages::bigint as pages,
    -- -1 from 14 on, 0 before: nobody has counted.
    case when c.reltuples > 0 then c.reltuples::float8 end as rows,
    coalesce(pg_relation_size(c.oid), 0) as bytes,
    s.n_live_tup as live,
    s.n_mod_since_analyze as changed_since,
    greatest(s.last_analyze, s.last_autoanalyze) is not null as analyzed,
    greatest(s.last_vacuum, s.last_autovacuum) is not null as vacuumed,
    c.relallvisible::bigint as visible_pages,
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'name', a.attname, 'type', format_type(a.atttypid, null), 'width', t.typlen,
            'average_width', stats.avg_width, 'distinct', stats.n_distinct, 'correlation', stats.correlation)), '[]')
        from pg_attribute a
        join pg_type t on t.oid = a.atttypid
        left join pg_stats stats
            on stats.schemaname = n.nspname and stats.tablename = c.relname and stats.attname = a.attname
                and not stats.inherited
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    )::text as columns,
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'name', x.relname, 'method', am.amname, 'valid', i.indisvalid, 'partial', i.indpred is not null,
            'columns', (
                select jsonb_agg(a.attname order by key.place)
                from unnest(i.indkey::int2[]) with ordinality as key(attnum, place)
                left join pg_attribute a
                    on a.attrelid = i.indrelid and a.attnum = key.attnum and key.attnum <> 0
                where key.place <= i.indnkeyatts),
            'classes', (
                select jsonb_agg(o.opcname order by class.place)
                from unnest(i.indclass::oid[]) with ordinality as class(oid, place)
                join pg_opclass o on o.oid = class.oid),
            'definition', pg_get_indexdef(i.indexrelid))), '[]')
        from pg_index i
        join pg_class x on x.oid = i.indexrelid
        join pg_am am on am.oid = x.relam
        where i.indrelid = c.oid
    )::text as indexes
from unnest($1::text[], $2::text[]) as wanted(schema, name)
join pg_namespace n on n.nspname = wanted.schema
join pg_class c on c.relnamespace = n.oid and c.relname = wanted.name
left join pg_stat_all_tables s on s.relid = c.oid
