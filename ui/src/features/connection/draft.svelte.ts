/**
 * A connection while it is being edited. Address and fields say the same: typing one follows in the other. The address
 * is never rewritten under the person's fingers: a password in it moves to its own field when the address is left.
 */
import type { Client, ConnectionProfile, Environment, MigrationSettings, SecretPolicy, SshTunnel, Timeouts, TlsFiles, TlsMode, WriteMode } from '$lib/ipc';
import { AppError } from '$lib/ipc';
import { formatAddress, isHere, passwordIn } from './address';
import { NEW_PROFILE, USUAL_WRITES } from './defaults';
import { type Problem, problemsOf } from './problems';

export class Draft {
  name = $state('');
  host = $state('');
  port = $state('');
  database = $state('');
  user = $state('');
  environment = $state<Environment>('development');
  group = $state('');
  notes = $state('');
  color = $state<string | null>(null);
  /** Marked by its owner: jobs are refused too. */
  readOnly = $state(false);
  /** Null follows the environment. */
  writes = $state<WriteMode | null>(null);
  tls = $state<TlsMode>('prefer');
  tlsRootCert = $state('');
  tlsFiles = $state<TlsFiles>({ ...NEW_PROFILE.tlsFiles });
  /** verify-full stands there because we proposed it. */
  tlsProposed = $state(false);
  ssh = $state<SshTunnel | null>(null);
  /** Passphrase or password of the tunnel; empty leaves the kept one as it is. */
  sshSecret = $state('');
  secretPolicy = $state<SecretPolicy>('keyring');
  passwordCommand = $state('');
  poolSize = $state(4);
  timeouts = $state<Timeouts>({ ...NEW_PROFILE.timeouts });
  migrations = $state<MigrationSettings>({ ...NEW_PROFILE.migrations });
  /** Empty leaves the kept one as it is. */
  password = $state('');
  address = $state('');
  addressError = $state.raw<AppError | null>(null);
  #base: ConnectionProfile;
  #clean = '';
  #settling: Promise<void> = Promise.resolve();
  #typing: ReturnType<typeof setTimeout> | null = null;
  /** What the address suggested last: a name or environment that was not touched since goes on following it. */
  #suggested: { name: string; environment: Environment };
  readonly #client: Client;

  constructor(client: Client, profile: ConnectionProfile) {
    this.#client = client;
    this.#base = profile;
    this.#suggested = { name: profile.name, environment: profile.environment };
    this.take(profile);
  }

  get isNew(): boolean {
    return this.#base.id === '';
  }

  get dirty(): boolean {
    return this.password !== '' || this.sshSecret !== '' || this.#halfTyped || JSON.stringify(this.profile()) !== this.#clean;
  }

