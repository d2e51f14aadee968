-- The statement that makes a scratch database ($1) with the encoding and the locale of this one, from template0:
-- what an administrator put into template1 is no part of any migration. Providers other than libc are known from
-- 15 on, where the columns are called otherwise in 17. PostgreSQL 12 to 18.
select format('create database %I template template0 encoding %L lc_collate %L lc_ctype %L',
    $1::text, pg_encoding_to_char(d.encoding), d.datcollate, d.datctype)
  || case facts ->> 'datlocprovider'
    when 'i' then format(' locale_provider icu icu_locale %L', coalesce(facts ->> 'datlocale', facts ->> 'daticulocale'))
    when 'b' then format(' locale_provider builtin builtin_locale %L', facts ->> 'datlocale')
    else ''
  end
from pg_database as d, lateral (select to_jsonb(d) as facts) as more
where d.datname = current_database()
