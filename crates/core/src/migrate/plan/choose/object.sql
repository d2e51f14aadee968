-- Whether a relation is there; with a table, whether that has such a column, or else such a constraint. An index that
-- broke off counts as there: it has to be dropped, and stands in the way of making it.
select case
  when $2::text is null then to_regclass($1) is not null
  when $3 then exists (
    select from pg_attribute
    where attrelid = to_regclass($2) and attname = (parse_ident($1))[1] and attnum > 0 and not attisdropped
  )
  else exists (
    select from pg_constraint where conrelid = to_regclass($2) and conname = (parse_ident($1))[1]
  )
end;
