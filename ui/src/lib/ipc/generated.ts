// Placeholder until the backend's generator writes this file. Not for editing.
export interface Commands {
  [name: string]: { args: any; reply: any };
}
export interface Streams {
  [name: string]: { args: any; item: any };
}
