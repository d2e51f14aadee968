-- Where this server listens, for roles that may not ask for the cluster's number.
select concat_ws('/', coalesce(host(inet_server_addr()), 'local'), current_setting('port'), current_database());
