-- Whether a relation is there; with a table, whether that has such a column, or else such a constraint. An index that
-- broke off is there for whoever drops it, and not ($4) for whoever makes it.
select case
  when $2::text is null then to_regclass($1) is not null and not ($4 and exists (
    select from pg_index where indexrelid = to_regclass($1) and not (indisvalid and indisready)
  ))
  when $3 then exists (
    select from pg_attribute
    where attrelid = to_regclass($2) and attname = (parse_ident($1))[1] and attnum > 0 and not attisdropped
  )
  else exists (
    select from pg_constraint where conrelid = to_regclass($2) and conname = (parse_ident($1))[1]
  )
end;
