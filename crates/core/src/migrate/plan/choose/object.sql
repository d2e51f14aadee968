-- Whether a relation is there; with a table ($2), whether that has such a column, or else such a constraint. An index that
-- broke off is there for whoever drops it, and not ($4) for whoever makes it; one that is made goes into the schema of its
-- table ($5), wherever names are looked up.
with named as (
  select case
    when $5::text is null then to_regclass($1)::oid
    else (
      select to_regclass(quote_ident(n.nspname) || '.' || $1)::oid
      from pg_class as t join pg_namespace as n on n.oid = t.relnamespace
      where t.oid = to_regclass($5)
    )
  end as oid
)
select case
  when $2::text is null then (select oid from named) is not null and not ($4 and exists (
    select from pg_index where indexrelid = (select oid from named) and not (indisvalid and indisready)
  ))
  when $3 then exists (
    select from pg_attribute
    where attrelid = to_regclass($2) and attname = (parse_ident($1))[1] and attnum > 0 and not attisdropped
  )
  else exists (
    select from pg_constraint where conrelid = to_regclass($2) and conname = (parse_ident($1))[1]
  )
end;
