/** bytea as PostgreSQL writes it (`\x89504e47`), as bytes, as a hex dump, and as the image that it may be. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^\\x(?:[0-9a-f]{2})*$/i.test(text)) return null;
  const bytes = new Uint8Array((text.length - 2) / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(text.slice(2 + at * 2, 4 + at * 2), 16);
  return bytes;
}

const begins = (bytes: Uint8Array, ...signature: number[]): boolean => signature.every((byte, at) => bytes[at] === byte);

/** By its first bytes; null for anything that is not shown as an image. SVG is none: it is a document. */
export function imageType(bytes: Uint8Array): string | null {
  if (begins(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (begins(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (begins(bytes, 0x47, 0x49, 0x46, 0x38)) return 'image/gif';
  const webp = begins(bytes, 0x52, 0x49, 0x46, 0x46) && begins(bytes.subarray(8), 0x57, 0x45, 0x42, 0x50);
  return webp ? 'image/webp' : null;
}

export interface HexLine {
  at: number;
  hex: string;
  text: string;
}

export const HEX_WIDTH = 8;

/** One line of a dump. */
export function hexLine(bytes: Uint8Array, line: number): HexLine {
  const part = Array.from(bytes.subarray(line * HEX_WIDTH, (line + 1) * HEX_WIDTH));
  return {
    at: line * HEX_WIDTH,
    hex: part.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
    text: part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join(''),
  };
}
