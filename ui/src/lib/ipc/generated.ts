// Placeholder until the backend's generator writes this file. Not for editing.
export type Environment = 'development' | 'test' | 'staging' | 'production' | 'other';
export type TlsMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
export type SecretPolicy = 'keyring' | 'ask' | 'none';
export type Timeouts = { connectMs: number; statementMs: number; lockMs: number; idleInTransactionMs: number };
export type ConnectionProfile = {
  id: string; name: string; host: string; port: number; database: string; user: string; environment: Environment;
  color: string | null; readOnly: boolean; tls: TlsMode; tlsRootCert: string | null; applicationName: string;
  poolSize: number; timeouts: Timeouts; secretPolicy: SecretPolicy; local: boolean;
};
export type ErrorReport = {
  code: string; message: string; hint: string | null; detail: string | null; sqlstate: string | null;
  position: number | null; object: unknown; retryable: boolean; causes: string[];
};
export type StepOutcome = 'ok' | 'attention' | 'failed' | 'skipped';
export type TestStep = { name: string; outcome: StepOutcome; detail: string };
export type ServerVersion = { number: number; text: string; major: number };
export type ServerFacts = {
  version: ServerVersion; notice: string | null; database: string; encoding: string; role: string; superuser: boolean;
  mayCreate: boolean; extensions: string[]; tls: string | null; inRecovery: boolean;
};
export type OpenConnection = { profile: ConnectionProfile; server: ServerFacts; schema: any; pingMs: number };
export type ConnectionTest = { steps: TestStep[]; server: ServerFacts | null; error: ErrorReport | null; tookMs: number };
export type Progress = { phase: string; done: number | null; total: number | null; unit: string | null; detail: string | null };
export type JobState = 'running' | 'cancelling' | 'done' | 'failed' | 'cancelled' | 'orphaned';
export type JobRecord = {
  id: string; kind: string; title: string; connectionId: string | null; state: JobState; progress: Progress;
  startedAt: string; endedAt: string | null; outcome: unknown; failure: { kind: string; message: string; hint: string | null } | null;
};
export type SessionEvent = { type: 'job'; job: JobRecord } | { type: 'connections' } | { type: 'missed' };
export type AppInfo = { version: string; dataFolder: string; secretStore: string; secretProblem: ErrorReport | null; platform: string };
export type Engine = { version: string; [key: string]: unknown };
export type LocalStatus = { state: string; root: string; dataFolder: string; logFolder: string; major: number | null; engine: Engine | null; port: number | null; socketDir: string | null; pid: number | null; user: string; database: string; runAs: string | null; inUse: boolean; held: boolean; watched: boolean; problem: string | null };
export type LocalStatusReply = { status: LocalStatus; passwordFile: string | null; notices: string[] };
type None = Record<symbol, never>;
export interface Commands {
  app_info: { args: None; reply: AppInfo };
  connection_close: { args: { connection: string }; reply: None };
  connection_list: { args: None; reply: { connections: ConnectionProfile[]; open: string[]; notice: string | null } };
  connection_open: { args: { connection: string; password?: string | null }; reply: OpenConnection };
  connection_parse_url: { args: { url: string }; reply: { profile: ConnectionProfile; hasPassword: boolean } };
  connection_ping: { args: { connection: string }; reply: { ms: number } };
  connection_remove: { args: { connection: string }; reply: None };
  connection_save: { args: { profile: ConnectionProfile; password?: string | null; url?: string | null }; reply: ConnectionProfile };
  connection_test: { args: { profile: ConnectionProfile; password?: string | null; url?: string | null }; reply: ConnectionTest };
  job_cancel: { args: { job: string }; reply: None };
  job_list: { args: None; reply: JobRecord[] };
  job_show: { args: { job: string }; reply: JobRecord };
  local_open: { args: any; reply: { job: string } };
  local_status: { args: None; reply: LocalStatusReply };
  local_start: { args: None; reply: LocalStatusReply };
  local_stop: { args: None; reply: LocalStatusReply };
}
export interface Streams {
  session_events: { args: None; item: SessionEvent };
}
