-- One life of the server's shared memory: the same after an orderly restart, another after every crash. A crash throws
-- the server's statistics away, and they begin anew then.
select coalesce(extract(epoch from stats_reset)::text, '') from pg_stat_bgwriter;
