-- Back to the guide's name.
-- evaldesk: accept renaming-column because it takes the opt-in rename back, and Evaldesk reads either name

alter table evaluation_configurations rename column configuration_changes to changes;
