-- Which of the plan's names stand for something, by their place in $1 (names) and $2 (of an index that is to be built, the
-- table that it will be on). A long history begins with nothing there: then the large question need not be asked.
select w.place::int
from unnest($1::text[], $2::text[]) with ordinality as w (name, on_table, place)
where to_regclass(coalesce(w.on_table, w.name)) is not null;
