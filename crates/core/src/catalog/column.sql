-- The columns of one table ($1 = oid), with statistics where this role may see them. PostgreSQL 12 to 18.
select
    a.attnum::int as ordinal,
    a.attname::text as name,
    format_type(a.atttypid, a.atttypmod) as type_name,
    not a.attnotnull as nullable,
    pg_get_expr(d.adbin, d.adrelid) as "default",
    case
        when a.attidentity = 'a' then 'always'
        when a.attidentity = 'd' then 'by default'
        when a.attidentity <> '' then a.attidentity::text
        when a.attgenerated = 's' then 'stored'
        when a.attgenerated = 'v' then 'virtual'
        when a.attgenerated <> '' then a.attgenerated::text
    end as generated,
    col_description(a.attrelid, a.attnum) as comment,
    coalesce(a.attnum = any(pk.indkey::int2[]), false) as primary_key,
    st.null_frac::float8 as null_fraction,
    st.n_distinct::float8 as distinct_values,
    st.avg_width as average_width
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_index pk on pk.indrelid = a.attrelid and pk.indisprimary
left join lateral (
    -- A partitioned parent has a row of its own and one for the whole tree: take the wider.
    select s.null_frac, s.n_distinct, s.avg_width
    from pg_stats s
    where s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname
    order by s.inherited desc
    limit 1
) st on true
where a.attrelid = $1::bigint::oid and a.attnum > 0 and not a.attisdropped
order by a.attnum
