/** The plan of a statement, for the query screen. */
export { default as ExplainPane } from './ExplainPane.svelte';
export { default as ReportView } from './ReportView.svelte';
