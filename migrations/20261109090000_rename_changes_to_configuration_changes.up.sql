-- evaldesk: opt-in
-- evaldesk: requires 20251106000001
-- The rename that newer RAAF makes: ActiveRecord refuses to load a model with a column "changes".
-- Opt-in, since writers that still say "changes" fail from this moment on. Evaldesk reads either name.
-- evaldesk: accept renaming-column because RAAF itself renames it, the version is opt-in, and Evaldesk reads either name

alter table evaluation_configurations rename column changes to configuration_changes;