  /** An address that the fields do not say yet. */
  get #halfTyped(): boolean {
    const typed = this.address.trim();
    return typed !== '' && typed !== this.#addressOf();
  }

  /** Takes a saved profile: nothing is unsaved after that. */
  take(profile: ConnectionProfile): void {
    this.#base = profile;
    this.#fill(profile);
    this.environment = profile.environment;
    this.group = profile.group ?? '';
    this.notes = profile.notes ?? '';
    this.color = profile.color;
    this.readOnly = profile.readOnly;
    this.writes = profile.writes;
    this.tlsFiles = { ...profile.tlsFiles };
    this.tlsProposed = false;
    this.ssh = profile.ssh ? { ...profile.ssh, jump: [...profile.ssh.jump] } : null;
    this.sshSecret = '';
    this.passwordCommand = profile.passwordCommand ?? '';
    this.poolSize = profile.poolSize;
    this.secretPolicy = profile.secretPolicy;
    this.timeouts = { ...profile.timeouts };
    this.migrations = { ...profile.migrations };
    this.name = profile.name;
    this.password = '';
    this.address = this.isNew && profile.database === '' ? '' : this.#addressOf();
    this.addressError = null;
    this.#clean = JSON.stringify(this.profile());
  }

  profile(): ConnectionProfile {
    return {
      ...this.#base,
      name: this.name.trim(),
      host: this.host.trim(),
      port: Number(this.port),
      database: this.database.trim(),
      user: this.user.trim(),
      environment: this.environment,
      group: this.group.trim() || null,
      notes: this.notes.trim() || null,
      color: this.color,
      readOnly: this.readOnly,
      writes: this.writes,
      ssh: this.ssh ? { ...this.ssh, host: this.ssh.host.trim() } : null,
      tlsFiles: { ...this.tlsFiles },
      passwordCommand: this.secretPolicy === 'command' ? this.passwordCommand.trim() || null : null,
      poolSize: this.poolSize,
      tls: this.tls,
      tlsRootCert: this.tlsRootCert.trim() || null,
      secretPolicy: this.secretPolicy,
      timeouts: { ...this.timeouts },
      migrations: { ...this.migrations, folder: this.migrations.folder?.trim() || null, rake: this.migrations.rake?.trim() || null },
    };
  }

  /** What save and test take. */
  arguments(): { profile: ConnectionProfile; password?: string; sshSecret?: string } {
    this.movePassword();
    const profile = this.profile();
    return {
      profile,
      ...(this.password === '' ? {} : { password: this.password }),
      ...(this.sshSecret === '' ? {} : { sshSecret: this.sshSecret }),
    };
  }

  problems(): Problem {
    return problemsOf(this);
  }

  /** What SQL may change as things are: the owner's mark, then the connection's own word, then the environment's. */
  get writeMode(): WriteMode {
    return this.readOnly ? 'read_only' : (this.writes ?? USUAL_WRITES[this.environment]);
  }

  chooseWrites(mode: WriteMode): void {
    this.writes = mode;
    if (mode !== 'read_only') this.readOnly = false;
  }

  /** A connection that is made production starts as careful as production is; less is a choice of its own. */
  choose(environment: Environment): void {
    if (environment === 'production' && this.environment !== 'production') this.writes = null;
    this.environment = environment;
  }

  /** A server elsewhere: nobody chose that nobody looks who answers. */
  #proposeTls(): void {
    if (!this.isNew || /[?&]sslmode=/.test(this.address)) return;
    if (this.tls === 'prefer' && !isHere(this.host.trim())) {
      this.tls = 'verify-full';
      this.tlsProposed = true;
    } else if (this.tlsProposed && isHere(this.host.trim())) {
      this.chooseTls('prefer');
    }
  }

  chooseTls(mode: TlsMode): void {
    this.tls = mode;
    this.tlsProposed = false;
  }

  /** After the host changed: so may what is right for it. */
  hostChanged(): void {
    // The address of a moment ago names the mode that was there without anybody's choice.
    this.address = '';
    this.#proposeTls();
    this.fieldsChanged();
  }

  /** After a field changed: the address follows. */
  fieldsChanged(): void {
    this.address = this.#addressOf();
    this.addressError = null;
  }

  /** After the address changed: the fields follow, a moment after the last key. */
  addressChanged(): void {
    if (this.#typing) clearTimeout(this.#typing);
    this.addressError = null;
    this.#typing = setTimeout(() => void this.#follow(this.address.trim()), 250);
  }

  /** The address was left, or is about to be used: now it is whole, or wrong. */
  addressLeft(): Promise<void> {
    this.#settling = this.#settling.then(() => this.#settle());
    return this.#settling;
  }

  async #settle(): Promise<void> {
    if (this.#typing) clearTimeout(this.#typing);
    const typed = this.address.trim();
    if (typed === '' || typed === this.#addressOf()) return;
    this.addressError = await this.#follow(typed);
    if (this.addressError === null && typed === this.address.trim()) this.movePassword();
  }

  /** A half-typed address is no fault: the error is the caller's to show. */
  async #follow(typed: string): Promise<AppError | null> {
    try {
      const { profile } = await this.#client.call('connection_parse_url', { url: typed });
      if (typed === this.address.trim()) this.#take(profile);
      return null;
    } catch (thrown) {
      return AppError.from(thrown);
    }
  }

  #take(profile: ConnectionProfile): void {
    this.#fill(profile);
    if (!this.isNew) return;
    if (this.environment === this.#suggested.environment) this.choose(profile.environment);
    if (this.name === this.#suggested.name) this.name = profile.name;
    this.#proposeTls();
    this.#suggested = { name: profile.name, environment: profile.environment };
  }

  #fill(profile: ConnectionProfile): void {
    this.host = profile.host;
    this.port = String(profile.port);
    this.database = profile.database;
    this.user = profile.user;
    this.tls = profile.tls;
    this.tlsRootCert = profile.tlsRootCert ?? '';
  }

  movePassword(): void {
    const found = passwordIn(this.address.trim());
    if (!found) return;
    this.password = found;
    this.address = this.#addressOf();
  }

  #addressOf(): string {
    if (this.host.trim() === '' && this.database.trim() === '') return '';
    return formatAddress(this.profile());
  }
}
