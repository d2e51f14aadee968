export { Client, type Args, type CommandName, type Item, type Reply, type StreamName } from './client';
export { AppError, type ErrorParts } from './error';
export type { Painted, Preferences, Transport } from './transport';
export type * from './generated';
