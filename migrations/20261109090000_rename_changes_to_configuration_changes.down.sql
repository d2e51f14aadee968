-- Back to the guide's name.

alter table evaluation_configurations rename column configuration_changes to changes;
