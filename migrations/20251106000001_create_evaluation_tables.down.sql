-- Drops the four tables with every row in them: whoever refers goes before what it refers to.
-- No "cascade": a view or a foreign key that somebody else built on them stops this, and is named.

drop table evaluation_results;
drop table evaluation_configurations;
drop table evaluation_spans;
drop table evaluation_runs;
