//! The one list of commands. Hosts call `command_table!(their_macro)` and expand the same rows.
//!
//! A row: kind (call, job, stream), name, argument type, reply type, permission set. The function has the row's name
//! and lives in `commands/`; a job replies with its id at once, a stream's reply is the type of its items.

/// Calls a macro with every row of the command table.
#[macro_export]
macro_rules! command_table {
    ($expand:ident) => {
        $expand! {
            call app_info(NoArguments) -> AppInfo, read_only;
            call audit_list(AuditListArguments) -> Vec<AuditEntry>, read_only;
            call cell_show(CellArguments) -> CellValue, read_only;
            call chart_index_sizes(ChartArguments) -> Chart, read_only;
            call connection_arrange(ConnectionArrangeArguments) -> Vec<ConnectionProfile>, admin;
            call connection_close(ConnectionArguments) -> Done, read_only;
            call connection_database_yml(ConnectionArguments) -> DatabaseYml, read_only;
            call connection_discover(NoArguments) -> Vec<ImportDiscovery>, read_only;
            call connection_duplicate(ConnectionDuplicateArguments) -> ConnectionProfile, admin;
            call connection_export(ConnectionExportArguments) -> ConnectionExport, read_only;
            call connection_import(ConnectionImportArguments) -> Vec<ConnectionProfile>, admin;
            call connection_import_plan(ConnectionImportPlanArguments) -> ImportPlan, read_only;
            call connection_list(NoArguments) -> ConnectionList, read_only;
            call connection_open(ConnectionOpenArguments) -> OpenConnection, read_only;
            call connection_parse_url(UrlArguments) -> UrlParts, read_only;
            call connection_ping(ConnectionArguments) -> Ping, read_only;
            call connection_remove(ConnectionArguments) -> Done, admin;
            call connection_save(ConnectionSaveArguments) -> ConnectionProfile, admin;
            call connection_test(ConnectionTestArguments) -> ConnectionTest, read_only;
            call database_create(DatabaseCreateArguments) -> Done, admin;
            call database_create_plan(DatabaseCreatePlanArguments) -> DatabaseCreatePlan, read_only;
            call database_drop(DatabaseDropArguments) -> Done, admin;
            call database_drop_plan(DatabaseDropPlanArguments) -> DatabaseDropPlan, read_only;
            call database_list(ConnectionArguments) -> Vec<ServerDatabase>, read_only;
            call database_open(DatabaseOpenArguments) -> ConnectionProfile, admin;
            call connection_trust_host(HostTrustArguments) -> Done, admin;
            job demo_load(DemoArguments) -> JobStarted, write_data;
            call index_sizes(ConnectionArguments) -> Vec<IndexSize>, read_only;
            call job_cancel(JobArguments) -> Done, read_only;
            call job_list(NoArguments) -> Vec<JobRecord>, read_only;
            call job_show(JobArguments) -> JobRecord, read_only;
            job local_open(LocalOpenArguments) -> JobStarted, admin;
            call local_reset(LocalResetArguments) -> LocalResetReply, admin;
            call local_start(NoArguments) -> LocalStatusReply, admin;
            call local_status(NoArguments) -> LocalStatusReply, read_only;
            call local_stop(NoArguments) -> LocalStatusReply, admin;
            job local_upgrade(LocalUpgradeArguments) -> JobStarted, admin;
            call local_upgrade_plan(LocalUpgradePlanArguments) -> UpgradePlan, read_only;
            job maintenance_apply(MaintenanceApplyArguments) -> JobStarted, maintenance;
            call maintenance_plan(MaintenancePlanArguments) -> VacuumPlan, read_only;
            call migrate_accept(MigrateAcceptArguments) -> MigrationSource, migrate;
            job migrate_adopt_apply(MigrateAdoptArguments) -> JobStarted, migrate;
            call migrate_adopt_plan(ConnectionArguments) -> AdoptPlan, read_only;
            job migrate_apply(MigrateApplyArguments) -> JobStarted, migrate;
            call migrate_diff(MigrateDiffArguments) -> MigrationDiff, read_only;
            call migrate_drift(ConnectionArguments) -> DriftReport, read_only;
            call migrate_lint(MigrateLintArguments) -> Vec<LintedScript>, read_only;
            call migrate_lock(ConnectionArguments) -> Option<MigrationLockHolder>, read_only;
            call migrate_log_list(MigrateLogArguments) -> MigrationLogReply, read_only;
            call migrate_log_show(MigrateLogEntryArguments) -> LogEntry, read_only;
            call migrate_matrix(MigrateMatrixArguments) -> MigrationMatrix, read_only;
            call migrate_new(MigrateNewArguments) -> NewMigration, migrate;
            call migrate_plan(MigratePlanArguments) -> MigrationPlan, read_only;
            call migrate_rehearsal_list(ConnectionArguments) -> Vec<RehearsalSummary>, read_only;
            job migrate_rehearse(MigrateRehearseArguments) -> JobStarted, migrate;
            call migrate_repair_apply(MigrateRepairApplyArguments) -> RepairApplied, migrate;
            call migrate_repair_list(ConnectionArguments) -> Vec<NeededRepair>, read_only;
            call migrate_repair_plan(MigrateRepairArguments) -> RepairPlan, read_only;
            call migrate_source(MigrateSourceArguments) -> MigrationSource, read_only;
            call migrate_status(ConnectionArguments) -> MigrationStatus, read_only;
            call migrate_verify(MigrateVerifyArguments) -> Vec<VerifyReport>, read_only;
            call migrate_write(MigrateWriteArguments) -> MigrationSource, migrate;
            call overview_show(ConnectionArguments) -> OverviewReply, read_only;
            call query_analyze(QueryExplainArguments) -> ExplainReply, write_data;
            call query_cancel(QueryTabArguments) -> QueryState, read_only;
            call query_cell(QueryCellArguments) -> QueryCellPart, read_only;
            call query_close(QueryTabArguments) -> Done, read_only;
            call query_copy(QueryCopyArguments) -> QueryCopy, read_only;
            call query_draft_list(NoArguments) -> Vec<QueryDraft>, read_only;
            call query_draft_remove(QueryDraftArguments) -> Done, read_only;
            call query_draft_save(QueryDraftSaveArguments) -> QueryDraftSaved, read_only;
            call query_explain(QueryExplainArguments) -> ExplainReply, read_only;
            call query_explain_stop(QueryExplainStopArguments) -> ExplainStopped, read_only;
            call query_edit_apply(QueryEditApplyArguments) -> QueryEditApplied, write_data;
            call query_edit_plan(QueryEditPlanArguments) -> QueryEditPlan, read_only;
            call query_find(QueryFindArguments) -> Option<QueryPlace>, read_only;
            call query_complete(QueryCompleteArguments) -> QueryCompletion, read_only;
            job query_export(QueryExportArguments) -> JobStarted, read_only;
            job query_export_replace(QueryExportArguments) -> JobStarted, write_data;
            call query_file_changed(QueryFileChangedArguments) -> Vec<String>, read_only;
            call query_file_list(QueryFileListArguments) -> Vec<QueryFile>, read_only;
            call query_file_read(QueryFileArguments) -> QueryFileText, read_only;
            call query_file_remove(QueryFileRemoveArguments) -> Done, read_only;
            call query_file_rename(QueryFileRenameArguments) -> QueryFileText, read_only;
            call query_file_save(QueryFileSaveArguments) -> QueryFileText, read_only;
            call query_format(QueryFormatArguments) -> Formatted, read_only;
            call query_history_list(QueryHistoryListArguments) -> Vec<QueryHistoryEntry>, read_only;
            call query_history_remove(QueryHistoryRemoveArguments) -> QueryHistoryRemoved, read_only;
            call query_read(QueryRunArguments) -> QueryRunReply, read_only;
            call query_rows(QueryRowsArguments) -> QueryRows, read_only;
            call query_run(QueryRunArguments) -> QueryRunReply, write_data;
            call query_settings_save(QuerySettingsArguments) -> QuerySettings, admin;
            call query_settings_show(NoArguments) -> QuerySettings, read_only;
            call query_split(QuerySplitArguments) -> Vec<QueryPiece>, read_only;
            call query_state(QueryTabArguments) -> QueryState, read_only;
            call query_terminate(QueryTabArguments) -> QueryState, read_only;
            call query_transaction(QueryTransactionArguments) -> QueryState, write_data;
            call query_view(QueryViewArguments) -> QueryView, read_only;
            stream query_watch(QueryTabArguments) -> QueryState, read_only;
            call result_list(ResultListArguments) -> ResultPage, read_only;
            call result_show(ResultArguments) -> ResultDetail, read_only;
            call run_facets(RunFacetsArguments) -> RunFacets, read_only;
            call run_list(RunListArguments) -> RunPage, read_only;
            call run_show(RunArguments) -> RunDetail, read_only;
            stream session_events(NoArguments) -> SessionEvent, read_only;
            call span_show(SpanArguments) -> SpanDetail, read_only;
            call span_tree(SpanTreeArguments) -> SpanTree, read_only;
            call table_count(TableArguments) -> TableCount, read_only;
            call table_list(TableListArguments) -> Vec<TableSummary>, read_only;
            call table_rows(TableRowsArguments) -> RowsPage, read_only;
            call table_show(TableArguments) -> TableDetail, read_only;
        }
    };
}
